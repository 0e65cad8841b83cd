"""Reminders of what falls due with powers, and the end of those whose time ran out."""

import datetime as dt
from collections import defaultdict

from django.db import transaction

from cases import notifications
from cases.enums import STANDING, InterventionStatus
from cases.models import Intervention
from cases.services.staff import managers
from csp.audit.services import record
from csp.core.calendar import local_day

RAN_OUT = "Its time ran out"
AT_ONCE = 500


def end_those_that_ran_out(*, at: dt.datetime) -> int:
    """Every hour. Safe to run twice, or twice at once: each ends once."""
    over = Intervention.objects.filter(status__in=STANDING, ends_at__lt=at).order_by("ends_at")
    return sum(_run_out(pk, at) for pk in over.values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def _run_out(pk: int, at: dt.datetime) -> bool:
    held = Intervention.objects.select_related("case").select_for_update(of=("self",), skip_locked=True)
    power = held.filter(pk=pk, status__in=STANDING, ends_at__lt=at).first()
    if power is None or power.ends_at is None:
        return False
    power.move_to(InterventionStatus.ENDED)
    power.ended_on, power.outcome = local_day(power.ends_at), RAN_OUT
    power.save(update_fields=["status", "ended_on", "outcome"])
    record("power.ran_out", target=power.case, power=power.pk, kind=power.kind)
    return True


def remind(*, at: dt.datetime) -> int:
    """Every hour: one message to each person about all that became due. Each thing is told of once."""
    groups: dict[tuple[int, int | None], list[int]] = defaultdict(list)
    for power in Intervention.objects.falling_due(at).select_related("case").order_by("pk")[:AT_ONCE]:
        if _news(power, at):
            groups[power.case.lead_id, power.case.officer_id].append(power.pk)
    return sum(_remind(ids, at) for ids in groups.values())


def _news(power: Intervention, at: dt.datetime) -> str:
    """The keys of all that is due, empty where everybody was told of it."""
    keys = [each.key for each in power.falling(at)]
    return "" if set(keys) <= set(power.reminded_of.split()) else " ".join(keys)


@transaction.atomic
def _remind(ids: list[int], at: dt.datetime) -> int:
    held = Intervention.objects.select_related("case__lead", "case__officer")
    due = held.select_for_update(of=("self",), skip_locked=True).falling_due(at).filter(pk__in=ids)
    powers = [power for power in due.order_by("pk") if _news(power, at)]
    if not powers:
        return 0
    to = _whom_to_tell(powers[0], at)
    for power in powers:
        power.reminded_of = _news(power, at)
        power.save(update_fields=["reminded_of"])
        record("power.chased", target=power.case, power=power.pk, told=len(to))
    if to:
        notifications.powers_due([power.case for power in powers], to)
    return len(powers)


def _whom_to_tell(power: Intervention, at: dt.datetime) -> list[str]:
    officer = power.case.officer
    if officer is not None and officer.is_active:
        return [officer.email]
    return list(managers(power.case.lead, local_day(at)).values_list("email", flat=True))
