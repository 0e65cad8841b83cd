"""The partnership's year at a glance: all figures of the page in a few queries, whoever reads it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from csp.agencies.enums import AreaKind
from csp.agencies.measures import NONE, Figure, Measure, find_measure
from csp.agencies.models import Area, Partnership
from csp.core import charts
from csp.core.calendar import Period
from performance.services.asking import Figures
from performance.services.comparing import UNKNOWN, Change, change
from performance.services.dashboard_parts import (
    AREAS,
    CUTS,
    GRIDS,
    LATE,
    MOST_DRAWN,
    TILES,
    TRENDS,
    Against,
    Cell,
    Column,
    Cut,
    Dashboard,
    Grid,
    LateClock,
    Line,
    Picture,
    Sheet,
    Table,
    Tile,
    Trend,
    measures_named,
)
from performance.services.longer_periods import Part, one_of_year, parts_of, shown_of_year
from performance.services.periods import (
    ONE_DAY,
    before,
    comparable,
    is_running,
    is_within,
    key_of,
    points_up_to,
    quarters_with,
    short_name,
    with_whole_quarters,
)
from performance.services.report_periods import IN_PART, is_recorded_in_part, recorded_since
from performance.services.small_numbers import Shown, shown, shown_over_time


@dataclass(frozen=True)
class Asked:
    """Which dashboard, for whom: who sees small numbers, and who may open the lists."""

    partnership: Partnership
    period: Period
    today: dt.date
    monthly: bool = False
    small: bool = False
    opens: bool = False


def build(asked: Asked) -> Dashboard:
    return _Builder(asked).build()


def address(measure: Measure, period: Period, **only: str) -> str:
    """Of the list of what a figure counts."""
    url = reverse("performance:records", args=[measure.name])
    return f"{url}?{urlencode({'period': key_of(period), **only})}"


class _Builder:
    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.period, year_start = asked.period, asked.partnership.year_start
        end = min(self.period.last, asked.today)
        self.drawn = points_up_to(end, year_start, monthly=asked.monthly)
        self.points = with_whole_quarters(self.drawn, year_start) if asked.monthly else self.drawn
        self.quarters = quarters_with(self.points, year_start)
        self.figures = Figures(asked.partnership)

    def build(self) -> Dashboard:
        self._want()
        self.figures.ask()
        made = Dashboard(self.period, is_running(self.period, self.asked.today))
        made.tiles = [self._tile(each) for each in measures_named(*TILES)]
        made.late = [self._late(each) for each in measures_named(*LATE)]
        made.pictures = [*map(self._trend, TRENDS), *map(self._cut, CUTS)]
        made.tables = [self._table(each) for each in GRIDS]
        return made

    # What is asked for.

    def _want(self) -> None:
        for measure in measures_named(*TILES):
            for period in (self.period, *self._earlier(measure)):
                self.figures.want(measure, period, *self._parts(measure, period))
            if measure.adds_up:
                self.figures.want(measure, *self.points)
        for measure in measures_named(*LATE):
            self.figures.want(measure, self.period)
        for trend in TRENDS:
            for measure in measures_named(*trend.measures):
                self.figures.want(measure, self.period, *self.points)
        parts = [(cut.measure, cut.breakdown) for cut in CUTS]
        parts += [(column.measure, self._breakdown(grid)) for grid in GRIDS for column in grid.columns]
        for name, by in parts:
            self._want_by(name, by)

    def _want_by(self, name: str, by: str) -> None:
        measure = find_measure(name)
        if measure and (breakdown := measure.breakdown(by)):
            for period in (self.period, *self._parts(measure, self.period)):
                self.figures.want(measure, period)
                self.figures.want_by(measure, breakdown, period)

    def _earlier(self, measure: Measure) -> list[Period]:
        """The period before and the same a year ago: while it runs, as many of their days as it counts."""
        to = max(self._counted_to(measure), self.period.first)
        earlier = (before(self.period, self.asked.partnership.year_start), self.period.back())
        return list(dict.fromkeys(comparable(each, self.period, to) for each in earlier))

    def _counted_to(self, measure: Measure) -> dt.date:
        return self.asked.today - ONE_DAY if measure.to_yesterday else self.asked.today

    def _parts(self, measure: Measure, period: Period) -> list[Period]:
        return parts_of(measure, period, self.asked.partnership.year_start, small=self.asked.small)

    def _breakdown(self, grid: Grid) -> str:
        return grid.breakdown if grid is not AREAS or self._has_local_areas else "ward"

    @cached_property
    def _has_local_areas(self) -> bool:
        areas = Area.objects.filter(partnership=self.asked.partnership, kind=AreaKind.LOCAL_AREA)
        return areas.exists()

    @cached_property
    def _since(self) -> dict[str, dt.date]:
        return recorded_since(self.asked.partnership, list(measures_named(*TILES)))

    # What is made of it.

    def _figure(self, measure: Measure, period: Period) -> Figure | None:
        """None where the room had no records yet, which is not nought."""
        since = self._since.get(measure.room)
        if since is None or period.last < since:
            return None
        return self.figures.whole(measure, period)

    def _one(self, measure: Measure, period: Period) -> Shown | None:
        figure = self._figure(measure, period)
        if figure is None:
            return None
        parts = [self._figure(measure, each) for each in self._parts(measure, period)]
        return one_of_year(figure, [each for each in parts if each], small=self.asked.small)

    def _over_time(self, measure: Measure) -> list[Shown | None]:
        figures = [self._figure(measure, point) for point in self.points]
        totals = [
            [is_within(point, each) for point in self.points]
            for each in (*self.quarters, self.period, *self._earlier(measure))
        ]
        return shown_over_time(figures, totals, small=self.asked.small)[-len(self.drawn) :]

    def _url(self, measure: Measure, period: Period, **only: str) -> str:
        return address(measure, period, **only) if self.asked.opens else ""

    def _tile(self, measure: Measure) -> Tile:
        now, share = self._one(measure, self.period), measure.part is not None
        against = [
            Against(self._change(measure, now, each), self._when(each)) for each in self._earlier(measure)
        ]
        return Tile(measure, now, self._url(measure, self.period), against, self._spark(measure, share=share))

    def _change(self, measure: Measure, now: Shown | None, earlier: Period) -> Change:
        if now is not None and self._counted_to(measure) < self.period.first:
            return Change(UNKNOWN, "nothing to compare yet")
        if now is not None and is_recorded_in_part(earlier, self._since.get(measure.room)):
            return Change(UNKNOWN, IN_PART)
        return change(now, self._one(measure, earlier), share=measure.part is not None)

    def _spark(self, measure: Measure, *, share: bool) -> str:
        """None where a number in it is held back: a line with holes tells nobody anything."""
        if not measure.adds_up:
            return ""
        points = self._over_time(measure)
        if any(point and point.number is None for point in points):
            return ""
        trend = [_value(point, share=share) for point in points]
        known = [each for each in trend if each is not None]
        return charts.spark(trend) if trend[-1] is not None and any(known[:-1]) else ""

    def _when(self, period: Period) -> str:
        so_far = is_running(self.period, self.asked.today)
        return f"by the same day of {period.name}" if so_far else f"in {period.name}"

    def _late(self, measure: Measure) -> LateClock:
        figure = self.figures.whole(measure, self.period)
        row = shown([figure], small=self.asked.small).rows[0]
        return LateClock(measure, row, self._url(measure, self.period))

    def _trend(self, trend: Trend) -> Picture:
        lines = []
        for measure in measures_named(*trend.measures):
            points = self._over_time(measure)
            values = tuple(_value(each, share=trend.shares) for each in points)
            label = measure.part.label if trend.shares and measure.part else ""
            name = f"{measure.label}, {label}" if label else measure.label
            urls = [
                self._url(measure, at) if each else "" for at, each in zip(self.drawn, points, strict=True)
            ]
            lines.append(charts.Line(name, values, tuple(_words(each) for each in points), tuple(urls)))
        labels = [short_name(point) for point in self.drawn]
        draw = charts.column_chart if len(lines) == 1 else charts.line_chart
        chart = draw(trend.title, trend.unit, labels, lines)
        return Picture(trend.name, chart, _rows_of(chart))

    def _cut(self, cut: Cut) -> Picture:
        measure = find_measure(cut.measure)
        if measure is None:
            return Picture(cut.name, charts.bar_chart(cut.title, "", [], []), [])
        rows = self._rows(measure, cut.breakdown)
        title = cut.title if len(rows) <= MOST_DRAWN else f"{cut.title}, the {MOST_DRAWN} most frequent"
        urls = [self._url(measure, self.period, **{cut.breakdown: row.key}) for row in rows]
        return Picture(
            cut.name,
            _bars(title, measure, rows[:MOST_DRAWN], urls[:MOST_DRAWN]),
            _rows_of(_bars(cut.title, measure, rows, urls)),
        )

    def _rows(self, measure: Measure, by: str) -> list[Shown]:
        breakdown = measure.breakdown(by)
        if breakdown is None:
            return []
        found, *quarters = [
            Part(self.figures.by(measure, breakdown, each), self.figures.whole(measure, each))
            for each in (self.period, *self._parts(measure, self.period))
        ]
        return shown_of_year(found.figures, found.total, quarters, small=self.asked.small).rows

    def _table(self, grid: Grid) -> Table:
        by = self._breakdown(grid)
        columns = [(column, measure) for column in grid.columns for measure in measures_named(column.measure)]
        found = [{row.key: row for row in self._rows(measure, by)} for _, measure in columns]
        labels = {key: row.label for rows in found for key, row in rows.items()}
        keys = sorted(labels, key=lambda key: (key == NONE, labels[key]))
        lines = [
            Line(labels[key], [
                self._cell(column, measure, by, rows.get(key))
                for (column, measure), rows in zip(columns, found, strict=True)
            ])
            for key in keys
        ]  # fmt: skip
        return Table(grid.name, grid.title, [column.label for column, _ in columns], lines)

    def _cell(self, column: Column, measure: Measure, by: str, row: Shown | None) -> Cell:
        if row is None:
            return Cell("none" if column.share else "0")
        url = self._url(measure, self.period, **{by: row.key})
        if not column.share:
            return Cell(row.words, url, of=measure.unit)
        if row.number is None:
            return Cell(row.words, url, of=measure.unit)
        words = row.part_words if row.percent is None else f"{row.percent}%"
        return Cell(words, url, f"of {row.words}", measure.unit)


def sheets(dashboard: Dashboard) -> list[Sheet]:
    """Every figure of the page as tables."""
    figures = [["Figure", "Number", "Of all", "Share", "Compared", "With"]]
    for tile in dashboard.tiles:
        figures += [_tile_row(tile, each) for each in tile.against]
    late = [["Late now", "Number"], *([each.measure.label, each.shown.words] for each in dashboard.late)]
    found = [Sheet("figures", "Figures", figures), Sheet("late", "Late now", late)]
    found += [Sheet(each.name, each.chart.title, each.rows) for each in dashboard.pictures]
    return found + [Sheet(each.name, each.title, _table_rows(each)) for each in dashboard.tables]


def _tile_row(tile: Tile, against: Against) -> list[str]:
    shown = tile.shown
    number = shown.words if shown else "not recorded"
    part = shown.part_words if shown else ""
    share = f"{shown.percent}%" if shown and shown.percent is not None else ""
    words = ", ".join(filter(None, [against.change.words, against.change.percent_words]))
    label = f"{tile.measure.label}: {tile.measure.part.label}" if part and tile.measure.part else tile.label
    head = [label, part or number, number if part else "", share]
    return [*head, words, against.when]


def _table_rows(table: Table) -> list[list[str]]:
    lines: Sequence[Line] = table.lines
    return [
        ["", *table.head],
        *(
            [line.label, *(" ".join(filter(None, [cell.words, cell.detail])) for cell in line.cells)]
            for line in lines
        ),
    ]


def _bars(title: str, measure: Measure, rows: list[Shown], urls: list[str]) -> charts.Chart:
    numbers, words = tuple(row.number for row in rows), tuple(map(_words, rows))
    line = charts.Line(measure.label, numbers, words, tuple(urls))
    return charts.bar_chart(title, measure.unit, [row.label for row in rows], [line])


def _rows_of(chart: charts.Chart) -> list[list[str]]:
    return [chart.head, *chart.rows]


def _value(point: Shown | None, *, share: bool) -> int | None:
    if point is None:
        return None
    return point.percent if share else point.number


def _words(point: Shown | None) -> str:
    """In the table of a chart, where there is no number to draw."""
    if point is None:
        return ""
    if point.number is None:
        return point.words
    return (
        point.part_words if point.part is None and point.part_words else ("none" if point.number == 0 else "")
    )
