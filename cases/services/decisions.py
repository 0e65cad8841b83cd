"""Triage decides what becomes of a report. Of two who decide at once, the second is told what was decided."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from cases.enums import ReportStatus
from cases.models import Case, Decision, Report
from cases.services.case_reports import report_came
from cases.services.cases import lock_to_join, open_case_from
from cases.services.contacts import tell_decision
from cases.services.refer import Referral, refer
from cases.services.reweigh import weigh_again_after
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.errors import RuleBroken
from csp.core.words import moment_words


class CannotDecide(RuleBroken): ...


class AlreadyDecided(CannotDecide): ...


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What an officer decides. Beside the outcome and its reason, only what that outcome needs."""

    outcome: str
    reason: str
    breach_reason: str = ""
    title: str = ""
    officer: User | None = None
    case: Case | None = None
    referral: Referral | None = None
    advice: str = ""
    duplicate_of: Report | None = None


@transaction.atomic
def decide(*, report: Report, verdict: Verdict, by: User, at: dt.datetime) -> Decision:
    """Stop the clock, do what was decided, and get the caller told. Raises `RuleBroken`."""
    current = _lock(report, verdict.duplicate_of)
    if not current.awaits_triage:
        raise AlreadyDecided(who_decided(current))
    parts = CARRY_OUT[verdict.outcome](current, verdict, by, at)
    current.case = parts.get("case")
    current.move_to(verdict.outcome)
    if current.clock_started_at is not None:
        current.stop_clock(at, verdict.breach_reason)
    if current.officer_id is None:
        current.officer, current.claimed_at = by, at
    current.save(update_fields=CHANGED)
    decision = Decision.objects.create(
        report=current, outcome=verdict.outcome, reason=verdict.reason, by=by, at=at, **parts
    )
    if decision.case is not None:
        opened = verdict.outcome == ReportStatus.CASE_OPENED
        report_came(case=decision.case, report=current, opened=opened, by=by, at=at)
    if verdict.outcome == ReportStatus.DUPLICATE:
        weigh_again_after(report=current)
    record("report.decided", by=by, target=current, reason=verdict.reason, outcome=verdict.outcome)
    tell_decision(decision=decision, by=by, at=at)
    return decision


CHANGED = [
    "status",
    "case",
    "officer",
    "claimed_at",
    "case_review_notice_due",
    "clock_stopped_at",
    "clock_paused_at",
    "clock_due_at",
    "clock_amber_at",
    "clock_breach_reason",
]


def _lock(report: Report, other: Report | None) -> Report:
    """Both reports of a duplicate are held, always in one order, so that nobody waits in a ring."""
    ids = [report.pk, *([other.pk] if other else [])]
    held = Report.objects.select_for_update(of=("self",))
    return {each.pk: each for each in held.filter(pk__in=ids).order_by("pk")}[report.pk]


def who_decided(report: Report) -> str:
    stands = report.decisions.select_related("by").filter(undone_at=None).first()
    if stands is None:
        return f"{report} does not wait for triage: {report.get_status_display()}"
    return f"{stands.by} decided this on {moment_words(stands.at)}: {stands.get_outcome_display()}"


def _open_case(report: Report, verdict: Verdict, by: User, at: dt.datetime) -> dict[str, Any]:
    case = open_case_from(report=report, title=verdict.title, officer=verdict.officer or by, by=by, at=at)
    return {"case": case}


def _join(report: Report, verdict: Verdict, by: User, at: dt.datetime) -> dict[str, Any]:
    if verdict.case is None:
        raise CannotDecide("Choose the case that this report joins")
    return {"case": lock_to_join(case=verdict.case, report=report)}


def _refer(report: Report, verdict: Verdict, by: User, at: dt.datetime) -> dict[str, Any]:
    if verdict.referral is None:
        raise CannotDecide("Choose the agency that this report goes to")
    return refer(report=report, referral=verdict.referral, by=by, at=at)


def _advise(report: Report, verdict: Verdict, by: User, at: dt.datetime) -> dict[str, Any]:
    return {"advice": verdict.advice}


def _duplicate(report: Report, verdict: Verdict, by: User, at: dt.datetime) -> dict[str, Any]:
    """The original is no duplicate itself, so duplicates never point at each other in a ring."""
    if verdict.duplicate_of is None:
        raise CannotDecide("Enter the report that this one repeats")
    if verdict.duplicate_of.pk == report.pk:
        raise CannotDecide("A report cannot be a duplicate of itself")
    original = Report.objects.get(pk=verdict.duplicate_of.pk)
    if original.partnership_id != report.partnership_id:
        raise CannotDecide(f"{original} belongs to another partnership")
    if original.status == ReportStatus.DUPLICATE:
        points_to = original.decisions.get(undone_at=None).duplicate_of
        raise CannotDecide(f"{original} is itself a duplicate of {points_to}. Enter the original")
    report.case_review_notice_due = False
    return {"duplicate_of": original}


CARRY_OUT: dict[str, Callable[[Report, Verdict, User, dt.datetime], dict[str, Any]]] = {
    ReportStatus.CASE_OPENED: _open_case,
    ReportStatus.JOINED: _join,
    ReportStatus.REFERRED: _refer,
    ReportStatus.ADVICE: _advise,
    ReportStatus.NOT_ASB: _advise,
    ReportStatus.DUPLICATE: _duplicate,
}
