"""Taking a triage decision back on the day it was made. It stays in the record, undone."""

import datetime as dt

from django.db import transaction

from cases.enums import ReportStatus
from cases.models import Decision, Report
from cases.services.assessment import weigh
from cases.services.case_reports import report_went
from cases.services.cases import cancel_if_bare
from cases.services.contacts import withdraw_untold
from cases.services.refer import call_back
from cases.services.reweigh import weigh_again_after
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken


class CannotUndo(RuleBroken): ...


def can_undo(decision: Decision, at: dt.datetime) -> bool:
    """Only until midnight of the day it was made, in London: later, others have relied on it."""
    return decision.undone_at is None and local_day(decision.at) == local_day(at)


@transaction.atomic
def undo(*, report: Report, reason: str, by: User, at: dt.datetime) -> list[str]:
    """Put the report back in the queue as it was. Returns, in words, what could not be taken back."""
    current = Report.objects.select_related("partnership").select_for_update(of=("self",)).get(pk=report.pk)
    decision = (
        current.decisions.select_related("case", "share__to_partner", "action", "by")
        .filter(undone_at=None)
        .first()
    )
    if decision is None:
        raise CannotUndo(f"{current} waits for triage already. Somebody else undid the decision")
    if not can_undo(decision, at):
        raise CannotUndo("A decision can be undone on the day it was made. Open or join a case instead")
    decision.report = current
    decision.undone_at, decision.undone_by, decision.undo_reason = at, by, reason
    decision.save(update_fields=["undone_at", "undone_by", "undo_reason"])
    current.move_to(ReportStatus.NEW)
    current.case = None
    if current.clock_stopped_at is not None:
        current.undo_stop_clock()
    current.save(update_fields=["status", "case", "clock_stopped_at", "clock_breach_reason"])
    left = _take_back(decision, reason, by, at)
    record("report.decision_undone", by=by, target=current, reason=reason, outcome=decision.outcome)
    return left


def _take_back(decision: Decision, reason: str, by: User, at: dt.datetime) -> list[str]:
    left: list[str] = []
    case = decision.case
    if case is not None:
        report_went(case=case, report=decision.report, by=by, at=at)
        opened = decision.outcome == ReportStatus.CASE_OPENED
        if opened and not cancel_if_bare(case=case, reason=reason, by=by, at=at):
            left.append(f"Case {case} stays open, because other work hangs on it")
    if decision.outcome == ReportStatus.REFERRED:
        call_back(decision=decision, reason=reason, by=by, at=at)
    if decision.outcome == ReportStatus.DUPLICATE:
        weigh(report=decision.report)
        weigh_again_after(report=decision.report)
    _withdrawn, told = withdraw_untold(decision=decision, by=by, at=at)
    if told:
        left.append("The caller has been told already. Tell them that this has changed")
    return left
