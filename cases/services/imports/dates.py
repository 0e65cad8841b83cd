"""Dates and times in the forms that exports use. A form says how exact the date is."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from cases.enums import Precision
from csp.core.calendar import LONDON

DAY_FORMS = {
    "YYYY-MM-DD": "%Y-%m-%d",
    "DD/MM/YYYY": "%d/%m/%Y",
    "DD/MM/YY": "%d/%m/%y",
    "DD-MM-YYYY": "%d-%m-%Y",
    "DD.MM.YYYY": "%d.%m.%Y",
    "DD MMM YYYY": "%d %b %Y",
    "DD-MMM-YYYY": "%d-%b-%Y",
    "DD-MMM-YY": "%d-%b-%y",
    "DD MMMM YYYY": "%d %B %Y",
    "YYYYMMDD": "%Y%m%d",
    "MM/DD/YYYY": "%m/%d/%Y",
    "YYYY/MM/DD": "%Y/%m/%d",
}
MONTH_FORMS = {
    "YYYY-MM": "%Y-%m",
    "MM/YYYY": "%m/%Y",
    "MMM YYYY": "%b %Y",
    "MMM-YY": "%b-%y",
    "MMMM YYYY": "%B %Y",
    "YYYYMM": "%Y%m",
}
FORMS = DAY_FORMS | MONTH_FORMS
"""Day before month comes first: where a date could be read both ways, it is read as in Britain. After a day
there may be a time.
"""

WITH_TIME = re.compile(r" HH:MM(:SS)?$")
SAMPLE = dt.datetime(2024, 4, 3, 21, 30)  # noqa: DTZ001 -- only printed
EARLIEST = dt.date(1950, 1, 1)
TIME = re.compile(r"(\d{1,2})[:.]?(\d\d)(?:[:.](\d\d)(?:\.\d+)?)?")
DAY_AND_TIME = re.compile(r"(.*?)(?: (\d{1,2}:\d\d(?::\d\d)?))?", re.DOTALL)
KEPT = 50_000


@dataclass(frozen=True)
class When:
    on: dt.date
    at: dt.time | None
    precision: Precision

    @property
    def moment(self) -> dt.datetime:
        """The time in London, or the start of the day or month."""
        return dt.datetime.combine(self.on, self.at or dt.time.min, tzinfo=LONDON).astimezone(dt.UTC)


def sample(form: str) -> str:
    return SAMPLE.strftime(FORMS[form])


def form_named(name: str) -> str | None:
    """Some write the time into the name of the form, where it makes no difference."""
    form = WITH_TIME.sub("", name.strip())
    return form if form in FORMS else None


@lru_cache(KEPT)
def read_when(text: str, form: str) -> When | None:
    """The date in that form. The international form, in which workbooks give theirs, is always understood."""
    return in_form(text, form) or _international(text)


def in_form(text: str, form: str) -> When | None:
    """Midnight is what programs write that know the day alone, so it is no time."""
    day, clock = DAY_AND_TIME.fullmatch(text).groups()  # type: ignore[union-attr]  # it fits any text
    if (clock and form in MONTH_FORMS) or (form.isalpha() and len(day) != len(form)):
        return None  # 202412 is December, not 2 January
    try:
        found = dt.datetime.strptime(day, FORMS[form]).date()  # noqa: DTZ007 -- London's, see `moment`
    except ValueError:
        return None
    if form in MONTH_FORMS:
        return When(found, None, Precision.MONTH)
    time = read_time(clock) if clock else dt.time.min
    return None if time is None else _when(found, time)


def _when(day: dt.date, time: dt.time) -> When:
    if time == dt.time.min:
        return When(day, None, Precision.DAY)
    return When(day, time, Precision.TIME)


def _international(text: str) -> When | None:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.tzinfo:
        found = found.astimezone(LONDON)
    return _when(found.date(), found.time().replace(microsecond=0))


@lru_cache(KEPT)
def read_time(text: str) -> dt.time | None:
    """A time of day on the 24-hour clock: 21:30, 2130, 21:30:00."""
    match = TIME.fullmatch(text)
    if not match:
        return None
    hour, minute, second = map(int, match.groups("0"))
    try:
        return dt.time(hour, minute, second)
    except ValueError:
        return None


def likeliest(values: Iterable[str]) -> str:
    """The form in which most of these dates can be read; nothing where not even half of them can."""
    given = {value for value in values if value}
    fits = {form: sum(_fits(value, form) for value in given) for form in FORMS}
    best = max(FORMS, key=lambda form: fits[form])  # the first of equals
    return best if given and 2 * fits[best] >= len(given) else ""


def _fits(value: str, form: str) -> bool:
    found = in_form(value, form)
    return found is not None and found.on >= EARLIEST
