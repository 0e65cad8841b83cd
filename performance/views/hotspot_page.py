"""What the page of hotspots, its map and its file say, as far as the reader sees small numbers."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from csp.agencies.measures import Figure
from csp.agencies.models import Partnership
from csp.core.charts import Chart, Line, column_chart
from csp.core.text import count
from performance.forms.hotspots import HotspotsFilter
from performance.services.hotspot_times import Times, by_time
from performance.services.hotspots import Ground, Hexagon, Wanted, What, by_month, find_hexagons
from performance.services.rounding import ROUNDED, rounded_down
from performance.services.small_numbers import Shown, ShownTable, shown

MOST_LISTED = 100
SHADES = 5


@dataclass(frozen=True)
class Spot:
    """One hexagon in the list beside the map."""

    rank: int
    cell: str
    label: str
    words: str
    url: str


@dataclass(frozen=True)
class Numbers:
    """A few numbers in a row: drawn, or as words alone where some are held back."""

    key: str
    title: str
    table: ShownTable
    chart: Chart | None
    downloads: list[dict[str, str]]
    note: str = ""


@dataclass(frozen=True)
class HotspotsPage:
    partnership: Partnership
    form: HotspotsFilter
    ours: frozenset[int]
    """Partners in which the reader does casework: what nobody else may find has a point for them."""

    @cached_property
    def wanted(self) -> Wanted:
        return self.form.wanted

    @property
    def small(self) -> bool:
        return self.form.offered.small

    @cached_property
    def ground(self) -> Ground:
        return find_hexagons(self.partnership, self.wanted, self.ours)

    @cached_property
    def _table(self) -> ShownTable:
        """The hexagons and, last, what has no point: it stands beside them, so it is held back with them."""
        figures = [each.figure for each in self.ground.hexagons]
        figures.append(Figure("", "", self.ground.without_point))
        return self._shown(figures)

    def _shown(self, figures: Sequence[Figure]) -> ShownTable:
        total = Figure("", "All", sum(each.number for each in figures))
        table = shown(figures, total, small=self.small)
        return table if self.small else rounded_down(table)

    @cached_property
    def hexagons(self) -> list[tuple[Hexagon, Shown]]:
        """Each with what it may say, the largest such number first: the order tells nothing more."""
        pairs = zip(self.ground.hexagons, self._table.rows[:-1], strict=True)
        return sorted(pairs, key=lambda pair: (-(pair[1].number or 0), pair[0].cell))

    @property
    def total(self) -> str:
        return self._in_words(self._table.total) if self._table.total else ""

    def _in_words(self, row: Shown) -> str:
        return f"{row.words} {self.wanted.noun(row.number)}"

    @cached_property
    def open_rows(self) -> list[Shown]:
        return [row for _, row in self.hexagons if row.number is not None]

    @property
    def spots(self) -> list[Spot]:
        rows = self.open_rows[:MOST_LISTED]
        return [
            Spot(rank, row.key, row.label, row.words, self._records_url(row.key))
            for rank, row in enumerate(rows, 1)
        ]

    @property
    def not_listed(self) -> int:
        return max(0, len(self.open_rows) - MOST_LISTED)

    @property
    def held_back(self) -> int:
        return len(self.hexagons) - len(self.open_rows)

    @property
    def without_point(self) -> str:
        return self._table.rows[-1].words if self.ground.without_point else ""

    def _records_url(self, cell: str) -> str:
        """Those who see small numbers may open what a hexagon counts."""
        if not self.small:
            return ""
        return f"{reverse('performance:hotspot_records', args=[cell])}?{urlencode(self.form.query)}"

    def address(self, name: str, **more: str) -> str:
        return f"{reverse(name)}?{urlencode(self.form.query | more)}"

    @property
    def points_url(self) -> str:
        return self.address("performance:hotspot_points")

    @property
    def file_urls(self) -> list[dict[str, str]]:
        return self._downloads()

    def _downloads(self, **more: str) -> list[dict[str, str]]:
        return [
            {"label": kind.upper(), "url": self.address("performance:hotspot_file", format=kind, **more)}
            for kind in ("csv", "ods")
        ]

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The same months and area, of something else."""
        kept = {"area", "size"} if self.wanted.what == What.POLICE else {"area", "size", "first", "last"}
        keeps = {name: value for name, value in self.form.query.items() if name in kept}
        return [
            {
                "label": label,
                "url": f"{reverse('performance:hotspots')}?{urlencode(self._tab(what, keeps))}",
                "active": what == self.wanted.what,
            }
            for what, label in What.choices
        ]

    def _tab(self, what: str, keeps: dict[str, str]) -> dict[str, str]:
        """The police publish late, so that their newest months are others than ours."""
        of_time = {"first", "last"} if what == What.POLICE else set()
        return {"what": what} | {name: value for name, value in keeps.items() if name not in of_time}

    @property
    def months(self) -> Numbers:
        figures = by_month(self.partnership, self.wanted)
        missing = len(self.wanted.months) - len(figures)
        note = f"No file of the police is loaded for {count(missing, 'month')} of these." if missing else ""
        return self._numbers("months", "By month", figures, note)

    @cached_property
    def times(self) -> Times | None:
        return by_time(self.partnership, self.wanted)

    @property
    def over_time(self) -> list[Numbers]:
        if self.times is None:
            return [self.months]
        return [
            self.months,
            self._numbers("days", "By day of the week", self.times.days),
            self._numbers("hours", "By time of day", self.times.bands),
        ]

    @property
    def unit(self) -> str:
        return self.wanted.noun() if self.small else f"{self.wanted.noun()}, {ROUNDED}"

    def _numbers(self, key: str, title: str, figures: Sequence[Figure], note: str = "") -> Numbers:
        table = self._shown(figures)
        chart = None
        if any(each.number for each in figures) and all(row.number is not None for row in table.rows):
            line = Line(self.wanted.noun().capitalize(), tuple(row.number for row in table.rows))
            labels = [row.label.replace(" ", "\n", 1) for row in table.rows]
            chart = column_chart(title, self.unit, labels, [line])
        return Numbers(key, title, table, chart, self._downloads(table=key), note)

    @property
    def points(self) -> dict[str, Any]:
        """For the map: hexagons with what each may say, and names to write on the ground."""
        numbers = sorted(row.number for row in self.open_rows if row.number is not None)
        limits = [numbers[len(numbers) * step // SHADES] for step in range(1, SHADES)] if numbers else []
        ranks = {row.key: rank for rank, row in enumerate(self.open_rows, 1)}
        rows = [
            {
                "id": each.cell,
                "ring": each.ring,
                "centre": each.centre,
                "number": row.number,
                "words": self._in_words(row),
                "label": row.label,
                "rank": ranks.get(each.cell),
                "shade": 0 if row.number is None else bisect_right(limits, row.number) + 1,
            }
            for each, row in self.hexagons
        ]
        return {
            "hexagons": rows,
            "wards": [{"name": name, "at": [north, east]} for name, north, east in self.ground.wards],
        }
