"""Reminding who leads of the updates that are still missing: one e-mail for each plan and quarter."""

import datetime as dt
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from csp.agencies.enums import CASEWORK_ROLES
from csp.agencies.models import Membership, Partner
from csp.audit.services import record
from csp.core.calendar import Period, add_working_days, is_working_day, local_day
from performance import tasks
from performance.models import Plan, PlanAction, PlanChase
from performance.models.plan_quarters import asked_quarter, due_on
from performance.models.readers import EXPLORERS
from performance.notifications import plans as notices

REMIND_AFTER = 5
"""Working days after the end of a quarter."""


class Waiting(NamedTuple):
    """An agency that leads, or somebody whom an action names without one of theirs leading it."""

    plan: int
    partner: int | None = None
    person: int | None = None


def to_chase(*, today: dt.date) -> list[Waiting]:
    """Whose update is missing, and who was not told so. Nobody is disturbed on days off."""
    if not is_working_day(today):
        return []
    plans = Plan.objects.select_related("partnership").order_by("pk")
    return [waiting for plan in plans for waiting in _waiting(plan, today)]


def _waiting(plan: Plan, today: dt.date) -> list[Waiting]:
    quarter = asked_quarter(plan.partnership, today)
    if today < add_working_days(quarter.last, REMIND_AFTER):
        return []
    told = PlanChase.objects.filter(plan=plan, quarter=quarter.first)
    agencies = Partner.objects.current(today).filter(
        plan_actions__in=plan.actions.missing_in(quarter).values("pk")
    )
    agencies = agencies.exclude(pk__in=told.exclude(partner=None).values("partner"))
    people = _named_alone(plan, quarter, today).exclude(person__in=told.exclude(person=None).values("person"))
    partners = agencies.order_by("pk").distinct().values_list("pk", flat=True)
    persons = people.order_by("person").distinct().values_list("person", flat=True)
    return [
        *(Waiting(plan.pk, partner=pk) for pk in partners),
        *(Waiting(plan.pk, person=pk) for pk in persons),
    ]


def _named_alone(plan: Plan, quarter: Period, today: dt.date) -> QuerySet[PlanAction]:
    """Missing ones that name somebody who would not hear of it with an agency that leads it."""
    seats = Membership.objects.current(today).filter(user=OuterRef("person"), user__is_active=True)
    here = seats.filter(partner__partnership=plan.partnership_id, role__in=EXPLORERS)
    with_agency = seats.filter(partner__plan_actions=OuterRef("pk"), role__in=CASEWORK_ROLES)
    return plan.actions.missing_in(quarter).filter(Exists(here)).exclude(Exists(with_agency))


def _missing(waiting: Waiting, plan: Plan, quarter: Period, today: dt.date) -> QuerySet[PlanAction]:
    if waiting.person is not None:
        return _named_alone(plan, quarter, today).filter(person=waiting.person)
    return plan.actions.missing_in(quarter).filter(leads=waiting.partner)


@transaction.atomic
def chase(waiting: Waiting, *, at: dt.datetime) -> bool:
    """The stamp and the orders for the e-mails go together, so twice is once. An agency without an address
    gets no stamp.
    """
    locked = Plan.objects.select_for_update(of=("self",)).select_related("partnership")
    plan, today = locked.get(pk=waiting.plan), local_day(at)
    if waiting not in _waiting(plan, today):
        return False
    quarter = asked_quarter(plan.partnership, today)
    actions = list(_missing(waiting, plan, quarter, today))
    partner, to = _whom(waiting, plan, actions, today)
    if not to:
        return False
    made = PlanChase.objects.create(
        plan=plan, partner_id=waiting.partner, person_id=waiting.person, quarter=quarter.first, told_at=at
    )
    more: dict[str, Any] = {"person": waiting.person} if waiting.person else {}
    record("plan.chased", target=plan, partner=partner, quarter=quarter.name, actions=len(actions), **more)
    for address in to:
        tasks.tell_plan_chase.delay_on_commit(chase_id=made.pk, to=address)
    return True


def _whom(
    waiting: Waiting, plan: Plan, actions: list[PlanAction], today: dt.date
) -> tuple[Partner | None, list[str]]:
    if waiting.partner is not None:
        partner = Partner.objects.get(pk=waiting.partner)
        return partner, notices.addresses(partner, actions, today)
    here = Membership.objects.current(today).filter(partner__partnership=plan.partnership_id)
    named = here.filter(user__in=[each.person_id for each in actions], role__in=EXPLORERS)
    seat = named.select_related("partner", "user").order_by("pk").first()
    return (seat.partner, [seat.user.email]) if seat else (None, [])


def tell(*, chase_id: int, to: str, at: dt.datetime) -> None:
    """One e-mail to one address, so that one that fails is tried again alone. None where all is told."""
    chased = PlanChase.objects.select_related("plan__partnership").get(pk=chase_id)
    plan, today = chased.plan, local_day(at)
    quarter = Period.quarter_of(chased.quarter, plan.partnership.year_start)
    number = _missing(Waiting(plan.pk, chased.partner_id, chased.person_id), plan, quarter, today).count()
    if number:
        notices.updates_wanted(plan, quarter, number, due_on(quarter), to, alone=chased.person_id is not None)
