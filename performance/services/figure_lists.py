"""One figure with what it can be counted by, cut to some keys."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.http import urlencode

from csp.agencies.enums import AreaKind
from csp.agencies.measures import Answer, Breakdown, Figure, Measure, Question, answers
from csp.agencies.models import Area, Partnership
from csp.core.calendar import EVER, Period
from performance.services.longer_periods import Part, one_of_year, parts_of, shown_of_year
from performance.services.report_periods import is_month
from performance.services.small_numbers import HELD_BACK, Shown, ShownTable, known_elsewhere, shown


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
    of them, so that the one does not tell what the other holds back; and none that is cut twice, nor that of
    a month, which the trend shows where its quarter does not give another month away.
    """
    hidden = set() if small else _other_geography(measure, partnership)
    periods = [period, *parts_of(measure, period, partnership.year_start, small=small)]
    asked = [_questions(measure, each, cut) for each in periods]
    answered = answers(partnership, [question for each in asked for question in each])
    year, *quarters = [
        answered[start : start + len(asked[0])] for start in range(0, len(answered), len(asked[0]))
    ]
    words = [
        (each.name, f"{each.label}: {_label(measure, partnership, each, answer, cut.only[each.name])}")
        for each, answer in zip(cut.of(measure), year[1:], strict=False)
    ]
    if hidden & cut.only.keys() or (is_month(period) and not small):
        return Counted(Shown("", measure.label, None, HELD_BACK), [], words)
    if cut.only and not small:
        return Counted(_held_back(measure, cut, year, quarters), [], words)
    whole = one_of_year(year[0].whole, [each[0].whole for each in quarters], small=small)
    tables = [
        By(breakdown, _table(breakdown, place, year, quarters, small=small).rows)
        for place, answer in enumerate(year)
        if answer.figures
        and (breakdown := answer.question.breakdown)
        and breakdown.name not in {*cut.only, *hidden}
    ]
    return Counted(whole, tables, words)


def _other_geography(measure: Measure, partnership: Partnership) -> set[str]:
    """Areas and their wards tell of each other, so who does not see small numbers reads areas alone."""
    if not {"area", "ward"} <= {each.name for each in measure.breakdowns}:
        return set()
    has_areas = Area.objects.filter(partnership=partnership, kind=AreaKind.LOCAL_AREA).exists()
    return {"ward"} if has_areas else set()


def _questions(measure: Measure, period: Period, cut: Cut) -> list[Question]:
    """The figure; each breakdown it is cut by as if it were not; each other breakdown of what is left."""
    return [
        Question(measure, period, only=cut.only),
        *(Question(measure, period, each) for each in cut.of(measure)),
        *(Question(measure, period, each, cut.only) for each in cut.rest(measure)),
    ]


def _table(
    by: Breakdown, place: int, year: list[Answer], quarters: list[list[Answer]], *, small: bool
) -> ShownTable:
    """The table of one breakdown, which has the same place among the answers of each quarter."""
    found, *parts = [Part(each[place].figures, each[0].whole) for each in (year, *quarters)]
    known = known_elsewhere(year[place].question.measure, by)
    return shown_of_year(found.figures, found.total, parts, small=small, known=known)


def _held_back(measure: Measure, cut: Cut, year: list[Answer], quarters: list[list[Answer]]) -> Shown:
    if len(cut.only) > 1:
        return Shown("", measure.label, None, HELD_BACK)
    ((name, key),) = cut.only.items()
    found, *parts = [
        Part(answer.figures, _sum_of(measure, answer.figures)) for _, answer, *_ in (year, *quarters)
    ]
    known = known_elsewhere(measure, next(each for each in measure.breakdowns if each.name == name))
    rows = shown_of_year(found.figures, found.total, parts, small=False, known=known).rows
    return next((row for row in rows if row.key == key), shown([year[0].whole], small=False).rows[0])


def _sum_of(measure: Measure, figures: list[Figure]) -> Figure:
    part = sum(each.part or 0 for each in figures) if measure.part else None
    return Figure("", "", sum(each.number for each in figures), part)


def _label(measure: Measure, partnership: Partnership, by: Breakdown, found: Answer, key: str) -> str:
    """What the key is called: from the records of the period, or from others where it has none."""
    if label := next((each.label for each in found.figures if each.key == key), None):
        return label
    if label := dict(by.choices).get(key):
        return label
    ever = measure.records_of(partnership, EVER, {by.name: key}).order_by()
    first = ever.values_list(by.key, by.words).first()
    return by.label_of(*first) if first else _label_kept(measure, partnership, by, key)


def _label_kept(measure: Measure, partnership: Partnership, by: Breakdown, key: str) -> str:
    """What it was called when the last record that it counted was destroyed."""
    kept = measure.kept_of(partnership, EVER, {by.name: key}).order_by("-pk") if measure.kept else None
    keys = None if kept is None else kept.values_list("keys", flat=True).first()
    if keys is None:
        raise NoSuchKey(key)
    return by.without if by.means_nothing(key) else str(keys[by.name][key])


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
