from itertools import product

import pytest

from csp.agencies.measures import Figure
from performance.services.small_numbers import (
    FEW,
    HELD_BACK,
    LEAST,
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
    """How many answers there are for what is held back, for one who knows the total."""
    left = sum(number for number, instead in zip(numbers, words, strict=True) if instead)
    ranges = [range(1, LEAST) if instead == FEW else range(LEAST, left + 1) for instead in words if instead]
    return sum(sum(answer) == left for answer in product(*ranges))


def test_a_small_part_goes_and_so_does_what_is_left_of_the_whole() -> None:
    few, nearly_all, many = (suppressed(figures(20, part=part)).rows[0] for part in (3, 17, 10))

    assert (few.part, few.part_words, few.percent) == (None, FEW, None)
    assert (nearly_all.part, nearly_all.part_words, nearly_all.percent) == (None, HELD_BACK, None)
    assert (many.part, many.part_words, many.percent) == (10, "10", 50)


def test_a_number_that_is_missing_is_not_small() -> None:
    assert not is_small(None)
    assert held([None, 12], total=True) == ["", ""]
