"""Charts: one look on pages and in PDFs, readable in greyscale and without telling colours apart.

Each is a picture with words for those who cannot see it, and the table that it draws. Drawn once, then kept.
"""

import base64
import hashlib
import io
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.conf import settings
from django.core.cache import cache

KEPT = 7 * 24 * 3600  # seconds
INK, GRID, BRAND = "#1f2a2e", "#c9d1d4", "#0b5c63"
SHADES = (BRAND, "#d98324", "#7fb2b8", "#5a3e85", "#a8b0b3")
"""Far apart in lightness too, so that they differ in print."""
HATCHES = ("", "//", "..", "xx", "--")
DASHES = ("-", "--", ":", "-.", (0, (1, 1)))
MARKS = ("o", "s", "^", "D", "v")
LOOK: Any = {"svg.fonttype": "path", "svg.hashsalt": "casework", "font.family": "DejaVu Sans"}
"""Letters as shapes: a picture cannot use the fonts of the page that shows it."""
WIDTH, ROW, HEIGHT = 7.2, 0.36, 2.9  # inches
LETTERS = 89
"""So many of the labels' letters fit side by side below a chart."""

Number = float | int | None


@dataclass(frozen=True)
class Line:
    """One row of numbers with its name. None is a number that is missing, which is not nought."""

    label: str
    values: tuple[Number, ...]
    words: tuple[str, ...] = ()
    """What stands in the place of each number that is missing, where "not recorded" is not true of it."""
    urls: tuple[str, ...] = ()
    """Where the records behind each number are listed, if there is a list, for who may read it."""

    def words_of(self, place: int) -> str:
        number = self.values[place]
        if number is not None:
            return _short(number)
        return (self.words[place] if self.words else "") or "not recorded"


@dataclass(frozen=True)
class Cell:
    """One number in the table of a chart."""

    words: str
    url: str
    of: str
    """The line it belongs to, for who does not see the head of the column."""


@dataclass(frozen=True)
class Chart:
    title: str
    unit: str
    labels: tuple[str, ...]
    lines: tuple[Line, ...]
    kind: str
    """`line` over time, `bar` for one after the other, `columns` over time."""

    @property
    def picture(self) -> str:
        """An address that holds the whole picture, as SVG."""
        drawn = replace(self, lines=tuple(replace(line, urls=()) for line in self.lines))
        spec = json.dumps(asdict(drawn), sort_keys=True)
        key = f"chart:{hashlib.sha256(spec.encode()).hexdigest()}"
        return str(cache.get_or_set(key, lambda: as_address(draw(self)), KEPT))

    @property
    def words(self) -> str:
        """What it shows, for those who do not see it."""
        return ". ".join([f"{self.title}, in {self.unit}", *map(self._in_words, self.lines)])

    def _in_words(self, line: Line) -> str:
        pairs = zip(line.values, self.labels, strict=True)
        known = [(number, label) for number, label in pairs if number is not None]
        if not known:
            return f"{line.label}: no figures"
        if self.kind == "bar" or len(known) == 1:
            return f"{line.label}: " + ", ".join(f"{label} {_short(number)}" for number, label in known)
        (first, began), (last, ended) = known[0], known[-1]
        most, when = max(known, key=lambda pair: pair[0])
        ends = f"{_short(first)} in {began}, {_short(last)} in {ended}"
        return f"{line.label}: {ends}, most {_short(most)} in {when}"

    @property
    def head(self) -> list[str]:
        return ["", *(line.label for line in self.lines)]

    @property
    def rows(self) -> list[list[str]]:
        """The table of it, as files hold it."""
        return [[label, *(cell.words for cell in cells)] for label, cells in self.table]

    @property
    def table(self) -> list[tuple[str, list[Cell]]]:
        """The table of it: a label, and the numbers beside it."""
        return [
            (label, [
                Cell(line.words_of(place), line.urls[place] if line.urls else "", line.label)
                for line in self.lines
            ])
            for place, label in enumerate(self.labels)
        ]  # fmt: skip


def line_chart(title: str, unit: str, labels: Sequence[str], lines: Sequence[Line]) -> Chart:
    """Over time. A gap in the line is a number that is missing."""
    return Chart(title, unit, tuple(labels), tuple(lines), "line")


def column_chart(title: str, unit: str, labels: Sequence[str], lines: Sequence[Line]) -> Chart:
    """Over time, each period by itself."""
    return Chart(title, unit, tuple(labels), tuple(lines), "columns")


def bar_chart(title: str, unit: str, labels: Sequence[str], lines: Sequence[Line]) -> Chart:
    """One thing beside another, with long names."""
    return Chart(title, unit, tuple(labels), tuple(lines), "bar")


