import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.services.imports.identity import OWN_COLUMNS, RowIdentity, key_of_reference, key_of_row, plain

HEADER = ["Month", "Lon", "Place"]
CELLS = ["2024-01", "-0.970400", "On or near Mill Road"]


def identity(header=HEADER, cells=CELLS, changing=()):
    return RowIdentity(header, changing).of(cells)


def test_the_order_of_columns_makes_no_difference():
    assert identity(HEADER[::-1], CELLS[::-1]) == identity()


@pytest.mark.parametrize(
    "cells",
    [
        ["2024-01", "-0.9704", "On or near Mill Road"],
        ["2024-01", "-0.970400", " On or  near\nMill Road"],
    ],
)
def test_the_way_of_writing_makes_no_difference(cells):
    assert identity(cells=cells) == identity()


@pytest.mark.parametrize(
    "cells",
    [
        ["2024-02", "-0.970400", "On or near Mill Road"],
        ["2024-01", "-0.970401", "On or near Mill Road"],
        ["2024-01", "0.970400", "On or near Mill Road"],
        ["2024-01", "-0.970400", "on or near Mill Road"],
        ["2024-01", "", "-0.970400 On or near Mill Road"],
    ],
)
def test_what_is_said_makes_a_difference(cells):
    assert identity(cells=cells) != identity()


def test_empty_columns_names_in_capitals_and_our_own_columns_make_no_difference():
    header = [*OWN_COLUMNS, "MONTH", "lon ", "Place", "Context"]

    assert identity(header, ["17", "No date", *CELLS, ""]) == identity()


def test_columns_that_change_are_not_looked_at():
    header, cells = [*HEADER, "Last changed"], [*CELLS, "yesterday"]

    assert identity(header, cells, ["last changed"]) == identity()
    assert identity(header, cells) != identity()


def test_the_same_text_in_another_column_is_another_row():
    assert identity(["a", "b"], ["x", ""]) != identity(["a", "b"], ["", "x"])


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1.50", "1.5"), ("1.0", "1"), ("007", "7"), ("-0.0", "-0"), ("0", "0"), ("+5", "5"),
        ("1.2.3", "1.2.3"), ("e\u0301", "\u00e9"), ("a  b", "a b"),
    ],
)  # fmt: skip
def test_plain_is_one_spelling(cell, expected):
    assert plain(cell) == expected


@given(st.text())
def test_plain_is_plain_already_the_second_time(cell):
    assert plain(plain(cell)) == plain(cell)


@given(st.text(min_size=1), st.text(min_size=1))
def test_keys_of_two_references_never_meet(one, other):
    assert (key_of_reference(one) == key_of_reference(other)) == (one == other)


def test_a_reference_is_never_taken_for_the_key_of_a_row():
    key = key_of_row("abc", 2)

    assert key == "row:abc:2"
    assert key_of_reference(key) != key
    assert key_of_reference("SR-1") == "SR-1"
