"""The periods that a report looks back on, and since when there is anything to count."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import DateTimeField, Value
from django.db.models.functions import Cast

from csp.agencies.measures import Measure, all_measures
from csp.agencies.models import Partnership
from csp.core.calendar import EVER, MONTHS_A_QUARTER, Period, add_months, local_day

FIRST_RECORD_WITHIN = dt.timedelta(days=7)
"""Who records from the first day on has a first record by then."""
IN_PART = "not recorded for the whole period"


def before(period: Period, first_month: int) -> Period:
    """The quarter before a quarter, the year before a year."""
    day = period.first - dt.timedelta(days=1)
    if is_quarter(period):
        return Period.quarter_of(day, first_month)
    return Period.year_of(day, first_month)


def is_quarter(period: Period) -> bool:
    return add_months(period.first, MONTHS_A_QUARTER) > period.last


def is_month(period: Period) -> bool:
    return add_months(period.first, 1) > period.last


def quarters_of(period: Period, first_month: int) -> list[Period]:
    """The four of a year, or the quarter itself."""
    found = [Period.quarter_of(period.last, first_month)]
    while found[0].first > period.first:
        found.insert(0, before(found[0], first_month))
    return found


def key_of(period: Period) -> str:
    """As an address or a command says it: `2021-22-Q4`."""
    return period.name.replace(" ", "-")


def recorded_since(partnership: Partnership, measures: Sequence[Measure]) -> dict[str, dt.date]:
    """By room, the day of its first record. A room with none is not in use. One query.

    A day alone is its midnight in UTC, which lies on that day here too.
    """
    ways = [
        (place, found, way)
        for place, each in enumerate(measures)
        for found, way in ((each.records(partnership, EVER), each.date_field), *_kept(each, partnership))
    ]
    arms = [
        found.order_by(way)
        .annotate(asked=Value(place), first=Cast(way, DateTimeField()))
        .values_list("asked", "first")[:1]
        for place, found, way in ways
    ]
    rows = arms[0].union(*arms[1:], all=True) if len(arms) > 1 else (arms[0] if arms else [])
    found: dict[str, dt.date] = {}
    for place, first in rows:
        room = measures[place].room
        if first is not None:
            day = local_day(first)
            found[room] = min(day, found.get(room, day))
    return found


def is_recorded_in_part(period: Period, since: dt.date | None) -> bool:
    """Whether the first record lies so late in the period that nothing compares with the whole of it."""
    return since is not None and period.first + FIRST_RECORD_WITHIN <= since <= period.last


def _kept(measure: Measure, partnership: Partnership) -> list[tuple[Any, str]]:
    """Of its destroyed records."""
    return [(measure.kept_of(partnership, EVER), "day")] if measure.kept else []


def reportable(partnership: Partnership, today: dt.date) -> list[Period]:
    """Quarters and years from the first record to this one, the newest first."""
    first_month = partnership.year_start
    since = min(recorded_since(partnership, all_measures()).values(), default=today)
    found: list[Period] = []
    for this in (Period.quarter_of(today, first_month), Period.year_of(today, first_month)):
        earlier = this
        while earlier.last >= since:
            found.append(earlier)
            earlier = before(earlier, first_month)
    return found
