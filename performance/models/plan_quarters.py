"""The quarters of a plan: which there are, which one is asked about now, and until when."""

import datetime as dt

from csp.agencies.models import Partnership
from csp.core.calendar import Period, add_working_days
from csp.core.errors import RuleBroken
from performance.models.plans import Plan

ANSWER_WITHIN = 10
"""Working days after the end of a quarter."""
ONE_DAY = dt.timedelta(days=1)


class NoSuchQuarter(RuleBroken):
    """The plan has no such quarter, or it has not begun."""


def quarter_of(partnership: Partnership, day: dt.date) -> Period:
    return Period.quarter_of(day, partnership.year_start)


def key_of(quarter: Period) -> str:
    """As addresses write it: 2021-22-Q4"""
    return quarter.name.replace(" ", "-")


def asked_quarter(partnership: Partnership, today: dt.date) -> Period:
    """The last one that is over: agencies say how it went."""
    running = quarter_of(partnership, today)
    return quarter_of(partnership, running.first - ONE_DAY)


def due_on(quarter: Period) -> dt.date:
    return add_working_days(quarter.last, ANSWER_WITHIN)


def quarters_of(plan: Plan, today: dt.date) -> list[Period]:
    """From the plan's first to the one that runs now, the oldest first."""
    found = []
    day = plan.starts_on
    while day <= min(plan.ends_on, today):
        found.append(quarter_of(plan.partnership, day))
        day = found[-1].last + ONE_DAY
    return found


def shown_quarter(plan: Plan, today: dt.date) -> Period | None:
    """What a page opens with: the quarter asked about, else the newest. None before the plan begins."""
    begun = quarters_of(plan, today)
    asked = asked_quarter(plan.partnership, today)
    return asked if asked in begun else begun[-1] if begun else None


def read_quarter(plan: Plan, key: str, today: dt.date) -> Period:
    """The quarter of an address. Raises `NoSuchQuarter`."""
    found = next((each for each in quarters_of(plan, today) if key_of(each) == key), None)
    if found is None:
        raise NoSuchQuarter(f"{plan} has no quarter {key} that has begun")
    return found
