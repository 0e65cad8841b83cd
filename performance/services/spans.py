"""The span of time that a figure is of, as people and files write it."""

import datetime as dt
import re

from csp.core.calendar import MONTHS_A_YEAR, Period, add_months
from csp.core.typed import read_day, read_month
from csp.core.words import date_words

MONTH_AND_YEAR = re.compile(r"([A-Za-z]+)\.?[ -](\d{4})")
MONTH_IN_NUMBERS = re.compile(r"(?:(\d{1,2})/(\d{4})|(\d{4})-(\d{2}))")
BETWEEN = re.compile(r"\s+(?:to|until|-|\u2013)\s+")
LONGEST_YEARS = 5
FIRST_YEAR = 1900
ONE_DAY = dt.timedelta(days=1)


def read_span(text: str, today: dt.date) -> Period | None:
    """March 2024, 2021-22, 2021-22 Q4, 2021, or two dates with “to” between. None for anything else.

    2011-12 is the financial year, as `Period.named` reads it, and not December 2011. What begins after next
    year is none.
    """
    found = _read(text, today)
    return found if found and FIRST_YEAR <= found.first.year <= today.year + 1 else None


def _read(text: str, today: dt.date) -> Period | None:
    clean = " ".join(text.split())
    try:
        return Period.named(clean.replace("/", "-") if re.fullmatch(r"\d{4}/\d{2}.*", clean) else clean)
    except ValueError:
        return _month(clean) or _between(clean, today)


def _month(text: str) -> Period | None:
    if words := MONTH_AND_YEAR.fullmatch(text):
        month, year = read_month(words[1]), int(words[2])
    elif numbers := MONTH_IN_NUMBERS.fullmatch(text):
        month, year = int(numbers[1] or numbers[4]), int(numbers[2] or numbers[3])
    else:
        return None
    if not month or not 1 <= month <= MONTHS_A_YEAR or not FIRST_YEAR <= year < dt.MAXYEAR:
        return None
    first = dt.date(year, month, 1)
    return Period(first, add_months(first, 1) - ONE_DAY, f"{first:%B %Y}")


def _between(text: str, today: dt.date) -> Period | None:
    ends = [read_day(part, today, future=False) for part in BETWEEN.split(text)]
    if len(ends) != 2 or None in ends:
        return None
    first, last = (end for end in ends if end)
    if (
        last < first
        or not FIRST_YEAR <= first.year <= today.year + 1
        or last >= add_months(first, LONGEST_YEARS * MONTHS_A_YEAR)
    ):
        return None
    return Period(first, last, span_words(first, last))


def span_words(first: dt.date, last: dt.date, year_start: int = 4) -> str:
    """What the span is called: a year, a quarter or a month by its name, anything else by its days."""
    day = dt.timedelta(days=1)
    for start in (year_start, 1, 4):
        for named in (Period.year_of(first, start), Period.quarter_of(first, start)):
            if (named.first, named.last) == (first, last):
                return named.name
    if first.day == 1 and last + day == add_months(first, 1):
        return f"{first:%B %Y}"
    return f"{date_words(first)} to {date_words(last)}"


def period_of(first: dt.date, last: dt.date, year_start: int) -> Period:
    return Period(first, last, span_words(first, last, year_start))


def before(period: Period, year_start: int) -> Period:
    """The span of the same length just before it: the month before a month, the quarter before a quarter."""
    months = months_in(period)
    last = period.first - ONE_DAY
    first = add_months(period.first, -months) if months else last - dt.timedelta(days=period.days - 1)
    return period_of(first, last, year_start)


def year_before(period: Period, year_start: int) -> Period:
    first = add_months(period.first, -MONTHS_A_YEAR)
    last = add_months(period.last + ONE_DAY, -MONTHS_A_YEAR) - ONE_DAY
    return period_of(first, last, year_start)


def months_in(period: Period) -> int:
    """How many whole months it is; nought where it begins or ends within one."""
    ends = period.last + ONE_DAY
    if period.first.day != 1 or ends.day != 1:
        return 0
    return (ends.year - period.first.year) * MONTHS_A_YEAR + ends.month - period.first.month


def months_of(period: Period) -> list[dt.date]:
    """The first day of each month of it."""
    return [add_months(period.first.replace(day=1), n) for n in range(months_in(period))]
