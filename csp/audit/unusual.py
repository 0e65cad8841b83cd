"""Who looked at more than usual, or at unusual times. A question for the auditor to ask, never a verdict."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db.models import CharField, Count, Value
from django.db.models.functions import Cast, Concat, TruncDate

from csp.audit.enums import Kind
from csp.audit.models import Event, EventQuerySet
from csp.core.calendar import LONDON, is_working_day, start_of_day
from csp.core.text import count
from csp.core.words import time_words

BEFORE = dt.timedelta(days=28)
MANY = 20
"""Fewer records in a day are not unusual for anybody."""
MANY_FOR_A_NEWCOMER = 50
TIMES_USUAL = 3
FIRST_HOUR, LAST_HOUR = 7, 20
_emergencies: set[str] = set()


def register_emergency(verb: str) -> None:
    """A room says which of its events opened a restricted record to somebody not named on it."""
    _emergencies.add(verb)


@dataclass
class Unusual:
    """One person on one day, and what is unusual about it."""

    person: Any
    records: int = 0
    usual: float | None = None
    out_of_hours: list[dt.time] = field(default_factory=list)
    emergencies: int = 0
    """Restricted records opened without being named on them."""

    @property
    def is_many(self) -> bool:
        if self.usual is None:
            return self.records >= MANY_FOR_A_NEWCOMER
        return self.records >= MANY and self.records > TIMES_USUAL * self.usual

    @property
    def reasons(self) -> list[str]:
        said = []
        if self.is_many:
            usual = "none in the four weeks before" if self.usual is None else f"usually {self.usual:g} a day"
            said.append(f"Opened {count(self.records, 'record')}, {usual}")
        if self.out_of_hours:
            first, last = min(self.out_of_hours), max(self.out_of_hours)
            when = time_words(first) if first == last else f"{time_words(first)} to {time_words(last)}"
            said.append(f"Opened {count(len(self.out_of_hours), 'record')} out of hours, {when}")
        if self.emergencies:
            said.append(f"Opened {count(self.emergencies, 'restricted record')} in an emergency")
        return said


def unusual_access(*, partnership: Any, day: dt.date) -> list[Unusual]:
    """People with something unusual that day, most records first."""
    found: dict[int, Unusual] = {}
    today = opened(partnership, start_of_day(day), start_of_day(day + dt.timedelta(days=1)))
    seen: dict[int, set[tuple[str, int]]] = defaultdict(set)
    event: Any
    for event in today.select_related("actor").order_by("pk").iterator(chunk_size=2000):
        line = found.setdefault(event.actor.pk, Unusual(event.actor))
        record = (event.target_type, event.target_id)
        if record not in seen[event.actor.pk]:
            seen[event.actor.pk].add(record)
            line.records += 1
            if is_out_of_hours(event.at):
                line.out_of_hours.append(local_minute(event.at))
    for actor in broke_glass(partnership, day):
        found.setdefault(actor.pk, Unusual(actor)).emergencies += 1
    many = {person: line for person, line in found.items() if line.records >= MANY}
    usual = usual_numbers(partnership, day, many) if many else {}
    for person, line in many.items():
        line.usual = usual.get(person)
    return sorted((line for line in found.values() if line.reasons), key=lambda line: -line.records)


def opened(partnership: Any, since: dt.datetime, before: dt.datetime) -> EventQuerySet:
    """Records opened by people, in that time."""
    return Event.objects.filter(
        partnership=partnership,
        kind=Kind.CONSULTATION,
        at__gte=since,
        at__lt=before,
        actor__isnull=False,
        target_id__isnull=False,
    )


def broke_glass(partnership: Any, day: dt.date) -> list[Any]:
    """Who opened a restricted record without being named on it, once for each time."""
    since, before = start_of_day(day), start_of_day(day + dt.timedelta(days=1))
    events = Event.objects.filter(
        partnership=partnership, verb__in=_emergencies, at__gte=since, at__lt=before, actor__isnull=False
    )
    return [event.actor for event in events.select_related("actor").order_by("pk")]


def usual_numbers(partnership: Any, day: dt.date, people: Iterable[int]) -> dict[int, float]:
    """For each person the median of the days before on which they opened anything."""
    record = Concat("target_type", Value(":"), Cast("target_id", CharField()))
    before = opened(partnership, start_of_day(day - BEFORE), start_of_day(day)).filter(actor__in=list(people))
    days = before.annotate(day=TruncDate("at", tzinfo=LONDON)).values_list("actor", "day")
    numbers: dict[int, list[int]] = defaultdict(list)
    for person, _, records in days.annotate(records=Count(record, distinct=True)).order_by():
        numbers[person].append(records)
    return {person: median(each) for person, each in numbers.items()}


def is_out_of_hours(at: dt.datetime) -> bool:
    local = at.astimezone(LONDON)
    return not (is_working_day(local.date()) and FIRST_HOUR <= local.hour < LAST_HOUR)


def local_minute(at: dt.datetime) -> dt.time:
    return at.astimezone(LONDON).time().replace(second=0, microsecond=0)
