"""One figure with what it can be counted by, cut to some keys."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.http import urlencode

from csp.agencies.measures import Answer, Breakdown, Figure, Measure, Question, answers
from csp.agencies.models import Partnership
from csp.core.calendar import Period
from performance.services.report_periods import EVER
from performance.services.small_numbers import HELD_BACK, Shown, shown


@dataclass(frozen=True)
class Cut:
    """Names of breakdowns, and the one key of each that is wanted."""

    only: dict[str, str] = field(default_factory=dict)

    def of(self, measure: Measure) -> list[Breakdown]:
        return [each for each in measure.breakdowns if each.name in self.only]

    def rest(self, measure: Measure) -> list[Breakdown]:
        return [each for each in measure.breakdowns if each.name not in self.only]


@dataclass(frozen=True)
class By:
    breakdown: Breakdown
    rows: list[Shown]


@dataclass(frozen=True)
class Counted:
    whole: Shown
    tables: list[By]
    cut_words: list[tuple[str, str]]
    """Name of the breakdown, and what it is cut to in words."""


class NoSuchKey(ValueError):
    """No record was ever counted by it."""


def figure_of(
    measure: Measure, partnership: Partnership, period: Period, cut: Cut, *, small: bool
) -> Counted:
    """Raises `ValueError` for a key that there cannot be.

    Who does not see small numbers reads the number of one area or one agency as it stands in the table of all
    of them, so that the one does not tell what the other holds back; and none that is cut twice.
    """
    whole, *found = answers(partnership, _questions(measure, period, cut))
    number = len(cut.of(measure))
    alone, within = found[:number], found[number:]
    words = [
        (each.name, f"{each.label}: {_label(measure, partnership, each, answer, cut.only[each.name])}")
        for each, answer in zip(cut.of(measure), alone, strict=True)
    ]
    if cut.only and not small:
        return Counted(_held_back(measure, cut, alone, whole.whole), [], words)
    tables = shown_by(within, whole.whole, small=small)
    return Counted(shown([whole.whole], small=small).rows[0], tables, words)


def _questions(measure: Measure, period: Period, cut: Cut) -> list[Question]:
    """The figure; each breakdown it is cut by as if it were not; each other breakdown of what is left."""
    return [
        Question(measure, period, only=cut.only),
        *(Question(measure, period, each) for each in cut.of(measure)),
        *(Question(measure, period, each, cut.only) for each in cut.rest(measure)),
    ]


def shown_by(found: list[Answer], whole: Figure, *, small: bool) -> list[By]:
    return [
        By(answer.question.breakdown, shown(answer.figures, whole, small=small).rows)
        for answer in found
        if answer.figures and answer.question.breakdown
    ]


def _held_back(measure: Measure, cut: Cut, alone: list[Answer], whole: Figure) -> Shown:
    if len(alone) > 1:
        return Shown("", measure.label, None, HELD_BACK)
    (answer,) = alone
    key = next(iter(cut.only.values()))
    everything = Figure("", "", sum(each.number for each in answer.figures))
    rows = shown(answer.figures, everything, small=False).rows
    return next((row for row in rows if row.key == key), shown([whole], small=False).rows[0])


def _label(measure: Measure, partnership: Partnership, by: Breakdown, found: Answer, key: str) -> str:
    """What the key is called: from the records of the period, or from others where it has none."""
    if label := next((each.label for each in found.figures if each.key == key), None):
        return label
    if label := dict(by.choices).get(key):
        return label
    ever = measure.records_of(partnership, EVER, {by.name: key}).order_by()
    first = ever.values_list(by.key, by.words).first()
    if first is None:
        raise NoSuchKey(key)
    return by.label_of(*first)


@dataclass(frozen=True)
class Link:
    row: Shown
    url: str


@dataclass(frozen=True)
class Linked:
    label: str
    links: list[Link]


def addresses(tables: list[By], measure: Measure, query: dict[str, str]) -> list[Linked]:
    """The same rows, each with the way to its own list."""
    page = reverse("performance:records", args=[measure.name])
    return [
        Linked(
            table.breakdown.label,
            [Link(row, f"{page}?{urlencode(query | {table.breakdown.name: row.key})}") for row in table.rows],
        )
        for table in tables
    ]
