"""Values of an indicator from a table: read line by line, shown before they are kept, then all or none."""

import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import IO

from django.db import transaction

from cases.services.imports import reading
from cases.services.imports.refusals import CannotImport
from csp.agencies.models import User
from csp.core.calendar import Period, local_day
from csp.core.errors import RuleBroken
from csp.core.typed import read_day
from csp.core.uploads import MEGABYTE
from performance.models import Indicator, IndicatorValue
from performance.services import indicators
from performance.services.indicators import CannotKeepIndicator, Given, must_make_sense
from performance.services.spans import read_span

MOST_BYTES = MEGABYTE
MOST_LINES = 2000
ADD, RESTATE, SAME, WRONG = "add", "restate", "same", "wrong"
COLUMNS = {
    "period": ("period", "month", "quarter", "year"),
    "first": ("from", "first", "first day", "start"),
    "last": ("to", "last", "last day", "end"),
    "value": ("value", "figure", "number", "count"),
    "source": ("source",),
    "as_of": ("as of", "as_of", "given on", "published"),
    "note": ("note", "why", "reason"),
}
WITHOUT = {"no figure", "n/a", "na", "not available", "-", ":", ".."}
NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d{1,2})?%?")


@dataclass(frozen=True)
class Line:
    """One line of the table and what would come of it."""

    number: int
    cells: dict[str, str]
    does: str
    words: str
    period: Period | None = None
    given: Given | None = None
    standing: IndicatorValue | None = None


class NotAllRight(CannotImport):
    """A line is wrong, so none is kept."""


def as_text(file: IO[bytes]) -> str:
    """A CSV file or workbook as text that can be corrected on the page. Raises `CannotImport`."""
    layout = reading.detect(file, max_bytes=MOST_BYTES)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    with reading.opened(file, layout) as table:
        writer.writerow(table.header)
        for number, row in enumerate(table.rows):
            if row.problem:
                raise CannotImport(f"Line {row.line}: {row.problem}")
            if number == MOST_LINES:
                raise CannotImport(f"The file has more than {MOST_LINES:,} lines. Split it")
            writer.writerow(row.cells)
    return out.getvalue()


def read_lines(
    *, indicator: Indicator, text: str, source: str = "", as_of: dt.date | None = None, at: dt.datetime
) -> list[Line]:
    """`source` and `as_of` hold where a line says nothing else. Raises `CannotImport`."""
    content = io.BytesIO(text.strip().encode())
    layout = reading.detect(content, max_bytes=MOST_BYTES)
    with reading.opened(content, layout) as table:
        where = _columns(table.header)
        rows = [(row.line, row.cells) for row in table.rows]
    if not rows:
        raise CannotImport("There is a header and no line below it. Add the values")
    reader = _Reader(indicator, source, as_of, local_day(at))
    return [reader.read(line, _named(cells, where)) for line, cells in rows]


def _columns(header: Sequence[str]) -> dict[str, int]:
    names = {name.casefold(): place for place, name in enumerate(header)}
    where = {
        name: next(names[each] for each in spellings if each in names)
        for name, spellings in COLUMNS.items()
        if any(each in names for each in spellings)
    }
    if "value" not in where or not ("period" in where or {"first", "last"} <= where.keys()):
        raise CannotImport(
            "The first line must name the columns: period and value, and if you like source, as of and note"
        )
    return where


def _named(cells: Sequence[str], where: dict[str, int]) -> dict[str, str]:
    given = {name: cells[place].strip() for name, place in where.items() if place < len(cells)}
    return dict.fromkeys(COLUMNS, "") | given


class _Reader:
    def __init__(self, indicator: Indicator, source: str, as_of: dt.date | None, today: dt.date) -> None:
        self.source, self.as_of, self.today = source, as_of, today
        standing = indicator.values.standing()
        self.standing = {(each.first_on, each.last_on): each for each in standing}
        self.seen: dict[tuple[dt.date, dt.date], int] = {}

    def read(self, number: int, cells: dict[str, str]) -> Line:
        try:
            return self._read(number, cells)
        except RuleBroken as problem:
            return Line(number, cells, WRONG, str(problem))

    def _read(self, number: int, cells: dict[str, str]) -> Line:
        period = self._period(cells)
        span = period.first, period.last
        if (before := self.seen.setdefault(span, number)) != number:
            raise CannotKeepIndicator(f"{period} is on line {before} already")
        given = self._given(cells)
        must_make_sense(period, given, self.today)
        standing = self.standing.get(span)
        if standing is None:
            return Line(number, cells, ADD, "To be added", period, given)
        if standing.value == given.value:
            return Line(number, cells, SAME, "There already", period, given, standing)
        if not given.note:
            raise CannotKeepIndicator(
                f"{period} has another value, {standing.words}. To restate it, say why in a column named note"
            )
        return Line(number, cells, RESTATE, f"To be restated, was {standing.words}", period, given, standing)

    def _period(self, cells: dict[str, str]) -> Period:
        typed = cells["period"] or " to ".join(filter(None, (cells["first"], cells["last"])))
        if (period := read_span(typed, self.today)) is None:
            raise CannotKeepIndicator(
                f"“{typed}” is not a period. Write it like March 2024, 2021-22 Q4 or 2021-22"
            )
        return period

    def _given(self, cells: dict[str, str]) -> Given:
        source = cells["source"] or self.source
        if not source:
            raise CannotKeepIndicator("Say where the value is from")
        return Given(
            value=read_value(cells["value"]),
            source=source[:200],
            as_of=self._as_of(cells["as_of"]),
            note=cells["note"],
        )

    def _as_of(self, typed: str) -> dt.date:
        if not typed and self.as_of:
            return self.as_of
        day = read_day(typed, self.today, future=False) if typed else None
        if day is None:
            raise CannotKeepIndicator(
                f"“{typed}” is not a date. Write the day on which the source gave the value like 3 9 2026"
                if typed
                else "Say on which day the source gave the value"
            )
        return day


def read_value(typed: str) -> Decimal | None:
    """Raises `CannotKeepIndicator`. Nothing typed is a mistake: a source without a figure is said so."""
    if typed.casefold() in WITHOUT:
        return None
    if not typed:
        raise CannotKeepIndicator("Enter a value, or “no figure” where the source has none")
    if not NUMBER.fullmatch(typed):
        raise CannotKeepIndicator(f"“{typed}” is not a number with at most two decimal places")
    try:
        return Decimal(typed.replace(",", "").rstrip("%"))
    except InvalidOperation as problem:
        raise CannotKeepIndicator(f"“{typed}” is not a number") from problem


@transaction.atomic
def take_in(*, indicator: Indicator, lines: Sequence[Line], by: User | None, at: dt.datetime) -> int:
    """Keep all of them, or none. How many were added or restated. Raises `CannotImport`,
    `CannotKeepIndicator`.
    """
    if wrong := [line for line in lines if line.does == WRONG]:
        raise NotAllRight(f"Line {wrong[0].number}: {wrong[0].words}")
    kept = [line for line in lines if line.does in (ADD, RESTATE)]
    for line in kept:
        if line.period is None or line.given is None:
            continue
        if line.standing is not None:
            indicators.restate(value=line.standing, given=line.given, by=by, at=at)
        else:
            indicators.add_value(indicator=indicator, period=line.period, given=line.given, by=by, at=at)
    return len(kept)
