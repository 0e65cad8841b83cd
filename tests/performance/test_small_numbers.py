from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csp.agencies.measures import Figure
from performance.services.small_numbers import (
    FEW,
    HELD_BACK,
    LEAST,
    Shown,
    can_be_worked_out,
    held,
    is_small,
    shown,
    suppressed,
)


def figures(*numbers: int, part: int | None = None) -> list[Figure]:
    return [Figure(str(place), f"Ward {place}", number, part) for place, number in enumerate(numbers)]


def total_of(*numbers: int) -> Figure:
    return Figure("", "All", sum(numbers))


@pytest.mark.parametrize(("number", "words"), [(0, "0"), (1, FEW), (4, FEW), (5, "5"), (1234, "1,234")])
def test_one_to_four_are_fewer_than_five(number: int, words: str) -> None:
    (row,) = suppressed(figures(number)).rows

    assert row.words == words
    assert (row.number is None) == (words == FEW)


def test_who_may_see_small_numbers_reads_them() -> None:
    table = shown(figures(3, 9), total_of(3, 9), small=True)

    assert [row.words for row in table.rows] == ["3", "9"]
    assert table.total is not None
    assert table.total.words == "12"


def test_the_next_smallest_goes_too_beside_a_total() -> None:
    table = suppressed(figures(30, 3, 9, 0), total_of(30, 3, 9))

    assert [row.words for row in table.rows] == ["30", FEW, HELD_BACK, "0"]
    assert table.total is not None
    assert table.total.words == "42"


def test_without_a_total_only_small_numbers_go() -> None:
    assert [row.words for row in suppressed(figures(30, 3, 9)).rows] == ["30", FEW, "9"]


def test_two_small_ones_that_leave_no_doubt_take_a_third_along() -> None:
    assert held([4, 4, 20, 30], total=True) == [FEW, FEW, HELD_BACK, ""]
    assert held([4, 3, 20, 30], total=True) == [FEW, FEW, "", ""]


@pytest.mark.parametrize("numbers", [(1, 1, 1, 1, 1), (0, 3), (4, 4)])
def test_a_total_that_says_too_much_is_held_back(numbers: tuple[int, ...]) -> None:
    total = suppressed(figures(*numbers), total_of(*numbers)).total

    assert total is not None
    assert total.number is None


def test_no_small_number_can_ever_be_worked_out() -> None:
    for numbers in product(range(9), repeat=4):
        table = suppressed(figures(*numbers), total_of(*numbers))
        words = [row.words if row.number is None else "" for row in table.rows]
        assert table.total is not None
        assert table.total.number is None or not can_be_worked_out(numbers, words)
        assert table.total.number is None or fits(numbers, words) > 1 or not any(words)


def fits(numbers: tuple[int, ...], words: list[str]) -> int:
    """How many answers there are for what is held back, for one who knows the total and that nothing larger
    than the least that is shown is held back.
    """
    left = sum(number for number, instead in zip(numbers, words, strict=True) if instead)
    seen = [number for number, instead in zip(numbers, words, strict=True) if number and not instead]
    most = min(seen, default=left)
    ranges = [range(1, LEAST) if instead == FEW else range(LEAST, most + 1) for instead in words if instead]
    return sum(sum(answer) == left for answer in product(*ranges))


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([8, 5, 5, 2], ["", HELD_BACK, HELD_BACK, FEW]),
        ([9, 8, 5, 5, 2], ["", "", HELD_BACK, HELD_BACK, FEW]),
        ([5, 5, 2, 0], [HELD_BACK, HELD_BACK, FEW, "0"]),
    ],
)
def test_of_two_fives_one_tells_the_other(numbers: list[int], words: list[str]) -> None:
    table = suppressed(figures(*numbers), total_of(*numbers))

    assert [row.words if row.number is None or not row.number else "" for row in table.rows] == words


def test_a_small_part_goes_and_so_does_what_is_left_of_the_whole() -> None:
    few, nearly_all, many = (suppressed(figures(20, part=part)).rows[0] for part in (3, 17, 10))

    assert (few.part, few.part_words, few.percent) == (None, FEW, None)
    assert (nearly_all.part, nearly_all.part_words, nearly_all.percent) == (None, HELD_BACK, None)
    assert (many.part, many.part_words, many.percent) == (10, "10", 50)


