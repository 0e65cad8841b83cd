"""Which of the numbers that are held back can be worked out from those that are shown."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

ANY = 10**9
"""As much as nobody would rule out."""


@dataclass(frozen=True)
class Held:
    """A number that is not shown, in a table whose cells add up to rows and columns.

    Numbers of such a table run round: a row's number comes into the row, leaves it as its cells for their
    columns, and comes back as their totals. `start` and `end` say from where to where this one runs, `least`
    and `most` between what a reader knows it to lie.
    """

    start: Hashable
    end: Hashable
    number: int
    least: int = 0
    most: int = ANY


def worked_out(held: Sequence[Held]) -> Iterator[Held]:
    """Those that can be no other number. One can only where others along a circle make up
    for it.
    """
    ways: dict[Hashable, list[tuple[Hashable, int]]] = defaultdict(list)
    for place, each in enumerate(held):
        if each.number < each.most:
            ways[each.start].append((each.end, place))
        if each.number > each.least:
            ways[each.end].append((each.start, place))
    for place, each in enumerate(held):
        more = each.number < each.most and _leads(ways, each.end, each.start, place)
        if not more and not (each.number > each.least and _leads(ways, each.start, each.end, place)):
            yield each


def _leads(
    ways: Mapping[Hashable, list[tuple[Hashable, int]]], start: Hashable, end: Hashable, without: int
) -> bool:
    seen, ahead = {start}, [start]
    while ahead:
        for step, place in ways.get(ahead.pop(), ()):
            if place == without or step in seen:
                continue
            if step == end:
                return True
            seen.add(step)
            ahead.append(step)
    return False
