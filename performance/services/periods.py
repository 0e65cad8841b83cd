"""Which periods can be asked for, and what each is compared with."""

import datetime as dt
from collections.abc import Iterable

from csp.agencies.measures import Measure
from csp.agencies.models import Partnership
from csp.core.calendar import Period, add_months
from performance.services.report_periods import (
    before,
    is_month,
    is_quarter,
    key_of,
    quarters_of,
    recorded_since,
)

__all__ = ["before", "is_month", "is_quarter", "key_of", "quarters_of"]

QUARTERS_SHOWN, MONTHS_SHOWN = 8, 13
"""Two years of quarters, and a year of months with the same month of the year before."""
ONE_DAY = dt.timedelta(days=1)


def choices(since: dt.date, today: dt.date, first_month: int) -> list[Period]:
    """Each year from the first record to now with its quarters that have begun, the newest first."""
    year = Period.year_of(today, first_month)
    found: list[Period] = []
    while year.last >= since or not found:
        found += [year, *(each for each in quarters_of(year, first_month)[::-1] if each.first <= today)]
        year = before(year, first_month)
    return found


def month_of(key: str, since: dt.date, today: dt.date) -> Period | None:
    """The month that an address names (`March-2022`), from the month of `since` to this one."""
    month = _month(since.replace(day=1))
    while month.first <= today:
        if key_of(month) == key:
            return month
        month = _month(add_months(month.first, 1))
    return None


def first_day(partnership: Partnership, measures: Iterable[Measure], today: dt.date) -> dt.date:
    """From which on the partnership has records that any of the measures counts."""
    return min(recorded_since(partnership, list(measures)).values(), default=today)


def is_running(period: Period, today: dt.date) -> bool:
    return period.first <= today < period.last


def comparable(earlier: Period, period: Period, today: dt.date) -> Period:
    """As much of the earlier period as there has been of this one: a quarter of which five weeks have gone is
    compared with the first five weeks of the other.
    """
    if not is_running(period, today):
        return earlier
    return Period(earlier.first, min(earlier.last, earlier.first + (today - period.first)), earlier.name)


def points_up_to(day: dt.date, first_month: int, *, monthly: bool) -> list[Period]:
    """What a trend shows, the oldest first. The last one holds that day."""
    if monthly:
        first = day.replace(day=1)
        return [_month(add_months(first, -back)) for back in range(MONTHS_SHOWN)][::-1]
    quarter = Period.quarter_of(day, first_month)
    found: list[Period] = []
    for _ in range(QUARTERS_SHOWN):
        found.append(quarter)
        quarter = before(quarter, first_month)
    return found[::-1]


def with_whole_quarters(months: list[Period], first_month: int) -> list[Period]:
    """These months, and before them those that their first quarter begins with."""
    found = list(months)
    while found[0].first > Period.quarter_of(found[0].first, first_month).first:
        found.insert(0, _month(add_months(found[0].first, -1)))
    return found


def quarters_with(points: list[Period], first_month: int) -> list[Period]:
    return list(dict.fromkeys(Period.quarter_of(each.first, first_month) for each in points))


def short_name(point: Period) -> str:
    """As an axis has room for: Q4 21-22, Mar 22."""
    if is_month(point):
        return f"{point.first:%b %y}"
    year, _, quarter = point.name.rpartition(" ")
    return f"{quarter} {year[2:]}"


def _month(first: dt.date) -> Period:
    return Period(first, add_months(first, 1) - ONE_DAY, f"{first:%B %Y}")


def is_within(point: Period, period: Period) -> bool:
    return period.first <= point.first and point.last <= period.last
