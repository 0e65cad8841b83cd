"""Every number that is ever published: declared once, in the `measures.py` of the room that owns its records.

The count is that of a queryset; what a person may open of it is the same queryset, `.visible_to(user)`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from csp.agencies.models import Partnership
from csp.core.calendar import Period

NONE = "none"
"""The key of records that say nothing of what they are counted by."""

Records = Callable[[Partnership, Period], QuerySet[Any]]
Only = Mapping[str, str]
"""Names of breakdowns, and the one key of each that is wanted."""


@dataclass(frozen=True)
class Breakdown:
    """What the records of a measure are counted by. A record with two of them counts once for each."""

    name: str
    label: str
    key: str
    """The way from a record to it."""
    words: str
    """The way from a record to what it is called."""
    choices: tuple[tuple[str, str], ...] = ()
    """What keys are called, where the words are not in the database."""
    without: str = "Not recorded"

    def label_of(self, key: Any, words: Any) -> str:
        return self.without if key is None else dict(self.choices).get(key, str(words))

    def only(self, key: str) -> Q:
        return Q(**{f"{self.key}__isnull": True}) if key == NONE else Q(**{self.key: key})


@dataclass(frozen=True)
class Part:
    """Which of the records met what was asked: the measure shows them as a share of all."""

    label: str
    condition: Any


@dataclass(frozen=True)
class Figure:
    key: str
    label: str
    number: int
    part: int | None = None

    @property
    def percent(self) -> int | None:
        """The share, to the next whole number; none of nothing."""
        if self.part is None or not self.number:
            return None
        return (200 * self.part + self.number) // (2 * self.number)


@dataclass(frozen=True, kw_only=True)
class Measure:
    name: str
    label: str
    unit: str
    """What is counted, in the plural."""
    one: str
    """The same in the singular."""
    rule: str
    """What counts and what does not, in words."""
    room: str
    records: Records
    date_field: str
    """By which day a record belongs to a period."""
    breakdowns: tuple[Breakdown, ...] = ()
    part: Part | None = None

    def words(self, number: int) -> str:
        """1 meeting, 2 meetings"""
        return f"{number:,} {self.one if number == 1 else self.unit}"

    def breakdown(self, name: str) -> Breakdown | None:
        return next((each for each in self.breakdowns if each.name == name), None)

    def records_of(self, partnership: Partnership, period: Period, only: Only | None = None) -> QuerySet[Any]:
        """Cut to one key of some breakdowns. Raises `ValueError` for a key that cannot be one, `KeyError` for
        a breakdown that the measure does not have.
        """
        found = self.records(partnership, period)
        known = {each.name: each for each in self.breakdowns}
        for name, key in (only or {}).items():
            found = found.filter(known[name].only(key))
        return found

    def figure(self, partnership: Partnership, period: Period, only: Only | None = None) -> Figure:
        counts = self.records_of(partnership, period, only).aggregate(**self._counts())
        return Figure("", self.label, counts["number"], counts.get("part"))

    def figures_by(
        self, breakdown: Breakdown, partnership: Partnership, period: Period, only: Only | None = None
    ) -> list[Figure]:
        """One query. The largest first."""
        rows = (
            self.records_of(partnership, period, only)
            .order_by()
            .values_list(breakdown.key, breakdown.words)
            .annotate(**self._counts())
        )
        found = [_figure(breakdown, *row) for row in rows]
        return sorted(found, key=lambda each: (each.key == NONE, -each.number, each.label))

    def _counts(self) -> dict[str, Any]:
        counts = {"number": Count("pk", distinct=True)}
        if self.part is not None:
            counts["part"] = Count("pk", filter=self.part.condition, distinct=True)
        return counts


def _figure(breakdown: Breakdown, key: Any, words: Any, number: int, part: int | None = None) -> Figure:
    label = breakdown.label_of(key, words)
    return Figure(NONE if key is None else str(key), label, number, part)


_measures: dict[str, Measure] = {}


def register(measures: Iterable[Measure]) -> None:
    """A room declares its measures when it starts."""
    _measures.update({each.name: each for each in measures})


def measures_of(room: str) -> list[Measure]:
    return [each for each in _measures.values() if each.room == room]


def find_measure(name: str) -> Measure | None:
    return _measures.get(name)


def within(field: str, period: Period) -> Q:
    """A moment that falls into the period."""
    return Q(**{f"{field}__gte": period.starts_at, f"{field}__lt": period.ends_at})
