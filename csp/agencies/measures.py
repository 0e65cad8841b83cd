"""Every number that is ever published: declared once, in the `measures.py` of the room that owns its records.

The count is that of a queryset; what a person may open of it is the same queryset, `.visible_to(user)`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from csp.agencies.models import Partnership, User
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
    as_it_stands: bool = False
    """Counted as it stands now, whatever the period: nobody knows any more how it stood before."""
    tells_more: bool = False
    """To be counted here says what only readers of the whole record know, such as that it is about hate."""

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

    def open_to(self, user: User, found: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the records that this person may open."""
        records: Any = found
        return records.readable_by(user) if self.tells_more else records.visible_to(user)

    def figure(self, partnership: Partnership, period: Period, only: Only | None = None) -> Figure:
        return answers(partnership, [Question(self, period, only=only)])[0].whole

    def figures_by(
        self, breakdown: Breakdown, partnership: Partnership, period: Period, only: Only | None = None
    ) -> list[Figure]:
        """The largest first."""
        return answers(partnership, [Question(self, period, breakdown, only)])[0].figures


@dataclass(frozen=True)
class Question:
    """One number of one measure, or one for each key of a breakdown."""

    measure: Measure
    period: Period
    breakdown: Breakdown | None = None
    only: Only | None = None

    def rows(self, partnership: Partnership, place: int) -> QuerySet[Any]:
        by = self.breakdown
        part = self.measure.part
        parts = Count("pk", filter=part.condition, distinct=True) if part else Value(-1)
        found = self.measure.records_of(partnership, self.period, self.only).order_by()
        return (
            found.annotate(
                asked_place=Value(place),
                asked_key=Cast(by.key, TextField()) if by else Value("", TextField()),
                asked_words=Cast(by.words, TextField()) if by else Value("", TextField()),
            )
            .values("asked_place", "asked_key", "asked_words")
            .annotate(asked_number=Count("pk", distinct=True), asked_parts=parts)
            .values_list("asked_place", "asked_key", "asked_words", "asked_number", "asked_parts")
        )

    def figure(self, key: str | None, words: str | None, number: int, parts: int) -> Figure:
        part = None if self.measure.part is None else max(parts, 0)
        if self.breakdown is None:
            return Figure("", self.measure.label, number, part)
        label = self.breakdown.label_of(key, words)
        return Figure(NONE if key is None else key, label, number, part)


@dataclass
class Answer:
    question: Question
    figures: list[Figure] = field(default_factory=list)

    @property
    def whole(self) -> Figure:
        """The one number of a question that asks for no breakdown."""
        return self.figures[0] if self.figures else self.question.figure("", "", 0, 0)


AT_ONCE = 40
"""Questions in one query. The database takes longer to plan more of them than to answer."""


def answers(partnership: Partnership, questions: Sequence[Question]) -> list[Answer]:
    """In the order of the questions: one query for all of them, up to `AT_ONCE`. The largest figure first."""
    given = [Answer(question) for question in questions]
    for start in range(0, len(questions), AT_ONCE):
        arms = [
            question.rows(partnership, place)
            for place, question in enumerate(questions[start : start + AT_ONCE], start)
        ]
        for place, *row in arms[0].union(*arms[1:], all=True) if len(arms) > 1 else arms[0]:
            given[place].figures.append(questions[place].figure(*row))
    for answer in given:
        answer.figures.sort(key=lambda each: (each.key == NONE, -each.number, each.label))
    return given


@dataclass(frozen=True)
class Row:
    """A record as the list of what a figure counts shows it."""

    reference: str
    title: str
    url: str
    detail: str


_measures: dict[str, Measure] = {}
_rows: dict[type[Model], tuple[tuple[str, ...], tuple[str, ...], Callable[[Any], Row]]] = {}


def register(measures: Iterable[Measure]) -> None:
    """A room declares its measures when it starts."""
    _measures.update({each.name: each for each in measures})


def register_rows(
    model: type[Model], select: Sequence[str], row: Callable[[Any], Row], prefetch: Sequence[str] = ()
) -> None:
    """How a room lists the records of one model that its measures count, and what comes along with them."""
    _rows[model] = (tuple(select), tuple(prefetch), row)


def with_what_is_shown(found: QuerySet[Any]) -> QuerySet[Any]:
    select, prefetch, _ = _rows[found.model]
    return found.select_related(*select).prefetch_related(*prefetch)


def row_of(record: Any) -> Row:
    return _rows[type(record)][-1](record)


def all_measures() -> list[Measure]:
    return list(_measures.values())


def measures_of(room: str) -> list[Measure]:
    return [each for each in _measures.values() if each.room == room]


def find_measure(name: str) -> Measure | None:
    return _measures.get(name)


def within(field: str, period: Period) -> Q:
    """A moment that falls into the period."""
    return Q(**{f"{field}__gte": period.starts_at, f"{field}__lt": period.ends_at})
