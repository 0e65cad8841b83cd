"""What happens to a case when a report comes into it, and when one leaves it again."""

import datetime as dt

from cases.models import Case, Report
from cases.services.case_access import restore_report_access
from cases.services.case_people import bring_people, drop_people
from cases.services.cases import take_categories
from cases.services.contact_log import restart_update_clock
from cases.services.risk import risk_after_report, risk_without_report
from csp.agencies.models import User


def report_came(*, case: Case, report: Report, opened: bool, by: User, at: dt.datetime) -> None:
    """The report opened the case or joined it. Part of the decision's transaction, which has its event."""
    restore_report_access(report)
    bring_people(case=case, report=report, by=by, at=at)
    if not opened:
        take_categories(case=case, report=report)
    risk_after_report(case=case, report=report, opened=opened, at=at)
    if opened:
        restart_update_clock(case=case, at=at)


def report_went(*, case: Case, report: Report, by: User, at: dt.datetime) -> None:
    """The decision that brought the report in was undone. The report points to no case any more."""
    restore_report_access(report)
    drop_people(case=case, report=report)
    risk_without_report(case=case, at=at)
