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
TIME_FORMS = {" HH:MM": " %H:%M", " HH:MM:SS": " %H:%M:%S"}
FORMS: dict[str, tuple[str, Precision]] = {
    **{name: (form, Precision.DAY) for name, form in DAY_FORMS.items()},
    **{
        day + time: (form + ending, Precision.TIME)
        for day, form in DAY_FORMS.items()
        for time, ending in TIME_FORMS.items()
    },
    **{name: (form, Precision.MONTH) for name, form in MONTH_FORMS.items()},
}
"""Day before month comes first: where a date could be read both ways, it is read as in Britain."""

SAMPLE = dt.datetime(2024, 4, 3, 21, 30)  # noqa: DTZ001 -- only printed
EARLIEST = dt.date(1950, 1, 1)
TIME = re.compile(r"(\d{1,2})[:.]?(\d\d)(?:[:.](\d\d)(?:\.\d+)?)?")
ISO_DAY = len("2024-04-03")
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
    return SAMPLE.strftime(FORMS[form][0])


@lru_cache(KEPT)
def read_when(text: str, form: str) -> When | None:
    """The date in that form. The international form, in which workbooks give theirs, is always understood."""
    return in_form(text, form) or _international(text)


def in_form(text: str, form: str) -> When | None:
    pattern, precision = FORMS[form]
    if form.isalpha() and len(text) != len(form):
        return None  # 202412 is December, not 2 January
    try:
        found = dt.datetime.strptime(text, pattern)  # noqa: DTZ007 -- London's, see `moment`
    except ValueError:
        return None
    return When(found.date(), found.time() if precision == Precision.TIME else None, precision)


def _international(text: str) -> When | None:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.tzinfo:
        found = found.astimezone(LONDON)
    if len(text) <= ISO_DAY:
        return When(found.date(), None, Precision.DAY)
    return When(found.date(), found.time().replace(microsecond=0), Precision.TIME)


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


def fitting(values: Iterable[str]) -> list[str]:
    """The forms in which every one of these dates can be read, the likeliest first."""
    given = {value for value in values if value}
    return [form for form in FORMS if given and all(_fits(value, form) for value in given)]


def _fits(value: str, form: str) -> bool:
    found = in_form(value, form)
    return found is not None and found.on >= EARLIEST
