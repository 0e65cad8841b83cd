"""The longer period gives way. A quarter's numbers stand on pages of their own, so of a year nothing is shown
from which, with those, a number could be worked out that they hold back.
"""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

from csp.agencies.measures import Figure, Measure
from csp.core.calendar import Period
from performance.services.report_periods import is_quarter, quarters_of
from performance.services.small_numbers import (
    FEW,
    HELD_BACK,
    LEAST,
    Shown,
    ShownTable,
    held,
    held_last,
    is_small,
    places_of,
    shown,
    suppressed,
    table_of,
)
from performance.services.worked_out import ANY, Held, worked_out

ALL, WHOLE_YEAR = "all", "year"


@dataclass(frozen=True)
class Part:
    """The same table of a quarter, or of another part of the year."""

    figures: Sequence[Figure]
    total: Figure | None = None


def shown_of_year(
    figures: Sequence[Figure],
    total: Figure | None,
    parts: Sequence[Part],
    *,
    small: bool,
    known: Collection[str] = (),
) -> ShownTable:
    """As `shown`, of a year that adds up from these parts. Without any it stands alone."""
    if small:
        return shown(figures, total, small=True)
    return held_last(
        _Year(figures, total, parts, known).table() if parts else suppressed(figures, total, known=known)
    )


def one_of_year(figure: Figure, parts: Sequence[Figure], *, small: bool) -> Shown:
    """One number of a year, beside the same of its quarters: what is left of it is a part too."""
    numbers = [Figure(figure.key, figure.label, each.number, each.part) for each in parts]
    left = figure.number - sum(each.number for each in parts)
    if parts and left:
        part = None if figure.part is None else figure.part - sum(each.part or 0 for each in parts)
        numbers.append(Figure(figure.key, figure.label, left, part))
    return shown_of_year([figure], None, [Part([each]) for each in numbers], small=small).rows[0]


def parts_of(measure: Measure, period: Period, first_month: int, *, small: bool) -> list[Period]:
    """The whole quarters of which a year of this measure adds up, where its reader does not see all."""
    if small or is_quarter(period) or measure.as_it_stands or not measure.adds_up:
        return []
    return [each for each in quarters_of(period, first_month) if each.last <= period.last]