def spark(values: Sequence[Number]) -> str:
    """A small trend without words, to stand beside the number that says it. The address of its picture."""
    key = f"spark:{hashlib.sha256(json.dumps(list(values)).encode()).hexdigest()}"
    return str(cache.get_or_set(key, lambda: as_address(_draw_spark(values)), KEPT))


def as_address(svg: bytes) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg).decode()


def _short(number: float) -> str:
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.1f}"


def draw(chart: Chart) -> bytes:
    """The picture as SVG, the same bytes whenever the numbers are the same."""
    rows = len(chart.labels) * len(chart.lines)
    height = max(1.2, ROW * rows + 0.8) if chart.kind == "bar" else HEIGHT
    figure, axes = _paper(WIDTH, height)
    DRAWING[chart.kind](axes, chart)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(GRID)
    axes.tick_params(length=0, colors=INK, labelsize=9)
    if len(chart.lines) > 1:
        figure.legend(loc="outside upper left", ncols=3, frameon=False, fontsize=9, labelcolor=INK)
    return _as_svg(figure)


def _draw_spark(values: Sequence[Number]) -> bytes:
    figure, axes = _paper(1.1, 0.32)
    points = [float("nan") if value is None else float(value) for value in values]
    axes.plot(points, color=BRAND, linewidth=1.6)
    axes.plot(len(points) - 1, points[-1], "o", color=BRAND, markersize=3.5, clip_on=False)
    axes.margins(x=0.08, y=0.2)
    axes.axis("off")
    return _as_svg(figure)


def _paper(width: float, height: float) -> tuple[Any, Any]:
    # Matplotlib keeps its list of fonts beside our own files: there may be no home to write to.
    os.environ.setdefault("MPLCONFIGDIR", str(settings.DATA_DIR / "matplotlib"))
    from matplotlib import rcParams  # noqa: PLC0415 -- slow import
    from matplotlib.figure import Figure  # noqa: PLC0415 -- slow import

    rcParams.update(LOOK)  # for good: threads that draw side by side share it
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots()


def _as_svg(figure: Any) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return out.getvalue()


def _draw_lines(axes: Any, chart: Chart) -> None:
    places = range(len(chart.labels))
    for number, line in enumerate(chart.lines):
        points = [float("nan") if value is None else float(value) for value in line.values]
        axes.plot(
            places, points, label=line.label, color=SHADES[number % len(SHADES)], linewidth=2,
            linestyle=DASHES[number % len(DASHES)], marker=MARKS[number % len(MARKS)], markersize=5,
        )  # fmt: skip
    _over_time(axes, chart)


def _draw_columns(axes: Any, chart: Chart) -> None:
    width = 0.8 / len(chart.lines)
    for number, line in enumerate(chart.lines):
        places = [place + (number - (len(chart.lines) - 1) / 2) * width for place in range(len(chart.labels))]
        bars = axes.bar(places, [value or 0 for value in line.values], width * 0.92, **_fill(number, line))
        axes.bar_label(bars, _labels(line), fontsize=8, color=INK, padding=2)
    _over_time(axes, chart)


def _over_time(axes: Any, chart: Chart) -> None:
    letters = len(chart.labels) * (max(map(len, chart.labels), default=0) + 1)
    every = max(1, -(-letters // LETTERS))
    shown = range(0, len(chart.labels), every)
    axes.set_xticks(list(shown), [chart.labels[place] for place in shown])
    axes.set_ylim(0, (max(axes.dataLim.y1, 0) or 1) * 1.15)  # room for marks and numbers at the top
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.grid(axis="y", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)


def _draw_bars(axes: Any, chart: Chart) -> None:
    height = 0.8 / len(chart.lines)
    for number, line in enumerate(chart.lines):
        places = [
            place + (number - (len(chart.lines) - 1) / 2) * height for place in range(len(chart.labels))
        ]
        bars = axes.barh(places, [value or 0 for value in line.values], height * 0.92, **_fill(number, line))
        axes.bar_label(bars, _labels(line), fontsize=9, color=INK, padding=3)
    axes.set_yticks(range(len(chart.labels)), chart.labels)
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.margins(x=0.1)


def _fill(number: int, line: Line) -> dict[str, Any]:
    return {
        "label": line.label, "color": SHADES[number % len(SHADES)], "hatch": HATCHES[number % len(HATCHES)],
        "edgecolor": "white", "linewidth": 0,
    }  # fmt: skip


def _labels(line: Line) -> list[str]:
    return [line.words_of(place) for place in range(len(line.values))]


DRAWING = {"line": _draw_lines, "columns": _draw_columns, "bar": _draw_bars}
