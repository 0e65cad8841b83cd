"""Every number that is ever published: declared once, in the `measures` of the room that owns its records.

The count is that of a queryset; what a person may open of it is the same queryset, `.visible_to(user)`.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self, cast

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Count,
    DateField,
    DateTimeField,
    F,
    Func,
    IntegerField,
    Model,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast

from csp.agencies.models import Partnership, User
from csp.core.calendar import Period, start_of_day

ONE_DAY = dt.timedelta(days=1)
NONE = "none"
"""The key of records that say nothing of what they are counted by."""

Records = Callable[[Partnership, Period], QuerySet[Any]]
Only = Mapping[str, str]
"""Names of breakdowns, and the one key of each that is wanted."""


@dataclass(frozen=True)
class Breakdown:
    """What the records of a measure are counted by. A record with two of them counts once for each: the way
    goes over keys to other records, or over one many-to-many relation.
    """

    name: str
    label: str
    key: str
    """The way from a record to it."""
    words: str
    """The way from a record to what it is called."""
    choices: tuple[tuple[str, str], ...] = ()
    """What keys are called, where the words are not in the database."""
    without: str = "Not recorded"
    tells_more: bool = False
    """Only readers of the whole record know which of its keys a record has, such as how high its risk is."""

    def label_of(self, key: Any, words: Any) -> str:
        return self.without if key is None else dict(self.choices).get(key, str(words))

    def only(self, key: str) -> Q:
        return Q(**{f"{self.key}__isnull": True}) if self.means_nothing(key) else Q(**{self.key: key})

    def means_nothing(self, key: str) -> bool:
        return key == NONE and NONE not in dict(self.choices)


@dataclass(frozen=True)
class Part:
    """Which of the records met what was asked: the measure shows them as a share of all."""

    label: str
    condition: Any
    missed: str = ""
    """The mark of a record in the list that did not."""
    tells_the_lead: bool = False
    """Only those who lead a record are told that it did not."""


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

    def and_also(self, more: Self) -> Self:
        part = None if self.part is None else self.part + (more.part or 0)
        return replace(self, number=self.number + more.number, part=part)


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
    """Each once."""
    date_field: str
    """By which day a record belongs to a period."""
    breakdowns: tuple[Breakdown, ...] = ()
    part: Part | None = None
    as_it_stands: bool = False
    """Counted as it stands now, whatever the period: nobody knows any more how it stood before."""
    adds_up: bool = True
    """Whether the number of a period is that of its parts together."""
    tells_more: bool = False
    """To be counted here says what only readers of the whole record know, such as that it is about hate."""
    tells_the_lead: bool = False
    """To be counted here says what only those who lead the record are told, such as that they are late."""

    to_yesterday: bool = False
    """What is of today does not count before it is over."""
    kept: bool = False
    """What it counted of a record counts on when that is destroyed: numbers alone are kept of it."""
    stands_until: str = ""
    """Of what stood at the end of a period: the way to when a record stood no longer."""

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

    def open_to(self, user: User, found: QuerySet[Any], only: Only | None = None) -> QuerySet[Any]:
        """Those of the records, cut to `only`, that this person may open and whose place here tells them
        nothing that is not theirs to know.
        """
        records: Any = found
        if self.tells_the_lead:
            return cast(QuerySet[Any], records.readable_by(user).filter(lead__in=user.partner_ids))
        cut = (each for each in self.breakdowns if each.name in (only or {}))
        more = self.tells_more or any(each.tells_more for each in cut)
        return cast(QuerySet[Any], records.readable_by(user) if more else records.visible_to(user))

    def kept_of(self, partnership: Partnership, period: Period, only: Only | None = None) -> Any:
        """What is kept of the destroyed records that it counts."""
        known = {each.name: each for each in self.breakdowns}
        keys = {name: "" if known[name].means_nothing(key) else key for name, key in (only or {}).items()}
        found = _kept_in[0].of(self.name, partnership)
        if self.stands_until:
            return found.standing_at_the_end(period).keyed(keys)
        return (found.within if self.adds_up else found.once_within)(period).keyed(keys)

    def destroyed(self, partnership: Partnership, period: Period, only: Only | None = None) -> int:
        """How many of those that it counts no list can show."""
        return int(self.kept_of(partnership, period, only).count()) if self.kept else 0

    def figure(self, partnership: Partnership, period: Period, only: Only | None = None) -> Figure:
        return answers(partnership, [Question(self, period, only=only)])[0].whole

    def figures_by(
        self, breakdown: Breakdown, partnership: Partnership, period: Period, only: Only | None = None
    ) -> list[Figure]:
        """The largest first."""
        return answers(partnership, [Question(self, period, breakdown, only)])[0].figures


NO_WORDS = Value("", TextField())


def _counted(
    found: QuerySet[Any], measure: Measure, place: int, key: Any, words: Any, *, kept: bool = False
) -> QuerySet[Any]:
    """How many there are of each key, and of how many the part is true."""
    met = measure.part and (Q(part=True) if kept else measure.part.condition)
    parts = Count("pk", filter=met) if met else Value(-1)
    return (
        found.order_by()
        .annotate(asked_place=Value(place), asked_key=key, asked_words=words)
        .values("asked_place", "asked_key", "asked_words")
        .annotate(asked_number=Count("pk"), asked_parts=parts)
        .values_list("asked_place", "asked_key", "asked_words", "asked_number", "asked_parts")
    )


@dataclass(frozen=True)
class Question:
    """One number of one measure, or one for each key of a breakdown."""

    measure: Measure
    period: Period
    breakdown: Breakdown | None = None
    only: Only | None = None

    def rows(self, partnership: Partnership, place: int) -> QuerySet[Any]:
        by, found = self.breakdown, self.measure.records_of(partnership, self.period, self.only)
        key = Cast(by.key, TextField()) if by else NO_WORDS
        return _counted(found, self.measure, place, key, Cast(by.words, TextField()) if by else NO_WORDS)

    def kept_rows(self, partnership: Partnership, place: int) -> QuerySet[Any]:
        """Of destroyed records. One of which nothing is known of the breakdown counts in the whole alone."""
        found = self.measure.kept_of(partnership, self.period, self.only)
        key, words = found.keys_and_words(self.breakdown.name) if self.breakdown else (NO_WORDS, NO_WORDS)
        return _counted(found, self.measure, place, key, words, kept=True)

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
    kept: list[Figure] = field(default_factory=list)
    """Of destroyed records."""

    def put_together(self) -> None:
        """The largest first. What is called something else by now has its name of today."""
        found = {each.key: each for each in self.figures}
        for each in self.kept:
            same = found.get(each.key)
            found[each.key] = same.and_also(each) if same else each
        self.figures = sorted(found.values(), key=lambda each: (each.key == NONE, -each.number, each.label))

    @property
    def whole(self) -> Figure:
        """The one number of a question that asks for no breakdown."""
        return self.figures[0] if self.figures else self.question.figure("", "", 0, 0)


class _Alone:
    """One question, answered by itself."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.measure = answer, answer.question.measure

    def rows(self, partnership: Partnership, place: int, *, kept: bool) -> QuerySet[Any]:
        asked = self.answer.question
        return asked.kept_rows(partnership, place) if kept else asked.rows(partnership, place)

    def take(self, *row: Any, kept: bool) -> None:
        figures, (key, *rest) = self.answer.kept if kept else self.answer.figures, row
        figures.append(self.answer.question.figure((key or None) if kept else key, *rest))


