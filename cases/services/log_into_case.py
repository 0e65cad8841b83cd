import datetime as dt
from typing import Any

from django.db import transaction

from cases.enums import ReportStatus
from cases.models import Case, Report
from cases.services.decisions import Verdict, decide
from cases.services.reports import log_report
from cases.services.titles import suggested_title
from csp.agencies.models import User

WHEN_LATE = "It was entered after it was due"


@transaction.atomic
def log_into_case(*, case: Case | None, by: User, at: dt.datetime, **logged: Any) -> Report:
    """Log a report and decide at once: it joins `case`, or opens a case of its own where that is None.

    `logged` is what `log_report` takes.
    """
    report = log_report(by=by, at=at, **logged)
    if not report.awaits_triage:  # the form came twice
        return report
    verdict = Verdict(
        outcome=ReportStatus.CASE_OPENED if case is None else ReportStatus.JOINED,
        reason="The officer who logged it opened a case" if case is None else "It belongs to this open case",
        breach_reason=WHEN_LATE,
        title=suggested_title(report),
        case=case,
    )
    decide(report=report, verdict=verdict, by=by, at=at)
    report.refresh_from_db()
    return report
