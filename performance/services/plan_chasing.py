"""Reminding agencies of the updates that are still missing: one e-mail for each plan and quarter."""

import datetime as dt

from django.db import transaction

from csp.agencies.models import Partner
from csp.audit.services import record
from csp.core.calendar import add_working_days, is_working_day, local_day
from performance.models import Plan, PlanChase
from performance.models.plan_quarters import asked_quarter, due_on
from performance.notifications import plans as notices

REMIND_AFTER = 5
"""Working days after the end of a quarter."""
Waiting = tuple[int, int]
"""Of a plan and of an agency."""


def to_chase(*, today: dt.date) -> list[Waiting]:
    """Whose update is missing, and who was not told so. Nobody is disturbed on days off."""
    if not is_working_day(today):
        return []
    plans = Plan.objects.select_related("partnership").order_by("pk")
    return [(plan.pk, partner) for plan in plans for partner in _waiting(plan, today)]


def _waiting(plan: Plan, today: dt.date) -> list[int]:
    quarter = asked_quarter(plan.partnership, today)
    if today < add_working_days(quarter.last, REMIND_AFTER):
        return []
    told = PlanChase.objects.filter(plan=plan, quarter=quarter.first).values("partner")
    missing = plan.actions.missing_in(quarter).values("pk")
    leads = Partner.objects.current(today).filter(plan_actions__in=missing).exclude(pk__in=told)
    return list(leads.order_by("pk").distinct().values_list("pk", flat=True))


@transaction.atomic
def chase(*, plan_id: int, partner_id: int, at: dt.datetime) -> bool:
    """The stamp and the e-mail go together, so twice is once. An agency without an address gets no stamp."""
    locked = Plan.objects.select_for_update(of=("self",)).select_related("partnership")
    plan, today = locked.get(pk=plan_id), local_day(at)
    if partner_id not in _waiting(plan, today):
        return False
    partner = Partner.objects.get(pk=partner_id)
    quarter = asked_quarter(plan.partnership, today)
    actions = list(plan.actions.missing_in(quarter).filter(leads=partner))
    to = notices.addresses(partner, actions, today)
    if not to:
        return False
    PlanChase.objects.create(plan=plan, partner=partner, quarter=quarter.first, told_at=at)
    record("plan.chased", target=plan, partner=partner, quarter=quarter.name, actions=len(actions))
    notices.updates_wanted(plan, quarter, len(actions), due_on(quarter), to)
    return True