class _Spans:
    """One measure over many periods: its records are read once, between the first day and the last."""

    def __init__(self, asked: list[Answer]) -> None:
        self.asked, self.measure, self.only = asked, asked[0].question.measure, asked[0].question.only
        periods = [each.question.period for each in asked]
        self.edges = sorted({day for each in periods for day in (each.first, each.last + ONE_DAY)})
        self.found = dict.fromkeys(range(len(self.edges) + 1), (0, 0))

    @property
    def hull(self) -> Period:
        return Period(self.edges[0], self.edges[-1] - ONE_DAY)

    @property
    def is_worth_it(self) -> bool:
        """Not where what lies between the periods is more than they are."""
        return len(self.asked) > 1 and self.hull.days <= 2 * sum(
            each.question.period.days for each in self.asked
        )

    def rows(self, partnership: Partnership, place: int, *, kept: bool) -> QuerySet[Any]:
        found = (self.measure.kept_of if kept else self.measure.records_of)(partnership, self.hull, self.only)
        span = Cast(self._span_of(found.model, "day" if kept else self.measure.date_field), TextField())
        return _counted(found, self.measure, place, span, NO_WORDS, kept=kept)

    def _span_of(self, model: type[Model], way: str) -> Func:
        """Between which two of the edges a record is: 1 for the first two."""
        moments = isinstance(_field(model, way), DateTimeField)
        edges = [start_of_day(day) for day in self.edges] if moments else self.edges
        base = DateTimeField() if moments else DateField()
        return Func(
            F(way),
            Value(edges, ArrayField(base)),
            function="width_bucket",
            output_field=IntegerField(),
        )

    def take(self, span: str, _words: str, number: int, parts: int, *, kept: bool) -> None:
        before = self.found[int(span)]
        self.found[int(span)] = before[0] + number, before[1] + parts

    def give(self) -> None:
        for answer in self.asked:
            period = answer.question.period
            first, last = self.edges.index(period.first), self.edges.index(period.last + ONE_DAY)
            spans = [self.found[place] for place in range(first + 1, last + 1)]
            number, parts = (sum(each) for each in zip(*spans, strict=True))
            answer.figures.append(answer.question.figure("", "", number, parts))