class _Year:
    def __init__(
        self, figures: Sequence[Figure], total: Figure | None, parts: Sequence[Part], known: Collection[str]
    ) -> None:
        self.figures, self.total, self.known = figures, total, known
        self.parts = [suppressed(each.figures, each.total, known=known) for each in parts]
        self.given = parts
        self.numbers = [each.number for each in figures]

    def table(self) -> ShownTable:
        beside = self.total is not None and not is_small(self.total.number)
        words = held(self.numbers, total=beside, known=places_of(self.figures, self.known))
        for place, figure in enumerate(self.figures):
            if any(each.least < each.most for each in worked_out(self._of_row(figure.key, words[place]))):
                words[place] = HELD_BACK
        smallest_first = sorted(range(len(words)), key=lambda place: self.numbers[place])
        for place in [place for place in smallest_first if self.numbers[place]]:
            if not self._tells(words):
                break
            words[place] = HELD_BACK
        return table_of(
            self.figures,
            words,
            self.total,
            known=self.known,
            without_total=self._tells(words),
            without_parts=self._parts_that_tell(words),
        )

    @cached_property
    def _cells(self) -> list[Held]:
        """What is held back of the parts of the year, and how they add up to their totals."""
        found: list[Held] = []
        for column, (given, table) in enumerate(zip(self.given, self.parts, strict=True)):
            seen = min((row.number for row in table.rows if row.number), default=ANY)
            for figure, row in zip(given.figures, table.rows, strict=True):
                if row.number is None:
                    limits = _limits(row.words, figure.number, seen)
                    found.append(Held(("row", figure.key), ("column", column), figure.number, *limits))
            found += _total_of(column, given, table.total)
        return found

    def _of_row(self, key: str, word: str) -> list[Held]:
        """The cells of one row, to which nothing else adds, with the year's number where it is few."""
        cells = [each for each in self._cells if each.start == ("row", key)]
        alone = [Held("year", "parts", each.number, each.least, each.most) for each in cells]
        if word == HELD_BACK:
            return []
        if word == FEW and cells:
            alone.append(Held("parts", "year", sum(each.number for each in cells), 1, LEAST - 1))
        return alone

    def _cells_with(self, words: Sequence[str], *, total: bool) -> list[Held]:
        cells = list(self._cells)
        for figure, word in zip(self.figures, words, strict=True):
            if word:
                limits = (1, LEAST - 1) if word == FEW else (0, ANY)
                cells.append(Held(WHOLE_YEAR, ("row", figure.key), figure.number, *limits))
        if not (total and self.total and sum(self.numbers) == self.total.number):
            cells.append(Held(ALL, WHOLE_YEAR, 0, -ANY))
        elif is_small(self.total.number):
            cells.append(Held(ALL, WHOLE_YEAR, self.total.number, 1, LEAST - 1))
        return cells

    @cached_property
    def _told_anyway(self) -> set[tuple[object, object]]:
        """Where nothing of the year is shown."""
        cells = self._cells_with([HELD_BACK] * len(self.figures), total=False)
        return {(each.start, each.end) for each in worked_out(cells)}

    def _tells(self, words: Sequence[str]) -> bool:
        cells = self._cells_with(words, total=True)
        return any(
            is_small(each.number) and (each.start, each.end) not in self._told_anyway
            for each in worked_out(cells)
        )

    def _parts_that_tell(self, words: Sequence[str]) -> set[int]:
        """Whose share of the year is not shown: where that of one gives way, others that hide it too."""
        open_ones = [place for place, word in enumerate(words) if not word]
        tell = {place for place in open_ones if self._share_tells([place])}
        if not tell or self.total is None:
            return tell
        others = [place for place in open_ones if place not in tell and self._shares([place])]
        for place in sorted(others, key=lambda place: self.numbers[place]):
            if not self._share_tells(tell):
                return tell
            tell.add(place)
        return set(open_ones) if self._share_tells(tell) else tell

    def _shares(self, places: Collection[int]) -> list[Held]:
        """What is held back of their shares in the parts of the year."""
        keys = {self.figures[place].key for place in places}
        return [
            cell
            for column, (given, table) in enumerate(zip(self.given, self.parts, strict=True))
            for figure, row in zip(given.figures, table.rows, strict=True)
            if figure.key in keys and figure.part is not None and row.part is None
            for cell in _share((column, figure.key), figure, row)
        ]

    def _share_tells(self, places: Collection[int]) -> bool:
        """Whether the shares of the year, of all of these together, leave one answer for one of a part."""
        cells = self._shares(places)
        open_too = [*cells, Held("met", ALL, 0, -ANY), Held("missed", ALL, 0, -ANY)]
        anyway = {(each.start, each.end) for each in worked_out(open_too)}
        return any((each.start, each.end) not in anyway for each in worked_out(cells))


def _limits(words: str, number: int, seen: int) -> tuple[int, int]:
    """Between what a reader knows a number to lie in whose place these words stand."""
    return (1, LEAST - 1) if words == FEW else (LEAST, max(number, seen))


def _total_of(column: int, given: Part, read: Shown | None) -> list[Held]:
    added = sum(each.number for each in given.figures)
    if given.total is None or read is None or given.total.number != added:
        return [Held(("column", column), ALL, 0, -ANY)]
    if read.number is not None:
        return []
    return [Held(("column", column), ALL, added, *((1, LEAST - 1) if read.words == FEW else (0, ANY)))]


def _share(place: Hashable, figure: Figure, row: Shown) -> list[Held]:
    """What met what was asked in one part of the year, and what did not."""
    met = figure.part or 0
    missed = figure.number - met
    if row.number is None:
        few = row.words == FEW
        limits = (1, LEAST - 1) if few else (LEAST, ANY)
        most = LEAST - 1 if few else ANY
        return [
            Held(ALL, place, figure.number, *limits),
            Held(place, "met", met, 0, most),
            Held(place, "missed", missed, 0, most),
        ]
    if is_small(met):
        return [
            Held(place, "met", met, 1, LEAST - 1),
            Held(place, "missed", missed, figure.number - LEAST + 1, figure.number - 1),
        ]
    return [
        Held(place, "met", met, LEAST, figure.number),
        Held(place, "missed", missed, 0, figure.number - LEAST),
    ]
