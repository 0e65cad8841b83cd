"""The days on which a series meets: as often as it says, and never on a bank holiday."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, takewhile
from typing import Protocol

from csp.core.calendar import add_months, add_working_days
from tasking.enums import Cadence

WEEK = dt.timedelta(days=7)
DAYS_APART = {Cadence.WEEKLY: 7, Cadence.FORTNIGHTLY: 14}
MONTHS_APART = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3}
TOO_NEAR = {Cadence.WEEKLY: 3, Cadence.FORTNIGHTLY: 6, Cadence.MONTHLY: 10, Cadence.QUARTERLY: 30}
"""So many days round another meeting of the series none is planned: it was moved, or comes in between."""


class Rhythm(Protocol):
    """What of a series says when it meets."""

    cadence: str
    weekday: int
    week_of_month: int
    first_on: dt.date
    ended_on: dt.date | None


@dataclass(frozen=True)
class PlannedDay:
    """A day of a series. `usual` is the one that its rhythm gives; a bank holiday moves it on."""

    day: dt.date
    usual: dt.date

    @property
    def moved(self) -> bool:
        return self.day != self.usual


def days_of(series: Rhythm, since: dt.date, until: dt.date) -> list[PlannedDay]:
    """The days from `since` to `until`, both included, while the series runs."""
    if series.cadence == Cadence.AD_HOC:
        return []
    last = until if series.ended_on is None else min(until, series.ended_on - dt.timedelta(days=1))
    usual = takewhile(lambda day: day <= last, usual_days(series))
    days = (PlannedDay(add_working_days(day, 0), day) for day in usual)
    return [each for each in days if since <= each.day <= last]


def usual_days(series: Rhythm) -> Iterator[dt.date]:
    """Without end, from the first day of the series on, as if there were no bank holidays."""
    if series.cadence in DAYS_APART:
        first = series.first_on + dt.timedelta(days=(series.weekday - series.first_on.weekday()) % 7)
        apart = DAYS_APART[Cadence(series.cadence)]
        return (first + dt.timedelta(days=apart * n) for n in count())
    return _monthly(series)


def _monthly(series: Rhythm) -> Iterator[dt.date]:
    first = series.first_on.replace(day=1)
    if day_of_month(first, series.weekday, series.week_of_month) < series.first_on:
        first = add_months(first, 1)
    apart = MONTHS_APART[Cadence(series.cadence)]
    return (day_of_month(add_months(first, apart * n), series.weekday, series.week_of_month) for n in count())


def day_of_month(first: dt.date, weekday: int, week: int) -> dt.date:
    """The second Tuesday of the month that begins with `first`, say. -1 is the last."""
    if week < 0:
        after = add_months(first, 1)
        return after - dt.timedelta(days=(after.weekday() - weekday - 1) % 7 + 1)
    return first + dt.timedelta(days=(weekday - first.weekday()) % 7) + (week - 1) * WEEK