def _field(model: type[Model], way: str) -> Any:
    """The field at the end of the way."""
    *steps, last = way.split("__")
    for step in steps:
        model = cast(type[Model], model._meta.get_field(step).related_model)
    return model._meta.get_field(last)


AT_ONCE = 40
"""Questions in one query. The database takes longer to plan more of them than to answer."""


def answers(partnership: Partnership, questions: Sequence[Question]) -> list[Answer]:
    """In the order of the questions: one query for all of them, up to `AT_ONCE`, whatever their number of
    periods. The largest figure first.
    """
    given = [Answer(question) for question in questions]
    arms = _arms(given)
    for start in range(0, len(arms), AT_ONCE):
        asked = [(arm, kept) for arm in arms[start : start + AT_ONCE] for kept in {False, arm.measure.kept}]
        some = [arm.rows(partnership, place, kept=kept) for place, (arm, kept) in enumerate(asked)]
        for place, *row in some[0].union(*some[1:], all=True) if len(some) > 1 else some[0]:
            arm, kept = asked[place]
            arm.take(*row, kept=kept)
    for arm in arms:
        if isinstance(arm, _Spans):
            arm.give()
    for answer in given:
        answer.put_together()
    return given


def _arms(given: list[Answer]) -> list[_Alone | _Spans]:
    """What is of one measure goes together, unless its periods do not add up."""
    arms: list[_Alone | _Spans] = []
    together: dict[tuple[Any, ...], list[Answer]] = {}
    for answer in given:
        asked = answer.question
        if asked.breakdown or asked.measure.as_it_stands or not asked.measure.adds_up:
            arms.append(_Alone(answer))
        else:
            key = (asked.measure.name, *sorted((asked.only or {}).items()))
            together.setdefault(key, []).append(answer)
    for group in together.values():
        spans = _Spans(group)
        arms += [spans] if spans.is_worth_it else [_Alone(each) for each in group]
    return arms


_measures: dict[str, Measure] = {}
_kept_in: list[Any] = []


def register(measures: Iterable[Measure]) -> None:
    """A room declares its measures when it starts."""
    _measures.update({each.name: each for each in measures})


def keep_in(counts: Any) -> None:
    """Where it is kept what measures counted of destroyed records."""
    _kept_in.append(counts)


def all_measures() -> list[Measure]:
    return list(_measures.values())


def measures_of(room: str) -> list[Measure]:
    return [each for each in _measures.values() if each.room == room]


def find_measure(name: str) -> Measure | None:
    return _measures.get(name)


def within(field: str, period: Period) -> Q:
    """A moment that falls into the period."""
    return Q(**{f"{field}__gte": period.starts_at, f"{field}__lt": period.ends_at})
