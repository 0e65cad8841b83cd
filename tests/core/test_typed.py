import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csp.core.calendar import LONDON
from csp.core.typed import (
    at_local_time,
    read_day,
    read_month,
    read_phone,
    read_postcode,
    read_time,
)
from csp.core.words import date_words, time_words

TODAY = dt.date(2026, 7, 15)  # a Wednesday
SEPTEMBER = dt.date(2026, 9, 3)


@pytest.mark.parametrize(
    "typed",
    [
        "3/9/26",
        "3/9/2026",
        "03/09/2026",
        "3-9-26",
        "3.9.26",
        "3 9 26",
        "03 09 2026",
        "030926",
        "03092026",
        "2026-09-03",
        "2026/9/3",
        "3 sep 26",
        "3 Sept 2026",
        "3rd September 2026",
        "3 of September 2026",
        "3sep 2026",
        "September 3, 2026",
        "sep 3rd 2026",
        "Thu 3 Sep 2026",
        "Thursday, 3 September 2026",
        "  3   sep.  2026 ",
        "3 SEP 2026",
    ],
)
def test_read_day_takes_what_people_type(typed):
    assert read_day(typed, TODAY) == SEPTEMBER


@pytest.mark.parametrize(
    ("typed", "past", "future"),
    [
        ("today", TODAY, TODAY),
        ("Yesterday", dt.date(2026, 7, 14), dt.date(2026, 7, 14)),
        ("tomorrow", dt.date(2026, 7, 16), dt.date(2026, 7, 16)),
        ("15/7", TODAY, TODAY),
        ("16/7", dt.date(2025, 7, 16), dt.date(2026, 7, 16)),
        ("14 jul", dt.date(2026, 7, 14), dt.date(2027, 7, 14)),
        ("sep 3", dt.date(2025, 9, 3), SEPTEMBER),
        ("29 feb", dt.date(2024, 2, 29), dt.date(2028, 2, 29)),
        ("wed", TODAY, TODAY),
        ("thursday", dt.date(2026, 7, 9), dt.date(2026, 7, 16)),
        ("last tues", dt.date(2026, 7, 14), dt.date(2026, 7, 21)),
        ("3/9/62", dt.date(1962, 9, 3), dt.date(2062, 9, 3)),
        ("3/9/27", dt.date(2027, 9, 3), dt.date(2027, 9, 3)),
        ("3/9/28", dt.date(1928, 9, 3), dt.date(2028, 9, 3)),
        ("3/9/26", SEPTEMBER, SEPTEMBER),
    ],
)
def test_read_day_fills_in_what_is_left_out(typed, past, future):
    assert (read_day(typed, TODAY), read_day(typed, TODAY, future=True)) == (past, future)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "3",
        "31/2/26",
        "31 feb",
        "13/13/2026",
        "3 smarch 2026",
        "2026",
        "3/9/026",
        "0/9/26",
        "ma 3",
        "mo",
    ],
)
def test_read_day_gives_up_on_what_is_no_date(typed):
    assert read_day(typed, TODAY) is None


@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)), st.sampled_from(["%d/%m/%Y", "%d %B %Y", "%Y-%m-%d"])
)
def test_read_day_reads_what_was_written(day, form):
    assert read_day(day.strftime(form), TODAY) == day == read_day(date_words(day), TODAY)


@given(st.text(max_size=20), st.booleans())
def test_read_day_never_fails(text, future):
    assert read_day(text, TODAY, future=future) is None or text.strip()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("9", 9),
        ("09", 9),
        ("sep", 9),
        ("Sept.", 9),
        ("MAY", 5),
        ("0", None),
        ("13", None),
        ("ju", None),
        ("x", None),
    ],
)
def test_read_month_takes_numbers_and_names(typed, expected):
    assert read_month(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("9.30pm", dt.time(21, 30)),
        ("9:30 PM", dt.time(21, 30)),
        ("9 30 pm", dt.time(21, 30)),
        ("9.30 p.m.", dt.time(21, 30)),
        ("930pm", dt.time(21, 30)),
        ("9pm", dt.time(21)),
        ("9 p", dt.time(21)),
        ("21:30", dt.time(21, 30)),
        ("2130", dt.time(21, 30)),
        ("2130hrs", dt.time(21, 30)),
        ("21:30pm", dt.time(21, 30)),
        ("0930", dt.time(9, 30)),
        ("930", dt.time(9, 30)),
        ("9h30", dt.time(9, 30)),
        ("00:15", dt.time(0, 15)),
        ("12am", dt.time(0)),
        ("12.30pm", dt.time(12, 30)),
        ("noon", dt.time(12)),
        ("Midday", dt.time(12)),
        ("midnight", dt.time(0)),
        ("9", None),
        ("24:00", None),
        ("9:75", None),
        ("13am", None),
        ("25pm", None),
        ("late", None),
        ("", None),
    ],
)
def test_read_time_takes_what_people_type(typed, expected):
    assert read_time(typed) == expected


@given(st.times().map(lambda time: time.replace(second=0, microsecond=0)))
def test_read_time_reads_what_was_written(time):
    assert read_time(time_words(time)) == read_time(f"{time:%H:%M}") == read_time(f"{time:%H%M}") == time


@pytest.mark.parametrize(
    ("day", "time", "utc"),
    [
        (dt.date(2026, 1, 5), dt.time(9), "2026-01-05T09:00:00+00:00"),
        (dt.date(2026, 7, 5), dt.time(9), "2026-07-05T08:00:00+00:00"),
        (dt.date(2026, 10, 25), dt.time(1, 30), "2026-10-25T00:30:00+00:00"),  # comes twice
        (dt.date(2026, 3, 29), dt.time(1, 30), "2026-03-29T01:30:00+00:00"),  # never comes
    ],
)
def test_at_local_time_is_the_moment_in_london(day, time, utc):
    assert at_local_time(day, time) == dt.datetime.fromisoformat(utc)


def test_at_local_time_that_never_comes_is_shown_as_an_hour_later():
    assert at_local_time(dt.date(2026, 3, 29), dt.time(1, 30)).astimezone(LONDON).time() == dt.time(2, 30)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("OX14 3JE", "OX14 3JE"),
        ("ox143je", "OX14 3JE"),
        (" ox14-3je. ", "OX14 3JE"),
        ("OX 14 3 JE", "OX14 3JE"),
        ("w1a1aa", "W1A 1AA"),
        ("M1 1AE", "M1 1AE"),
        ("EC1A1BB", "EC1A 1BB"),
        ("gir0aa", "GIR 0AA"),
        ("OX14", None),
        ("OX14 3C", None),
        ("OX14 3CE", None),
        ("12345", None),
        ("", None),
    ],
)
def test_read_postcode_puts_the_space_right(typed, expected):
    assert read_postcode(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("07700900123", "07700 900123"),
        ("07700 900 123", "07700 900123"),
        ("+44 7700 900123", "07700 900123"),
        ("+44 (0)7700 900123", "07700 900123"),
        ("0044 7700 900123", "07700 900123"),
        ("447700900123", "07700 900123"),
        ("(01632) 960-001", "01632 960001"),
        ("016977 2345", "01697 72345"),
        ("020 7946 0123", "020 7946 0123"),
        ("0808 157 0192", "08081 570192"),
        ("+353 1 496 0123", "+35314960123"),
        ("101", None),
        ("07700 900", None),
        ("00000000000", None),
        ("ask for Jo", None),
        ("07700 900123 ext 4", None),
        ("", None),
    ],
)
def test_read_phone_gives_one_spelling(typed, expected):
    assert read_phone(typed) == expected
