"""The actions of a plan, with the measures by which each is judged."""

import dataclasses
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from cases.services.prints import Prints, refuse_unseen
from csp.agencies.models import Membership, User
from csp.audit.services import record
from csp.core.calendar import local_day
from performance.enums import Frequency, MeasureKind
from performance.models import Plan, PlanAction, PlanMeasure, Priority
from performance.models.readers import EXPLORERS
from performance.services.over_time import measure_over_time
from performance.services.plans import CannotKeepPlan, next_position, prints_of

LONGEST, LONGEST_LINE = 5_000, 2_000
"""Characters of a text, and of what is one line of a form."""


@dataclass(frozen=True)
class MeasureLine:
    text: str
    kind: str = MeasureKind.NARRATIVE.value
    unit: str = ""
    target: Decimal | None = None
    baseline: Decimal | None = None
    measure: str = ""
    """The name of a measure of ours that counts it."""


@dataclass(frozen=True)
class ActionDetails:
    """`leads` and `see_also` are keys, sorted."""

    priority: int
    ref: str
    what: str
    how: str = ""
    why: str = ""
    youth: str = ""
    youth_note: str = ""
    lead_words: str = ""
    leads: tuple[int, ...] = ()
    person: int | None = None
    due_on: dt.date | None = None
    frequency: str = Frequency.QUARTERLY.value
    see_also: tuple[int, ...] = ()
    measures: tuple[MeasureLine, ...] = ()


COLUMNS = ("ref", "what", "how", "why", "youth", "youth_note", "lead_words", "due_on", "frequency")


def details_of(action: PlanAction) -> ActionDetails:
    return ActionDetails(
        **{name: getattr(action, name) for name in COLUMNS},
        priority=action.priority_id,
        person=action.person_id,
        leads=tuple(sorted(each.pk for each in action.leads.all())),
        see_also=tuple(sorted(each.pk for each in action.see_also.all())),
        measures=tuple(line_of(each) for each in action.measures.order_by("position", "pk")),
    )


def line_of(measure: PlanMeasure) -> MeasureLine:
    said = {each.name: getattr(measure, each.name) for each in dataclasses.fields(MeasureLine)}
    for name in ("target", "baseline"):
        said[name] = None if said[name] is None else said[name].normalize() + 0
    return MeasureLine(**said)


@transaction.atomic
def add_action(*, plan: Plan, details: ActionDetails, by: User, at: dt.datetime) -> PlanAction:
    """Raises `CannotKeepPlan`."""
    current = Plan.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=plan.pk)
    _check(current, details, at)
    action = PlanAction(plan=current, position=next_position(current.actions))
    write_action(action, details)
    record("plan_action.added", by=by, target=action, partnership=current.partnership)
    return action


@transaction.atomic
def edit_action(
    *, action: PlanAction, details: ActionDetails, seen: Prints, by: User, at: dt.datetime
) -> PlanAction:
    """Raises `CannotKeepPlan`, and `ChangedMeanwhile` where somebody else saved first."""
    locked = PlanAction.objects.select_for_update(of=("self",)).select_related("plan__partnership")
    current = locked.get(pk=action.pk)
    before = details_of(current)
    was, becomes = prints_of(before), prints_of(details)
    refuse_unseen(was, seen, before, "action")
    _check(current.plan, details, at, but=current)
    if changed := [name for name in was if becomes[name] != was[name]]:
        write_action(current, details)
        there = current.plan.partnership
        record("plan_action.changed", by=by, target=current, partnership=there, fields=changed)
    return current


def _check(plan: Plan, details: ActionDetails, at: dt.datetime, but: PlanAction | None = None) -> None:
    others = plan.actions.exclude(pk__in=[but.pk] if but else [])
    if others.filter(ref__iexact=details.ref).exists():
        raise CannotKeepPlan(f"The plan has an action {details.ref} already. Choose another number")
    if not Priority.objects.filter(plan=plan, pk=details.priority).exists():
        raise CannotKeepPlan("Choose a priority of this plan")
    if others.filter(pk__in=details.see_also).count() != len(details.see_also):
        raise CannotKeepPlan("Name other actions of this plan")
    if plan.partnership.partners.filter(pk__in=details.leads).count() != len(details.leads):
        raise CannotKeepPlan("Choose agencies of this partnership")
    if any(each.measure and not measure_over_time(each.measure) for each in details.measures):
        raise CannotKeepPlan("Choose measures that count a period, not what stands now")
    if details.person is not None and details.person != (but and but.person_id):
        seats = Membership.objects.current(local_day(at)).filter(
            user=details.person, partner__partnership=plan.partnership, role__in=EXPLORERS
        )
        if not seats.exists():
            raise CannotKeepPlan("Choose somebody who works in this partnership now")


def write_action(action: PlanAction, details: ActionDetails) -> None:
    """Save it with its leads, links and measures, unchecked."""
    for name in COLUMNS:
        setattr(action, name, getattr(details, name))
    action.priority_id, action.person_id = details.priority, details.person
    action.save()
    action.leads.set(details.leads)
    action.see_also.set(details.see_also)
    there = {each.position: each for each in action.measures.all()}
    for position, line in enumerate(details.measures, start=1):
        measure = there.pop(position, None) or PlanMeasure(action=action, position=position)
        if measure.pk is None or line_of(measure) != line:
            for name, value in vars(line).items():
                setattr(measure, name, value)
            measure.save()
    PlanMeasure.objects.filter(pk__in=[each.pk for each in there.values()]).delete()
