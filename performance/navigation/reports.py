"""This quarter's report and its state, for managers; the latest report, for the board."""

import datetime as dt

from csp.agencies.enums import Role
from csp.agencies.models import Partnership, User
from csp.agencies.navigation import Panel, register_panel
from csp.core.calendar import Period, local_day
from performance.enums import ReportKind
from performance.models import PerformanceReport


def due(partnership: Partnership, today: dt.date) -> tuple[Period, PerformanceReport | None]:
    """The quarter that ended last, and its report where somebody has begun it."""
    this = Period.quarter_of(today, partnership.year_start)
    period = Period.quarter_of(this.first - dt.timedelta(days=1), partnership.year_start)
    there = PerformanceReport.objects.filter(
        partnership=partnership, kind=ReportKind.QUARTERLY, first_on=period.first
    )
    return period, there.order_by("-made_at", "-pk").first()


def quarter_due(user: User, partnership: Partnership, at: dt.datetime) -> Panel | None:
    """Of the quarter that ended last, whether or not anybody has begun its report."""
    if not user.has_role(Role.MANAGER, partnership=partnership):
        return None
    period, report = due(partnership, local_day(at))
    key = period.name.replace(" ", "-")
    return Panel(
        "Quarterly report",
        "performance/_panel_quarter.html",
        {"period": period, "key": key, "report": report},
    )


def latest_report(user: User, partnership: Partnership, at: dt.datetime) -> Panel | None:
    if not user.has_role(Role.BOARD, partnership=partnership):
        return None
    found = PerformanceReport.objects.visible_to(user).filter(partnership=partnership).published()
    report = found.standing().order_by("-last_on", "-published_at", "-pk").first()
    return Panel("The latest report", "performance/_panel_latest.html", {"report": report})


def join_in() -> None:
    register_panel(quarter_due, position=60)
    register_panel(latest_report, position=5)
