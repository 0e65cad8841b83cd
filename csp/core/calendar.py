"""Days as a council counts them: working days, months, quarters and years of England and Wales.

Functions here take and give plain dates, except those that turn a moment into a local day and back. A moment
belongs to the day it falls on in London, whatever the server's own time zone says.
"""

import datetime as dt
import re
from bisect import bisect_left, bisect_right
from calendar import monthrange
from dataclasses import dataclass
from functools import cache
from typing import Self
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
SATURDAY = 5
MONTHS_A_YEAR = 12
MONTHS_A_QUARTER = 3
APRIL = 4
PERIOD_NAME = re.compile(r"(?P<year>\d{4})(?:-(?P<next>\d{2}))?(?:[- ]Q(?P<quarter>[1-4]))?")


def local_day(at: dt.datetime) -> dt.date:
    """The day in London on which this moment falls."""
    return at.astimezone(LONDON).date()


def start_of_day(day: dt.date) -> dt.datetime:
    """The first moment of a local day. Days on which the clocks change have 23 or 25 hours; this copes."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=LONDON).astimezone(dt.UTC)


def end_of_day(day: dt.date) -> dt.datetime:
    """The last moment of a local day, as finely as the database keeps time."""
    return dt.datetime.combine(day, dt.time.max, tzinfo=LONDON).astimezone(dt.UTC)


@cache
def bank_holiday_names(year: int) -> dict[dt.date, str]:
    """Bank holidays of England and Wales in a year, one-off ones such as the 2022 jubilee included."""
    found = holidays.country_holidays("GB", subdiv="ENG", years=year)
    return {day: name.replace("(observed)", "(substitute day)") for day, name in found.items()}


@cache
def bank_holidays(year: int) -> frozenset[dt.date]:
    return frozenset(bank_holiday_names(year))


@cache
def _working_days(year: int) -> tuple[dt.date, ...]:
    """Every working day of a year in order. Kept, so that counting over months costs two binary searches."""
    first = dt.date(year, 1, 1).toordinal()
    days = (dt.date.fromordinal(first + n) for n in range((dt.date(year, 12, 31).toordinal() - first) + 1))
    closed = bank_holidays(year)
    return tuple(day for day in days if day.weekday() < SATURDAY and day not in closed)


def is_working_day(day: dt.date) -> bool:
    return day.weekday() < SATURDAY and day not in bank_holidays(day.year)


def add_working_days(day: dt.date, n: int) -> dt.date:
    """The nth working day after `day`, which itself does not count; before it when `n` is negative.

    Nought gives the day itself, or the next working day where it is not one: what comes in on a Saturday
    "for today" is for Monday.
    """
    year, days = day.year, _working_days(day.year)
    position = bisect_right(days, day) + n - 1 if n > 0 else bisect_left(days, day) + n
    while position >= len(days):
        position -= len(days)
        year += 1
        days = _working_days(year)
    while position < 0:
        year -= 1
        days = _working_days(year)
        position += len(days)
    return days[position]


def working_days_between(start: dt.date, end: dt.date) -> int:
    """Working days after `start` up to and including `end`; negative where `end` comes first.

    Additive: from a to b and from b to c make from a to c.
    """
    if end < start:
        return -working_days_between(end, start)
    before_start = bisect_right(_working_days(start.year), start)
    before_end = sum(len(_working_days(year)) for year in range(start.year, end.year))
    return before_end + bisect_right(_working_days(end.year), end) - before_start


def add_months(day: dt.date, n: int) -> dt.date:
    """The corresponding date `n` months on (or back), or the last day of that month where it has no such
    date.

    This is how one says "a month from now". For a limit in law or guidance "beginning with the date" use
    `months_beginning_with`, which ends a day earlier.
    """
    month = day.year * MONTHS_A_YEAR + day.month - 1 + n
    year, month = month // MONTHS_A_YEAR, month % MONTHS_A_YEAR + 1
    return dt.date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True, order=True)
class Period:
    """A span of whole days, both ends included, with the name that reports print."""

    first: dt.date
    last: dt.date
    name: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"A period cannot end ({self.last}) before it begins ({self.first})")

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return self.name or f"{self.first:%-d %B %Y} to {self.last:%-d %B %Y}"

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def starts_at(self) -> dt.datetime:
        """First moment: `filter(received_at__gte=period.starts_at, received_at__lt=period.ends_at)`."""
        return start_of_day(self.first)

    @property
    def ends_at(self) -> dt.datetime:
        """The moment just after the period."""
        return start_of_day(self.last + dt.timedelta(days=1))

    @classmethod
    def named(cls, name: str) -> Self:
        """The period that reports call `2021-22` or `2021-22-Q4` (financial), `2021` or `2021-Q4`
        (calendar).
        """
        match = PERIOD_NAME.fullmatch(name.strip())
        if not match:
            raise ValueError(f"{name!r} is not a period. Write it like 2021-22, 2021-22-Q4, 2021 or 2021-Q4")
        year = int(match["year"])
        if match["next"] and int(match["next"]) != (year + 1) % 100:
            raise ValueError(f"{name!r} is not a financial year: {year} is followed by {(year + 1) % 100:02}")
        first_month = APRIL if match["next"] else 1
        if match["quarter"]:
            return cls._quarter(year, int(match["quarter"]), first_month)
        return cls._year(year, first_month)

    @classmethod
    def _year(cls, year: int, first_month: int) -> Self:
        first = dt.date(year, first_month, 1)
        name = f"{year}" if first_month == 1 else f"{year}-{(year + 1) % 100:02}"
        return cls(first, add_months(first, MONTHS_A_YEAR) - dt.timedelta(days=1), name)

    @classmethod
    def _quarter(cls, year: int, quarter: int, first_month: int) -> Self:
        whole = cls._year(year, first_month)
        first = add_months(whole.first, MONTHS_A_QUARTER * (quarter - 1))
        last = add_months(first, MONTHS_A_QUARTER) - dt.timedelta(days=1)
        return cls(first, last, f"{whole.name} Q{quarter}")

    @classmethod
    def year_of(cls, day: dt.date, first_month: int = APRIL) -> Self:
        return cls._year(day.year if day.month >= first_month else day.year - 1, first_month)

    @classmethod
    def quarter_of(cls, day: dt.date, first_month: int = APRIL) -> Self:
        whole = cls.year_of(day, first_month)
        months = (day.month - first_month) % MONTHS_A_YEAR
        return cls._quarter(whole.first.year, months // MONTHS_A_QUARTER + 1, first_month)

    def back(self, years: int = 1) -> Self:
        """The same span so many years earlier: what a report compares with."""
        day = dt.timedelta(days=1)
        first = add_months(self.first, -MONTHS_A_YEAR * years)
        last = add_months(self.last + day, -MONTHS_A_YEAR * years) - day
        if match := PERIOD_NAME.fullmatch(self.name):
            first_month = APRIL if match["next"] else 1
            if match["quarter"]:
                return self.quarter_of(first, first_month)
            return self.year_of(first, first_month)
        return type(self)(first, last)


EVER = Period(dt.date(1998, 7, 31), dt.date(2998, 7, 31))
"""Since the Crime and Disorder Act there have been partnerships."""


def financial_year(day: dt.date) -> Period:
    """April to March, named `2021-22`."""
    return Period.year_of(day, APRIL)


def financial_quarter(day: dt.date) -> Period:
    return Period.quarter_of(day, APRIL)


def calendar_year(day: dt.date) -> Period:
    return Period.year_of(day, first_month=1)


def calendar_quarter(day: dt.date) -> Period:
    return Period.quarter_of(day, first_month=1)


def months_beginning_with(day: dt.date, n: int) -> Period:
    """The period of `n` months that begins with `day`, as Acts count it: the day itself is its first.

    It ends with the day before the corresponding date `n` months on, so a month beginning with 15 January
    ends with 14 February. Where that month has no such date it ends with the month: a month beginning with
    29, 30 or 31 January ends with 28 February, or with 29 February in a leap year where it begins with 30 or
    31 January; one that begins with 29 January then ends with 28 February, the day before its corresponding
    date.
    """
    corresponding = add_months(day, n)
    if corresponding.day < day.day:
        return Period(day, corresponding)
    return Period(day, corresponding - dt.timedelta(days=1))


def months_ending_with(day: dt.date, n: int) -> Period:
    """The period of `n` months that ends with `day`: "in the last six months", today included.

    It begins with the day after the corresponding date `n` months earlier, or after the end of that month
    where it has no such date.
    """
    return Period(add_months(day, -n) + dt.timedelta(days=1), day)
