"""The one place that keeps small numbers from those who see only numbers.

One to four records of an area or an agency can point at somebody. Who does not make the partnership's figures
reads "fewer than 5" instead, and nothing else of the same table from which the number can be worked out.
Nought names nobody and is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from csp.agencies.measures import Figure
from csp.agencies.models import Partnership, User

LEAST = 5
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


def shown(figures: Sequence[Figure], total: Figure | None = None, *, small: bool) -> ShownTable:
    """For one who sees small numbers, or for one who does not."""
    if not small:
        return suppressed(figures, total)
    return ShownTable([_as_it_is(each) for each in figures], _as_it_is(total) if total else None)


def suppressed(figures: Sequence[Figure], total: Figure | None = None) -> ShownTable:
    """The figures of one table, with the total where it is shown beside them: the last year of four quarters
    is such a total too.
    """
    words = held([each.number for each in figures], total=total is not None and not is_small(total.number))
    rows = [_held(figure, instead) for figure, instead in zip(figures, words, strict=True)]
    if total is None:
        return ShownTable(rows)
    return ShownTable(rows, _held(total, _instead_of_total(figures, words, total)))


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
        for place, instead in zip(places, held([numbers[each] for each in places], total=True), strict=True):
            words[place] = words[place] or instead
    return [
        None if figure is None else (_as_it_is(figure) if small else _held(figure, instead))
        for figure, instead in zip(figures, words, strict=True)
    ]


def is_small(number: int | None) -> bool:
    return number is not None and 0 < number < LEAST


def held(numbers: Sequence[int | None], *, total: bool = False) -> list[str]:
    """What stands in the place of each number: "fewer than 5", "not shown", or nothing where it is shown.

    With a total beside them the next smallest goes too, until no number can be worked out.
    """
    words = [FEW if is_small(each) else "" for each in numbers]
    if not total:
        return words
    open_ones = [place for place, each in enumerate(numbers) if each and each >= LEAST]
    for place in sorted(open_ones, key=lambda place: numbers[place] or 0):
        if not can_be_worked_out(numbers, words):
            break
        words[place] = HELD_BACK
    return words


def can_be_worked_out(numbers: Sequence[int | None], words: Sequence[str]) -> bool:
    """Whether one who knows the total and these rules is left with one answer for what is held back."""
    hidden = [number or 0 for number, instead in zip(numbers, words, strict=True) if instead]
    if not hidden:
        return False
    few, others, left = words.count(FEW), words.count(HELD_BACK), sum(hidden)
    seen = [number for number, instead in zip(numbers, words, strict=True) if number and not instead]
    least = few + LEAST * others
    most = (LEAST - 1) * few + others * min(seen, default=left)
    return len(hidden) == 1 or left in (least, most)


def _instead_of_total(figures: Sequence[Figure], words: Sequence[str], total: Figure) -> str:
    if is_small(total.number):
        return FEW
    return HELD_BACK if can_be_worked_out([each.number for each in figures], words) else ""


def _as_it_is(figure: Figure) -> Shown:
    part = "" if figure.part is None else f"{figure.part:,}"
    return Shown(
        figure.key, figure.label, figure.number, f"{figure.number:,}", figure.part, part, figure.percent
    )


def _held(figure: Figure, instead: str) -> Shown:
    if instead:
        part = "" if figure.part is None else HELD_BACK
        return Shown(figure.key, figure.label, None, instead, part_words=part)
    if figure.part is None or not (is_small(figure.part) or is_small(figure.number - figure.part)):
        return _as_it_is(figure)
    part = FEW if is_small(figure.part) else HELD_BACK
    return Shown(figure.key, figure.label, figure.number, f"{figure.number:,}", part_words=part)
