import datetime as dt
from collections import defaultdict

from django.db import transaction

from cases import notifications
from cases.models import Report
from cases.services.staff import managers
from csp.audit.services import record
from csp.core.calendar import local_day

AT_ONCE = 500


def chase_triage(*, at: dt.datetime) -> int:
    """Tell officers, or where nobody has the report its partner's managers, of triage that is late. Once."""
    late = Report.objects.awaiting_triage().late(at).filter(chased_at=None)
    pairs = late.order_by("clock_due_at").values_list("pk", "lead", "officer")[:AT_ONCE]
    groups: dict[tuple[int, int | None], list[int]] = defaultdict(list)
    for pk, lead, officer in pairs:
        groups[lead, officer].append(pk)
    return sum(_chase(ids, at) for ids in groups.values())


@transaction.atomic
def _chase(ids: list[int], at: dt.datetime) -> int:
    """Reports of one partner and one officer. Locked while the message goes out: a second run passes by."""
    held = Report.objects.select_for_update(of=("self",), skip_locked=True)
    late = list(held.awaiting_triage().filter(pk__in=ids, chased_at=None).in_queue_order())
    if not late:
        return 0
    to = _whom_to_tell(late[0], at)
    for report in late:
        report.chased_at = at
        record("report.chased", target=report, told=len(to))
    Report.objects.bulk_update(late, ["chased_at"])
    if to:
        notifications.triage_late(late, to)
    return len(late)


def _whom_to_tell(report: Report, at: dt.datetime) -> list[str]:
    if report.officer is not None and report.officer.is_active:
        return [report.officer.email]
    told = list(managers(report.lead, local_day(at)).values_list("email", flat=True))
    return told or [address for address in (report.lead.email,) if address]
