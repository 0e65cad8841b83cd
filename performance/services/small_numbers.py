"""The one place that keeps small numbers from those who see only numbers.

One to four records of an area or an agency can point at somebody. Who does not make the partnership's figures
reads "fewer than 5" instead, and nothing else of the same table from which the number can be worked out.
Nought names nobody and is shown.
"""

from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass

from cases.enums import InterventionKind, Risk
from csp.agencies.measures import Breakdown, Figure, Measure
from csp.agencies.models import Partnership, User
from performance.services.worked_out import ANY, Held, worked_out

LEAST = 5
KNOWN_ELSEWHERE = {
    ("powers-used", "kind"): frozenset({InterventionKind.CLOSURE_ORDER.value}),
    ("cases-opened", "risk"): frozenset({str(Risk.HIGH.value)}),
}
"""Rows of a measure's breakdown that another measure counts by itself."""
FEW = f"fewer than {LEAST}"
HELD_BACK = "not shown"
"""Stands for a larger number, held back because a small one could be worked out from it."""


@dataclass(frozen=True)
class Shown:
    """A figure as it is read. `number` and `part` are None where they are held back: `words` and `part_words`
    say so.
    """

    key: str
    label: str
    number: int | None
    words: str
    part: int | None = None
    part_words: str = ""
    percent: int | None = None


@dataclass(frozen=True)
class ShownTable:
    rows: list[Shown]
    total: Shown | None = None


def sees_small_numbers(user: User, partnership: Partnership) -> bool:
    return user.has_perm("performance.make", partnership)


def known_elsewhere(measure: Measure, breakdown: Breakdown) -> frozenset[str]:
    """Keys of rows whose numbers are read in another place too."""
    return KNOWN_ELSEWHERE.get((measure.name, breakdown.name), frozenset())


def shown(
    figures: Sequence[Figure], total: Figure | None = None, *, small: bool, known: Collection[str] = ()
) -> ShownTable:
    """For one who sees small numbers, or for one who does not."""
    if not small:
        return suppressed(figures, total, known=known)
    return ShownTable([_as_it_is(each) for each in figures], _as_it_is(total) if total else None)


def suppressed(
    figures: Sequence[Figure], total: Figure | None = None, *, known: Collection[str] = ()
) -> ShownTable:
    """The figures of one table, with the total where it is shown beside them: the last year of four quarters
    is such a total too. What is `known` by its key from elsewhere is not held back to hide another.
    """
    beside = total is not None and not is_small(total.number)
    words = held([each.number for each in figures], total=beside, known=places_of(figures, known))
    return table_of(figures, words, total, known=known)


def table_of(
    figures: Sequence[Figure],
    words: Sequence[str],
    total: Figure | None = None,
    *,
    known: Collection[str] = (),
    without_total: bool = False,
    without_parts: Collection[int] = (),
) -> ShownTable:
    """With these words in place of some numbers. Of the total and the parts is held back what follows."""
    of_total = "" if total is None else _instead_of_total(figures, words, total, places_of(figures, known))
    if without_total:
        of_total = HELD_BACK
    parts = held_parts(figures, words, None if of_total else total)
    parts = HeldParts([each or place in without_parts for place, each in enumerate(parts.rows)], parts.total)
    rows = [
        _held(figure, instead, part) for figure, instead, part in zip(figures, words, parts.rows, strict=True)
    ]
    return ShownTable(rows, _held(total, of_total, parts.total) if total else None)


def held_last(table: ShownTable) -> ShownTable:
    """Figures come with the largest first, which would tell between which two a held back number lies: those
    rows stand at the end, in order of their names.
    """
    shown_first = sorted(table.rows, key=lambda row: (row.number is None, row.number is None and row.label))
    return ShownTable(shown_first, table.total)


def shown_over_time(
    figures: Sequence[Figure | None], totals: Sequence[Sequence[bool]], *, small: bool
) -> list[Shown | None]:
    """Figures of one period after the other. Each of `totals` says which of them add up to a number that is
    shown beside them. None stays None: nothing was recorded then.
    """
    numbers = [each.number if each else None for each in figures]
    words = [""] * len(numbers) if small else held(numbers)
    for within in [] if small else totals:
        places = [place for place, inside in enumerate(within) if inside]
        for place, instead in zip(places, _held_beside([numbers[each] for each in places]), strict=True):
            words[place] = words[place] if words[place] == HELD_BACK else instead or words[place]
    return [
        None
        if figure is None
        else (_as_it_is(figure) if small else _held(figure, instead, says_too_much(figure)))
        for figure, instead in zip(figures, words, strict=True)
    ]


def is_small(number: int | None) -> bool:
    return number is not None and 0 < number < LEAST


def held(numbers: Sequence[int | None], *, total: bool = False, known: Collection[int] = ()) -> list[str]:
    """What stands in the place of each number: "fewer than 5", "not shown", or nothing where it is shown.

    With a total beside them the next smallest goes too, until no number can be worked out: not one whose
    place is `known`, which would hide nothing.
    """
    words = [FEW if is_small(each) else "" for each in numbers]
    if not total:
        return words
    open_ones = [place for place, each in enumerate(numbers) if each and each >= LEAST and place not in known]
    for place in sorted(open_ones, key=lambda place: numbers[place] or 0):
        if not can_be_worked_out(numbers, words, known=known):
            break
        words[place] = HELD_BACK
    return words


