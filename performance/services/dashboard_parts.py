"""What the dashboard shows, and in which words."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from csp.agencies.measures import Measure, find_measure
from csp.core.calendar import Period
from csp.core.charts import Chart
from performance.services.comparing import Change
from performance.services.small_numbers import Shown


@dataclass(frozen=True)
class Trend:
    """One chart over time. `shares` draws how many in a hundred met what was asked."""

    name: str
    title: str
    measures: tuple[str, ...]
    unit: str = ""
    shares: bool = False


@dataclass(frozen=True)
class Cut:
    """One chart of a measure by what it is counted by."""

    name: str
    title: str
    measure: str
    breakdown: str


@dataclass(frozen=True)
class Column:
    measure: str
    label: str
    share: bool = False


@dataclass(frozen=True)
class Grid:
    """One table of several measures by the same thing."""

    name: str
    title: str
    breakdown: str
    columns: tuple[Column, ...]


TILES = (
    "reports-received", "reports-triaged", "repeat-victim-reports", "cases-opened", "cases-closed",
    "cases-open", "actions-due", "powers-used",
)  # fmt: skip
MOST_DRAWN = 8
"""Bars of one chart. Its file and its list have all of them."""
LATE = ("reports-late", "updates-late", "risk-late", "actions-late")
TRENDS = (
    Trend("reports-over-time", "Reports received", ("reports-received",), "reports"),
    Trend("cases-over-time", "Cases opened and closed", ("cases-opened", "cases-closed"), "cases"),
    Trend("on-time", "Done on time", ("reports-triaged", "actions-due"), "per cent", shares=True),
)
CUTS = (
    Cut("outcomes", "Cases closed by outcome", "cases-closed", "outcome"),
    Cut("categories", "Reports by category", "reports-received", "category"),
    Cut("channels", "How reports came in", "reports-received", "channel"),
)
AREAS = Grid(
    "areas",
    "By area",
    "area",
    (
        Column("reports-received", "Reports received"),
        Column("cases-opened", "Cases opened"),
        Column("cases-closed", "Cases closed"),
        Column("cases-open", "Cases open at the end"),
    ),
)
AGENCIES = Grid(
    "agencies",
    "By agency",
    "agency",
    (
        Column("cases-open", "Cases open at the end"),
        Column("actions-due", "Actions done on time", share=True),
        Column("actions-late", "Actions late now"),
        Column("meeting-attendance", "Meetings attended", share=True),
        Column("meeting-returns", "Returns sent", share=True),
    ),
)
GRIDS = (AREAS, AGENCIES)
NONE_THERE = "none"


@dataclass(frozen=True)
class Against:
    """What a figure is compared with, and how."""

    change: Change
    when: str


@dataclass(frozen=True)
class Tile:
    measure: Measure
    shown: Shown | None
    url: str
    against: list[Against]
    spark: str

    @property
    def headline(self) -> str:
        """The number, or of a measure with a part its share."""
        if self.shown is None:
            return "Not recorded"
        if self.measure.part is None or not self.shown.number:
            return self.shown.words
        return f"{self.shown.percent}%" if self.shown.percent is not None else self.shown.part_words

    @property
    def in_words(self) -> bool:
        return not self.headline[:1].isdigit()

    @property
    def label(self) -> str:
        part = self.measure.part
        if part is None or self.shown is None or not self.shown.number:
            return self.measure.label
        return f"{self.measure.label}: {part.label}"

    @property
    def detail(self) -> str:
        if self.measure.part is None or self.shown is None or not self.shown.number:
            return ""
        return f"{self.shown.part_words} of {self.shown.words} {self.measure.unit}"


@dataclass(frozen=True)
class LateClock:
    measure: Measure
    shown: Shown
    url: str

    @property
    def is_late(self) -> bool:
        return self.shown.number != 0


@dataclass(frozen=True)
class Picture:
    name: str
    chart: Chart
    rows: list[list[str]]
    """All of the figures, where the chart draws the largest alone."""

    @property
    def can_be_drawn(self) -> bool:
        """Whether there is any number to draw: they may all be nought, or held back."""
        return any(number for line in self.chart.lines for number in line.values)

    @property
    def too_small(self) -> bool:
        return any(number is None for line in self.chart.lines for number in line.values)


@dataclass(frozen=True)
class Cell:
    words: str
    url: str = ""
    detail: str = ""
    of: str = ""
    """What the number counts, for who does not see the head of the column."""


@dataclass(frozen=True)
class Line:
    label: str
    cells: list[Cell]


@dataclass(frozen=True)
class Table:
    name: str
    title: str
    head: list[str]
    lines: list[Line]


@dataclass(frozen=True)
class Sheet:
    """One table as a file holds it."""

    name: str
    title: str
    rows: list[list[str]]


@dataclass
class Dashboard:
    period: Period
    so_far: bool
    tiles: list[Tile] = field(default_factory=list)
    late: list[LateClock] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def measures_named(*names: str) -> Iterator[Measure]:
    """Those of them that the rooms of this installation count."""
    for name in names:
        if measure := find_measure(name):
            yield measure
