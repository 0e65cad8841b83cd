"""Of a year nothing is shown from which, with its quarters, one could be worked out that they hold back."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csp.agencies.measures import Figure, find_measure
from csp.core.calendar import Period
from performance.services.longer_periods import Part, one_of_year, parts_of, shown_of_year
from performance.services.small_numbers import FEW, HELD_BACK, LEAST, ShownTable, is_small, suppressed

Grid = list[list[int]]
"""Of each area the number of each quarter."""


def named(numbers: list[int]) -> list[Figure]:
    return [Figure(str(place), f"Area {place}", number) for place, number in enumerate(numbers)]


def whole(numbers: list[int]) -> Figure:
    return Figure("", "All", sum(numbers))


def quarters_of_grid(grid: Grid) -> list[Part]:
    return [Part(named(list(column)), whole(list(column))) for column in zip(*grid, strict=True)]


def year_of_grid(grid: Grid) -> ShownTable:
    numbers = [sum(row) for row in grid]
    table = shown_of_year(named(numbers), whole(numbers), quarters_of_grid(grid), small=False)
    return ShownTable(sorted(table.rows, key=lambda row: row.key), table.total)  # as the grid has them


def one(*numbers: int) -> str:
    parts = [Figure("", "", number) for number in numbers]
    return one_of_year(Figure("", "All", sum(numbers)), parts, small=False).words


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((5, 6, 6, 3), HELD_BACK),
        ((5, 6, 3, 3), "17"),
        ((5, 6, 4, 4), HELD_BACK),
        ((5, 6, 1, 1), HELD_BACK),
        ((5, 6, 6, 7), "24"),
        ((0, 0, 3, 0), FEW),
        ((1, 1, 1, 1), HELD_BACK),
    ],
)
def test_a_year_gives_way_to_its_quarters(numbers: tuple[int, ...], words: str) -> None:
    assert one(*numbers) == words


def test_what_is_left_of_a_year_is_a_part_too() -> None:
    quarters = [Figure("", "", 20), Figure("", "", 20)]

    assert one_of_year(Figure("", "", 42), quarters, small=False).words == HELD_BACK
    assert one_of_year(Figure("", "", 47), quarters, small=False).words == "47"


def test_one_who_sees_small_numbers_reads_the_year() -> None:
    assert one_of_year(Figure("", "", 8), [Figure("", "", 5), Figure("", "", 3)], small=True).words == "8"


def test_a_row_gives_way_and_takes_another_along_that_hides_it() -> None:
    grid = [[5, 6, 6, 3], [9, 9, 9, 6], [20, 20, 20, 20], [30, 30, 30, 30]]

    assert [row.words for row in suppressed(named([3, 6, 20, 30]), whole([3, 6, 20, 30])).rows][:2] == [
        FEW, HELD_BACK,
    ]  # fmt: skip
    assert [row.words for row in year_of_grid(grid).rows] == [HELD_BACK, HELD_BACK, "80", "120"]


def test_a_larger_number_held_back_in_a_quarter_is_not_told_either() -> None:
    table = year_of_grid([[3, 0, 2, 0], [9, 20, 0, 0]])

    assert [row.words for row in table.rows] == [HELD_BACK, HELD_BACK]


def test_the_order_of_rows_does_not_tell_what_they_hold_back() -> None:
    largest_first = [
        Figure("v", "Vandalism", 7),
        Figure("d", "Drugs", 6),
        Figure("l", "Litter", 6),
        Figure("h", "Hate", 1),
    ]

    rows = shown_of_year(largest_first, whole([7, 6, 6, 1]), [], small=False).rows

    held = [row.label for row in rows if row.number is None]
    assert len(held) == 2
    assert [row.label for row in rows][-2:] == sorted(held)
    assert [row.number for row in rows[:2]] == sorted((row.number for row in rows[:2]), reverse=True)
    seen = shown_of_year(largest_first, whole([7, 6, 6, 1]), [], small=True).rows
    assert [row.key for row in seen] == ["v", "d", "l", "h"]


def test_a_share_gives_way_too() -> None:
    quarters = [Figure("", "", 20, part) for part in (10, 9, 10, 3)]
    row = one_of_year(Figure("", "", 80, 32), quarters, small=False)

    assert (row.number, row.part, row.part_words, row.percent) == (80, None, HELD_BACK, None)
    two = [Figure("", "", 20, part) for part in (10, 9, 3, 3)]
    assert one_of_year(Figure("", "", 80, 25), two, small=False).part == 25


def test_a_share_is_not_told_by_that_of_all() -> None:
    shares = {"A": (10, 9, 10, 3), "B": (10, 10, 10, 10), "C": (12, 12, 3, 12)}

    def of_quarter(place: int) -> list[Figure]:
        return [Figure(key, key, 20, parts[place]) for key, parts in shares.items()]

    parts = [Part(of_quarter(place)) for place in range(4)]
    year = [Figure(key, key, 80, sum(parts)) for key, parts in shares.items()]
    total = Figure("", "All", 240, sum(each.part or 0 for each in year))

    rows = shown_of_year(year, total, parts, small=False).rows
    assert [row.part for row in rows] == [None, 40, None]
    alone = shown_of_year(year[:2], Figure("", "", 160, 72), parts, small=False).rows
    assert [row.part for row in alone] == [None, None]


def possible(grid: Grid, year: ShownTable | None) -> list[list[set[int]]]:
    """What each number of each quarter can be, for one who reads the quarters and, if given, the year."""
    tables = [suppressed(each.figures, each.total) for each in quarters_of_grid(grid)]
    columns = [
        [answer for answer in product(*(choices(row, table) for row in table.rows)) if adds_up(answer, table)]
        for table in tables
    ]
    found: list[list[set[int]]] = [[set() for _ in row] for row in grid]
    for quarters in product(*columns):
        rows = list(zip(*quarters, strict=True))
        if year is None or agrees(rows, year):
            for place, row in enumerate(rows):
                for quarter, number in enumerate(row):
                    found[place][quarter].add(number)
    return found


def choices(row: object, table: ShownTable) -> list[int]:
    number, words = row.number, row.words  # type: ignore[attr-defined]
    if number is not None:
        return [number]
    most = min((each.number for each in table.rows if each.number), default=9)
    return list(range(1, LEAST)) if words == FEW else list(range(LEAST, most + 1))


def adds_up(answer: tuple[int, ...], table: ShownTable) -> bool:
    assert table.total is not None
    if table.total.number is None:
        return table.total.words != FEW or is_small(sum(answer))
    return sum(answer) == table.total.number


def agrees(rows: list[tuple[int, ...]], year: ShownTable) -> bool:
    assert year.total is not None
    sums = [sum(row) for row in rows]
    return all(
        number == shown.number or (shown.number is None and (shown.words != FEW or is_small(number)))
        for number, shown in zip([*sums, sum(sums)], [*year.rows, year.total], strict=True)
    )


NUMBERS = st.one_of(st.integers(0, 8), st.integers(1, 4))


@settings(deadline=None, max_examples=200)
@given(
    st.integers(2, 3).flatmap(
        lambda n: st.lists(st.lists(NUMBERS, min_size=2, max_size=2), min_size=n, max_size=n)
    )
)
def test_a_year_never_tells_what_a_quarter_holds_back(grid: Grid) -> None:
    before, after = possible(grid, None), possible(grid, year_of_grid(grid))
    for row, without, with_year in zip(grid, before, after, strict=True):
        for number, could_be, can_be in zip(row, without, with_year, strict=True):
            assert number in can_be
            assert not is_small(number) or len(could_be) == 1 or len(can_be) > 1


@pytest.mark.parametrize(
    ("name", "period", "number"),
    [("cases-opened", "2021-22", 4), ("cases-opened", "2021-22-Q1", 0), ("cases-open", "2021-22", 0)],
)
def test_only_a_year_that_adds_up_has_parts(name: str, period: str, number: int) -> None:
    measure = find_measure(name)
    assert measure is not None
    assert len(parts_of(measure, Period.named(period), 4, small=False)) == number
    assert parts_of(measure, Period.named(period), 4, small=True) == []
