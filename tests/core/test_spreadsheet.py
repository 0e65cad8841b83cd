import pytest
from hypothesis import given
from hypothesis import strategies as st

from csp.core.spreadsheet import safe_cell


@pytest.mark.parametrize("text", ["=1+1", "+44 7700", "-1-1", "@SUM(A1)", "\tx", "\r=1", "=", "-"])
def test_safe_cell_stops_what_a_spreadsheet_would_run(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Noise", "1=1", "-0.97", "+441235555555", "12", "'=1"])
def test_safe_cell_leaves_words_and_plain_numbers(text):
    assert safe_cell(text) == text


@given(st.text())
def test_safe_cell_loses_nothing(text):
    assert safe_cell(text) in (text, f"'{text}")
