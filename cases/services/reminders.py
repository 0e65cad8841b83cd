"""Notes to colleagues: that an update is due, and that a case is closed. Each is sent once."""

import datetime as dt

from django.db import transaction
from django.db.models import F, Q, QuerySet

from cases import notifications
from cases.models import Case, Closure
from csp.actions.notifications import addresses
from csp.agencies.enums import ShareLevel
from csp.audit.services import record
from csp.core.calendar import add_working_days, is_working_day

AT_ONCE = 500


def updates_to_remind(*, today: dt.date) -> list[int]:
    """Open cases whose complainant must hear from us by the next working day, and whose officer has not been
    reminded of that date. Nobody is disturbed on days off.
    """
    if not is_working_day(today):
        return []
    return list(_due(today).order_by("update_due_on", "pk").values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def remind_of_update(*, case_id: int, today: dt.date) -> bool:
    """The stamp and the e-mail go together, so twice is once."""
    held = _due(today).select_related("lead", "officer").select_for_update(of=("self",), skip_locked=True)
    case = held.filter(pk=case_id).first()
    if case is None:
        return False
    to = addresses(case.lead, case.officer)
    if not to:
        return False
    case.update_reminded_for = case.update_due_on
    case.save(update_fields=["update_reminded_for"])
    record("case.update_reminded", target=case, told=len(to))
    notifications.update_due(case, to)
    return True


def _due(today: dt.date) -> QuerySet[Case]:
    told = Q(update_reminded_for=F("update_due_on"))
    return Case.objects.open().filter(update_due_on__lte=add_working_days(today, 1)).exclude(told)


def tell_case_closed(*, closure_id: int, at: dt.datetime) -> int:
    """Every agency that sees the case. Safe to run twice: mail servers know the message by its id."""
    closure = Closure.objects.select_related("case").get(pk=closure_id)
    shares = closure.case.shares.current(at).filter(level__gte=ShareLevel.SUMMARY).order_by("pk")
    partners = [share.to_partner for share in shares.select_related("to_partner")]
    for partner in partners:
        if to := addresses(partner, None):
            notifications.case_closed(closure.case, partner, closure.pk, to)
    return len(partners)


def tell_closing_answered(*, closure_id: int) -> None:
    closure = Closure.objects.select_related("case__lead", "proposed_by").get(pk=closure_id)
    if to := addresses(closure.case.lead, closure.proposed_by):
        notifications.closing_answered(closure.case, closure.pk, to)
