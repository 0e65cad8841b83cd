"""The figures of a report, all asked for at once."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from csp.agencies.measures import Answer, Breakdown, Figure, Measure, Question, answers, find_measure
from csp.agencies.models import Partnership
from csp.core.calendar import Period
from performance.services.report_periods import before, is_quarter, quarters_of, recorded_since
from performance.services.report_sections import SectionKind

BACK = 5
"""Periods over time: the last is the report's own, and for a quarter the first is the same one a year ago."""


@dataclass(frozen=True)
class Counted:
    """One measure over the periods up to the report's own, the oldest first. None where nothing was recorded
    yet, which is not nought.
    """

    measure: Measure
    figures: tuple[Figure | None, ...]

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
    found = iter(answers(partnership, questions))
    since = recorded_since(partnership, measures)
    for measure in measures:
        figures = _known(found, counts.periods, since.get(measure.room))
        counts.counted[measure.name] = Counted(measure, tuple(figures))
    for measure in drawn:
        counts.drawn[measure.name] = _known(found, counts.drawn_periods, since.get(measure.room))
    for measure, breakdown in breakdowns:
        counts.by[measure.name, breakdown.name] = next(found).figures
    return counts


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
