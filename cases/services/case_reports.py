"""What happens to a case when a report comes into it, and when one leaves it again."""

import datetime as dt

from cases.models import Case, Report
from cases.services.cases import take_categories, weigh_case
from csp.agencies.models import User


def report_came(*, case: Case, report: Report, opened: bool, by: User, at: dt.datetime) -> None:
    """The report opened the case or joined it. Part of the decision's transaction, which has its event."""
    if not opened:
        take_categories(case=case, report=report)
    weigh_case(case)


def report_went(*, case: Case, report: Report, by: User, at: dt.datetime) -> None:
    """The decision that brought the report in was undone. The report points to no case any more."""
    weigh_case(case)