def _held_beside(numbers: Sequence[int | None]) -> list[str]:
    """Beside a total that is shown in any case: where it says too much, none says even that it is few."""
    words = held(numbers, total=True)
    if can_be_worked_out(numbers, words) and not is_small(sum(each or 0 for each in numbers)):
        return [HELD_BACK if each else "" for each in numbers]
    return words


def can_be_worked_out(
    numbers: Sequence[int | None], words: Sequence[str], *, known: Collection[int] = ()
) -> bool:
    """Whether one who knows the total and these rules is left with one answer for a number from 1 to 4, or
    for the only one that is held back. One held back along with them is at most the least that is shown,
    but for those whose place is `known`.
    """
    hidden = [number or 0 for number, instead in zip(numbers, words, strict=True) if instead]
    few, others, left = words.count(FEW), words.count(HELD_BACK), sum(hidden)
    if len(hidden) == 1 or not few:
        return len(hidden) == 1
    pairs = enumerate(zip(numbers, words, strict=True))
    seen = [number for place, (number, instead) in pairs if number and not instead and place not in known]
    most_of_rest = (LEAST - 1) * (few - 1) + others * min(seen, default=left)
    least_of_rest = (few - 1) + LEAST * others
    return max(1, left - most_of_rest) >= min(LEAST - 1, left - least_of_rest)


def places_of(figures: Sequence[Figure], keys: Collection[str]) -> set[int]:
    return {place for place, each in enumerate(figures) if each.key in keys}


def _instead_of_total(
    figures: Sequence[Figure], words: Sequence[str], total: Figure, known: Collection[int]
) -> str:
    if is_small(total.number):
        return FEW
    return HELD_BACK if can_be_worked_out([each.number for each in figures], words, known=known) else ""


@dataclass(frozen=True)
class HeldParts:
    rows: list[bool]
    total: bool = False


def held_parts(figures: Sequence[Figure], words: Sequence[str], total: Figure | None) -> HeldParts:
    """Whose parts are held back: those of 1 to 4, those that leave as few of the whole, and those from which,
    with the total's, one of them could be worked out.
    """
    rows = [says_too_much(each) for each in figures]
    if total is None or total.part is None or says_too_much(total) or not _adds_up(figures, total):
        return HeldParts(rows, total is not None and says_too_much(total))
    known = set(
        _small_parts(figures, words, rows, [Held(each, "all", 0, -ANY) for each in ("parts", "rest")])
    )
    open_ones = [
        place for place, each in enumerate(figures) if each.part and not (rows[place] or words[place])
    ]
    for place in sorted(open_ones, key=lambda place: figures[place].part or 0):
        if known.issuperset(_small_parts(figures, words, rows)):
            return HeldParts(rows)
        rows[place] = True
    if known.issuperset(_small_parts(figures, words, rows)):
        return HeldParts(rows)
    return HeldParts([says_too_much(each) for each in figures], total=True)


def _small_parts(
    figures: Sequence[Figure], words: Sequence[str], rows: Sequence[bool], totals: Sequence[Held] = ()
) -> Iterator[tuple[Hashable, Hashable]]:
    """Which numbers from 1 to 4 can be worked out where these parts and totals are held back."""
    cells = list(totals)
    seen = [each.number for each, word in zip(figures, words, strict=True) if each.number and not word]
    for place, (figure, word) in enumerate(zip(figures, words, strict=True)):
        part = figure.part or 0
        if word:
            least, most = (
                (1, LEAST - 1) if word == FEW else (LEAST, max(min(seen, default=ANY), figure.number))
            )
            cells.append(Held("all", place, figure.number, least, most))
            cells += _split(place, figure, (0, most), (0, most))
        elif is_small(part):
            cells += _split(place, figure, (1, LEAST - 1), (figure.number - LEAST + 1, figure.number - 1))
        elif rows[place]:
            cells += _split(place, figure, (LEAST, figure.number), (0, figure.number - LEAST))
    return ((each.start, each.end) for each in worked_out(cells) if is_small(each.number))


def _split(place: int, figure: Figure, part: tuple[int, int], rest: tuple[int, int]) -> tuple[Held, Held]:
    number = figure.part or 0
    return Held(place, "parts", number, *part), Held(place, "rest", figure.number - number, *rest)


def says_too_much(figure: Figure) -> bool:
    return figure.part is not None and (is_small(figure.part) or is_small(figure.number - figure.part))


def _adds_up(figures: Sequence[Figure], total: Figure) -> bool:
    number, part = sum(each.number for each in figures), sum(each.part or 0 for each in figures)
    return (number, part) == (total.number, total.part)


def _as_it_is(figure: Figure) -> Shown:
    part = "" if figure.part is None else f"{figure.part:,}"
    return Shown(
        figure.key, figure.label, figure.number, f"{figure.number:,}", figure.part, part, figure.percent
    )


def _held(figure: Figure, instead: str, part_too: bool) -> Shown:
    if instead:
        part = "" if figure.part is None else HELD_BACK
        return Shown(figure.key, figure.label, None, instead, part_words=part)
    if figure.part is None or not part_too:
        return _as_it_is(figure)
    part = FEW if is_small(figure.part) else HELD_BACK
    return Shown(figure.key, figure.label, figure.number, f"{figure.number:,}", part_words=part)
