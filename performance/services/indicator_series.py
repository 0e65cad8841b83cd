"""What an indicator has been over time: entered, counted from police files, or counted by a measure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from csp.agencies.measures import Figure, Question, answers
from csp.agencies.models import Partnership
from csp.core.calendar import Period, add_months, local_day
from performance.models import Indicator, IndicatorValue, PoliceFile
from performance.models.indicators import number_words
from performance.services.over_time import NOT_RECORDED, is_recorded, measure_over_time, rooms_since
from performance.services.police_trend import last_months, trend
from performance.services.small_numbers import suppressed
from performance.services.spans import before, months_in, period_of, year_before

MONTHS, QUARTERS = 61, 8
"""How far back counted indicators go."""
NO_FILE = "no file loaded"
PUBLISHER = "Police, data.police.uk"


@dataclass(frozen=True)
class Point:
    """One period's value. None is not nought: `words` say why there is no number."""

    period: Period
    value: Decimal | int | None
    words: str
    source: str = ""
    as_of: dt.date | None = None
    entered: IndicatorValue | None = None
    """Where somebody entered it: the value that stands."""
    measure: str = ""
    """Where a measure counts it."""

    @property
    def key(self) -> str:
        """The period as an address says it."""
        return self.period.name.replace(" ", "-")


@dataclass(frozen=True)
class Reading:
    """An indicator now, beside what it was. The periods are as long as the newest one's."""

    indicator: Indicator
    points: list[Point]
    newest: Point | None
    previous: Point | None
    year_ago: Point | None

    @property
    def since_previous(self) -> str:
        return change_words(self.newest, self.previous)

    @property
    def since_year(self) -> str:
        return change_words(self.newest, self.year_ago)

    @property
    def changes(self) -> list[str]:
        """Each once: for a yearly figure the period before is the year before."""
        return list(dict.fromkeys(filter(None, (self.since_previous, self.since_year))))


def change_words(now: Point | None, then: Point | None) -> str:
    """up from 24; nothing where either is missing"""
    if now is None or then is None or now.value is None or then.value is None:
        return ""
    if now.value == then.value:
        return f"the same as in {then.period}"
    way = "up" if now.value > then.value else "down"
    return f"{way} from {then.words} in {then.period}"


def readings(
    indicators: Sequence[Indicator], partnership: Partnership, today: dt.date, *, small: bool
) -> list[Reading]:
    """All of one partnership, with as many queries for thirty as for one. `small` as `sees_small_numbers`."""
    found = series_of(indicators, partnership, today, small=small)
    return [reading(each, found[each.pk], partnership) for each in indicators]


def reading(indicator: Indicator, points: list[Point], partnership: Partnership) -> Reading:
    newest = next((point for point in reversed(points) if point.value is not None), None)
    if newest is None:
        return Reading(indicator, points, points[-1] if points else None, None, None)
    spans = {(point.period.first, point.period.last): point for point in points}
    start = partnership.year_start
    earlier, year = before(newest.period, start), year_before(newest.period, start)
    return Reading(
        indicator,
        points,
        newest,
        spans.get((earlier.first, earlier.last)),
        spans.get((year.first, year.last)),
    )


def series_of(
    indicators: Sequence[Indicator], partnership: Partnership, today: dt.date, *, small: bool
) -> dict[int, list[Point]]:
    """By the indicator's key, the oldest period first."""
    found: dict[int, list[Point]] = {each.pk: [] for each in indicators}
    found |= _entered([each for each in indicators if not (each.crime_type or each.measure)], partnership)
    found |= _from_police([each for each in indicators if each.crime_type], partnership)
    measured = [each for each in indicators if each.measure and measure_over_time(each.measure)]
    return found | _measured(measured, partnership, today, small)


def alike(points: Iterable[Point]) -> list[Point]:
    """Those whose periods are as long as the newest one's, which one line can join."""
    given = list(points)
    if not given:
        return []
    months = months_in(given[-1].period)
    return [point for point in given if months_in(point.period) == months]


