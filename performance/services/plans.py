"""The plan itself, its priorities, and the figures and indicators it starts from."""

import dataclasses
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max, Min

from cases.services.prints import Prints, prints, refuse_unseen
from csp.agencies.models import Partnership, User
from csp.audit.services import record
from csp.core.calendar import Period
from csp.core.errors import RuleBroken
from csp.core.words import date_words
from performance.models import Plan, PlanFigure, PlanIndicator, Priority


class CannotKeepPlan(RuleBroken): ...


@dataclass(frozen=True)
class FigureLine:
    """A figure of the position that a plan starts from."""

    label: str
    period: str
    value: Decimal
    unit: str


@dataclass(frozen=True)
class PlanDetails:
    name: str
    starts_on: dt.date
    ends_on: dt.date
    about: str = ""
    figures: tuple[FigureLine, ...] = ()


@dataclass(frozen=True)
class PriorityDetails:
    name: str
    theme: str = ""
    objective: str = ""
    figures: tuple[FigureLine, ...] = ()
    indicators: tuple[int, ...] = ()
    """Keys of those watched for this priority."""


PLAN_FIELDS = ("name", "starts_on", "ends_on", "about")
PRIORITY_FIELDS = ("name", "theme", "objective")


def prints_of(details: Any) -> Prints:
    return prints({each.name: getattr(details, each.name) for each in dataclasses.fields(details)})


def details_of(plan: Plan) -> PlanDetails:
    said = {name: getattr(plan, name) for name in PLAN_FIELDS}
    return PlanDetails(**said, figures=_lines(plan.figures.filter(priority=None)))


def priority_details(priority: Priority) -> PriorityDetails:
    said = {name: getattr(priority, name) for name in PRIORITY_FIELDS}
    watched = priority.watched.order_by("indicator").values_list("indicator", flat=True)
    return PriorityDetails(**said, figures=_lines(priority.figures.all()), indicators=tuple(watched))


def _lines(figures: Any) -> tuple[FigureLine, ...]:
    return tuple(
        FigureLine(each.label, each.period, each.value.normalize() + 0, each.unit)
        for each in figures.order_by("pk")
    )


@transaction.atomic
def start_plan(*, partnership: Partnership, details: PlanDetails, by: User | None, at: dt.datetime) -> Plan:
    """Raises `CannotKeepPlan`."""
    _check(partnership, details)
    plan = Plan(partnership=partnership, **{name: getattr(details, name) for name in PLAN_FIELDS})
    plan.save(force_insert=True)
    write_figures(plan, None, details.figures)
    record("plan.started", by=by, target=plan)
    return plan


@transaction.atomic
def edit_plan(*, plan: Plan, details: PlanDetails, seen: Prints, by: User, at: dt.datetime) -> Plan:
    """Raises `CannotKeepPlan`, and `ChangedMeanwhile` where somebody else saved first."""
    current = Plan.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=plan.pk)
    before = details_of(current)
    was, becomes = prints_of(before), prints_of(details)
    refuse_unseen(was, seen, before, "plan")
    _check(current.partnership, details, but=current)
    _check_updates(current, details)
    if changed := [name for name in was if becomes[name] != was[name]]:
        for name in PLAN_FIELDS:
            setattr(current, name, getattr(details, name))
        current.save(update_fields=PLAN_FIELDS)
        write_figures(current, None, details.figures)
        record("plan.changed", by=by, target=current, fields=changed)
    return current


def _check(partnership: Partnership, details: PlanDetails, but: Plan | None = None) -> None:
    if details.ends_on < details.starts_on:
        raise CannotKeepPlan("Enter a last day that is not before the first")
    alike = Plan.objects.filter(partnership=partnership, name__iexact=details.name)
    if alike.exclude(pk__in=[but.pk] if but else []).exists():
        raise CannotKeepPlan(f"There is a plan called {details.name} already. Choose another name")


def _check_updates(plan: Plan, details: PlanDetails) -> None:
    told = plan.actions.aggregate(first=Min("updates__quarter"), last=Max("updates__quarter"))
    first, last = told["first"], told["last"]
    if last is not None and details.ends_on < last:
        raise CannotKeepPlan(
            f"Agencies have told of the quarter from {last:%B %Y}. Choose a last day after that"
        )
    if first is not None:
        quarter = Period.quarter_of(first, plan.partnership.year_start)
        if details.starts_on > quarter.last:
            raise CannotKeepPlan(
                f"Agencies have told of the quarter from {first:%B %Y}. Choose a first day no later than "
                f"{date_words(quarter.last)}"
            )


@transaction.atomic
def add_priority(*, plan: Plan, details: PriorityDetails, by: User, at: dt.datetime) -> Priority:
    """Raises `CannotKeepPlan`."""
    current = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    _check_priority(current, details)
    priority = Priority(plan=current, position=next_position(current.priorities))
    write_priority(priority, details)
    record("priority.added", by=by, target=priority, partnership=plan.partnership)
    return priority


@transaction.atomic
def edit_priority(
    *, priority: Priority, details: PriorityDetails, seen: Prints, by: User, at: dt.datetime
) -> Priority:
    """Raises `CannotKeepPlan`, and `ChangedMeanwhile` where somebody else saved first."""
    locked = Priority.objects.select_for_update(of=("self",)).select_related("plan__partnership")
    current = locked.get(pk=priority.pk)
    before = priority_details(current)
    was, becomes = prints_of(before), prints_of(details)
    refuse_unseen(was, seen, before, "priority")
    _check_priority(current.plan, details, but=current)
    if changed := [name for name in was if becomes[name] != was[name]]:
        write_priority(current, details)
        there = current.plan.partnership
        record("priority.changed", by=by, target=current, partnership=there, fields=changed)
    return current


def _check_priority(plan: Plan, details: PriorityDetails, but: Priority | None = None) -> None:
    alike = plan.priorities.filter(name__iexact=details.name, theme__iexact=details.theme)
    if alike.exclude(pk__in=[but.pk] if but else []).exists():
        raise CannotKeepPlan(f"The plan has a priority {details.name} already. Choose another name")
    here = plan.partnership.indicators.filter(pk__in=details.indicators).count()
    if here != len(details.indicators):
        raise CannotKeepPlan("Choose indicators of this partnership")


def next_position(of: Any) -> int:
    return int(of.aggregate(last=Max("position"))["last"] or 0) + 1


def write_priority(priority: Priority, details: PriorityDetails) -> None:
    """Save it with its figures and indicators, unchecked."""
    for name in PRIORITY_FIELDS:
        setattr(priority, name, getattr(details, name))
    priority.save()
    write_figures(priority.plan, priority, details.figures)
    priority.watched.exclude(indicator__in=details.indicators).delete()
    there = set(priority.watched.values_list("indicator", flat=True))
    for position, indicator in enumerate(details.indicators, start=1):
        if indicator not in there:
            PlanIndicator.objects.create(
                plan=priority.plan, priority=priority, indicator_id=indicator, position=position
            )


def write_figures(plan: Plan, priority: Priority | None, lines: tuple[FigureLine, ...]) -> None:
    here = plan.figures.filter(priority=priority)
    if _lines(here) == lines:
        return
    here.delete()
    for each in lines:
        PlanFigure.objects.create(plan=plan, priority=priority, **dataclasses.asdict(each))
