"""The figures of a report, all asked for at once."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from csp.agencies.measures import Answer, Breakdown, Figure, Measure, Question, answers, find_measure
from csp.agencies.models import Partnership
from csp.core.calendar import Period
from performance.services.longer_periods import Part, parts_of
from performance.services.report_periods import (
    before,
    is_quarter,
    is_recorded_in_part,
    quarters_of,
    recorded_since,
)
from performance.services.report_sections import SectionKind

COUNT_NOBODY = frozenset(
    {"meetings-held", "meeting-actions", "meeting-actions-due", "meeting-attendance", "meeting-returns"}
)
"""Measures of what agencies do. However small, such a number points at nobody."""
BACK = 5
"""Periods over time: the last is the report's own, and for a quarter the first is the same one a year ago."""


@dataclass(frozen=True)
class Counted:
    """One measure over the periods up to the report's own, the oldest first. None where nothing was recorded
    yet, which is not nought.
    """

    measure: Measure
    figures: tuple[Figure | None, ...]
    quarters: tuple[tuple[Figure, ...], ...] = ()
    """Of each period that is a year its quarters, which hold back numbers of their own."""
    in_part: tuple[bool, ...] = ()
    """Of each period whether records began in its midst."""

    @property
    def now(self) -> Figure | None:
        return self.figures[-1]


@dataclass
class Counts:
    partnership: Partnership
    period: Period
    periods: list[Period]
    counted: dict[str, Counted] = field(default_factory=dict)
    by: dict[tuple[str, str], list[Figure]] = field(default_factory=dict)
    by_quarter: dict[tuple[str, str], list[Part]] = field(default_factory=dict)
    """The same breakdown of each quarter of a year."""
    drawn_periods: list[Period] = field(default_factory=list)
    drawn: dict[str, list[Figure | None]] = field(default_factory=dict)
    """What is drawn over time: the quarters of a year, or those up to a quarter."""

    def breakdown(self, measure: str, name: str) -> list[Figure]:
        return self.by.get((measure, name), [])


def periods_up_to(period: Period, partnership: Partnership) -> list[Period]:
    found = [period]
    while len(found) < BACK:
        found.append(before(found[-1], partnership.year_start))
    return found[::-1]


def count(partnership: Partnership, period: Period, kinds: Sequence[SectionKind]) -> Counts:
    """Everything that these sections print: a few queries, however many figures."""
    first_month = partnership.year_start
    counts = Counts(partnership, period, periods_up_to(period, partnership))
    counts.drawn_periods = counts.periods if is_quarter(period) else quarters_of(period, first_month)
    measures, breakdowns = wanted(kinds)
    drawn = [each for each in measures if any(each.name in kind.over_time for kind in kinds)]
    questions = [Question(each, one) for each in measures for one in counts.periods]
    questions += [Question(each, one) for each in drawn for one in counts.drawn_periods]
    questions += [Question(each, period, breakdown) for each, breakdown in breakdowns]
    quarters = {
        (each.name, one): _quarters(each, one, first_month) for each in measures for one in counts.periods
    }
    questions += [Question(each, one) for each in measures for span in counts.periods
                  for one in quarters[each.name, span]]  # fmt: skip
    questions += [Question(each, one, breakdown) for each, breakdown in breakdowns
                  for one in quarters[each.name, period]]  # fmt: skip
    found = iter(answers(partnership, questions))
    since = recorded_since(partnership, measures)
    for measure in measures:
        figures = _known(found, counts.periods, since.get(measure.room))
        in_part = tuple(is_recorded_in_part(each, since.get(measure.room)) for each in counts.periods)
        counts.counted[measure.name] = Counted(measure, tuple(figures), in_part=in_part)
    for measure in drawn:
        counts.drawn[measure.name] = _known(found, counts.drawn_periods, since.get(measure.room))
    for measure, breakdown in breakdowns:
        counts.by[measure.name, breakdown.name] = next(found).figures
    for measure in measures:
        of_each = (tuple(next(found).whole for _ in quarters[measure.name, one]) for one in counts.periods)
        counts.counted[measure.name] = replace(counts.counted[measure.name], quarters=tuple(of_each))
    for measure, breakdown in breakdowns:
        wholes = counts.counted[measure.name].quarters[-1]
        parts = [Part(next(found).figures, whole) for whole in wholes]
        counts.by_quarter[measure.name, breakdown.name] = parts
    return counts


def _quarters(measure: Measure, period: Period, first_month: int) -> list[Period]:
    return parts_of(measure, period, first_month, small=measure.name in COUNT_NOBODY)


def _known(found: Iterator[Answer], periods: list[Period], since: dt.date | None) -> list[Figure | None]:
    """None for a period that was over before the first record of the room."""
    figures = [next(found).whole for _ in periods]
    return [
        None if since is None or period.last < since else figure
        for figure, period in zip(figures, periods, strict=True)
    ]


def wanted(kinds: Iterable[SectionKind]) -> tuple[list[Measure], list[tuple[Measure, Breakdown]]]:
    """Each once, in the order in which they print."""
    measures: dict[str, Measure] = {}
    breakdowns: dict[tuple[str, str], tuple[Measure, Breakdown]] = {}
    for kind in kinds:
        for tally in kind.tallies:
            measure = find_measure(tally.measure)
            if measure is None:
                continue
            measures[measure.name] = measure
            for name in tally.by:
                if breakdown := measure.breakdown(name):
                    breakdowns[measure.name, name] = (measure, breakdown)
    return list(measures.values()), list(breakdowns.values())