def _entered(indicators: Sequence[Indicator], partnership: Partnership) -> dict[int, list[Point]]:
    if not indicators:
        return {}
    values = IndicatorValue.objects.filter(indicator__in=indicators).standing()
    found: dict[int, list[Point]] = defaultdict(list)
    for each in values.order_by("last_on", "first_on", "pk"):
        period = period_of(each.first_on, each.last_on, partnership.year_start)
        point = Point(period, each.value, each.words, each.source, each.as_of, each)
        found[each.indicator_id].append(point)
    return found


def _from_police(indicators: Sequence[Indicator], partnership: Partnership) -> dict[int, list[Point]]:
    if not indicators:
        return {}
    files = PoliceFile.objects.filter(partnership=partnership).order_by("-month", "pk")
    loaded = {file.month: file for file in files}
    months = last_months(list(loaded), MONTHS)
    counted = trend(partnership, months, list(loaded))
    return {
        each.pk: [
            _police_point(month, number, loaded.get(month))
            for month, number in zip(months, counted.row(each.crime_type).numbers, strict=True)
        ]
        for each in indicators
    }


def _police_point(month: dt.date, number: int | None, file: PoliceFile | None) -> Point:
    period = Period(month, add_months(month, 1) - dt.timedelta(days=1), f"{month:%B %Y}")
    if file is None:
        return Point(period, None, NO_FILE)
    value = number or 0  # a file without a row of this type says nought
    return Point(period, value, number_words(value), PUBLISHER, local_day(file.loaded_at))


def _measured(
    indicators: Sequence[Indicator], partnership: Partnership, today: dt.date, small: bool
) -> dict[int, list[Point]]:
    if not indicators:
        return {}
    periods = _quarters(partnership, today)
    names = sorted({each.measure for each in indicators})
    measures = [measure for name in names if (measure := measure_over_time(name))]
    asked = [Question(measure, period) for measure in measures for period in periods]
    since = rooms_since(partnership, measures)
    by_name: dict[str, list[Point]] = defaultdict(list)
    for question, answer in zip(asked, answers(partnership, asked), strict=True):
        measure, period = question.measure, question.period
        known = is_recorded(measure, period, since)
        point = _measured_point(period, answer.whole, measure.name, small) if known else None
        by_name[measure.name].append(point or Point(period, None, NOT_RECORDED))
    return {each.pk: by_name[each.measure] for each in indicators}


def _measured_point(period: Period, figure: Figure, measure: str, small: bool) -> Point:
    shown = None if small else suppressed([figure]).rows[0]
    number: int | None = figure.number if shown is None else shown.number
    words = f"{figure.number:,}" if shown is None else shown.words
    return Point(period, number, words, "Counted here", measure=measure)


def _quarters(partnership: Partnership, today: dt.date) -> list[Period]:
    """The last whole ones, the oldest first."""
    last = Period.quarter_of(add_months(Period.quarter_of(today, partnership.year_start).first, -3),
                             partnership.year_start)  # fmt: skip
    return [
        Period.quarter_of(add_months(last.first, -3 * back), partnership.year_start)
        for back in reversed(range(QUARTERS))
    ]


def restated(indicator: Indicator) -> Mapping[int, list[IndicatorValue]]:
    """What stood before, by the key of the value that stands now. The newest first."""
    values = {each.pk: each for each in indicator.values.select_related("by")}
    found: dict[int, list[IndicatorValue]] = {}
    replaced = {each.restates_id for each in values.values()}
    for each in values.values():
        if each.pk in replaced:
            continue
        chain, earlier = [], values.get(each.restates_id or 0)
        while earlier is not None:
            chain.append(earlier)
            earlier = values.get(earlier.restates_id or 0)
        found[each.pk] = chain
    return found