def test_a_number_that_is_missing_is_not_small() -> None:
    assert not is_small(None)
    assert held([None, 12], total=True) == ["", ""]


def with_parts(*given: tuple[int, int]) -> tuple[list[Figure], Figure]:
    rows = [Figure(str(place), f"Ward {place}", number, part) for place, (number, part) in enumerate(given)]
    return rows, Figure("", "All", sum(number for number, _ in given), sum(part for _, part in given))


def test_a_small_part_cannot_be_worked_out_from_that_of_the_total() -> None:
    table = suppressed(*with_parts((40, 9), (30, 2), (50, 12)))

    assert [row.part_words for row in table.rows] == [HELD_BACK, FEW, "12"]
    assert [row.percent for row in table.rows] == [None, None, 24]
    assert table.total is not None
    assert table.total.part == 23


def test_nor_what_a_part_leaves() -> None:
    table = suppressed(*with_parts((40, 38), (30, 20), (50, 25)))

    assert [row.part_words for row in table.rows] == [HELD_BACK, HELD_BACK, "25"]


def test_nor_can_it_of_an_agency_whose_number_is_held_back() -> None:
    table = suppressed(*with_parts((3, 3), (6, 0), (20, 10)))

    assert [row.words for row in table.rows] == [FEW, HELD_BACK, "20"]
    assert [row.part_words for row in table.rows] == [HELD_BACK, HELD_BACK, "10"]


def test_the_total_keeps_its_part_where_nothing_else_hides_one() -> None:
    table = suppressed(*with_parts((40, 4), (30, 4)))

    assert [row.part_words for row in table.rows] == [FEW, FEW]
    assert table.total is not None
    assert (table.total.number, table.total.part_words, table.total.percent) == (70, HELD_BACK, None)


def possible_parts(given: list[tuple[int, int]]) -> list[set[tuple[int, int]]]:
    """Every number and part that each row may have, for one who reads the table and knows its rules."""
    figures, whole = with_parts(*given)
    table = suppressed(figures, whole)
    assert table.total is not None
    total = table.total
    least = min((row.number for row in table.rows if row.number), default=whole.number)
    ways = [
        [
            (number, part)
            for number in range(whole.number + 1)
            for part in range(number + 1)
            if could_be(row, number, part, least)
        ]
        for row in table.rows
    ]
    found: list[set[tuple[int, int]]] = [set() for _ in given]
    for answer in product(*ways):
        sums = sum(number for number, _ in answer), sum(part for _, part in answer)
        if total.number in (None, sums[0]) and (total.part is None or total.part == sums[1]):
            for place, each in enumerate(answer):
                found[place].add(each)
    return found


def could_be(row: Shown, number: int, part: int, least: int) -> bool:
    if row.number is None:
        return is_small(number) if row.words == FEW else LEAST <= number <= least
    if row.part is not None or number != row.number:
        return (number, part) == (row.number, row.part)
    return is_small(part) if row.part_words == FEW else part >= LEAST


PAIRS = st.integers(0, 8).flatmap(lambda number: st.tuples(st.just(number), st.integers(0, number)))


@settings(deadline=None, max_examples=80)
@given(st.lists(PAIRS, min_size=2, max_size=3))
def test_no_small_part_can_ever_be_worked_out(given: list[tuple[int, int]]) -> None:
    rows, whole = with_parts(*given)
    total = suppressed(rows, whole).total
    assert total is not None
    if total.number is None or total.part is None:
        return
    for (number, part), answers in zip(given, possible_parts(given), strict=True):
        assert not is_small(part) or len({each for _, each in answers}) > 1
        assert not is_small(number - part) or len({of - each for of, each in answers}) > 1


@settings(deadline=None)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=5))
def test_no_small_number_has_one_answer(numbers: list[int]) -> None:
    table = suppressed(figures(*numbers), total_of(*numbers))
    assert table.total is not None
    if table.total.number is None:
        return
    least = min((row.number for row in table.rows if row.number), default=table.total.number)
    ways = [
        [row.number] if row.number is not None else range(1, LEAST) if row.words == FEW
        else range(LEAST, least + 1) for row in table.rows
    ]  # fmt: skip
    answers = [each for each in product(*ways) if sum(each) == sum(numbers)]
    for place, number in enumerate(numbers):
        assert not is_small(number) or len({each[place] for each in answers}) > 1
