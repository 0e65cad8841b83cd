import datetime as dt

import pytest

from cases.enums import Precision
from cases.services.imports import dates
from cases.services.imports.dates import When, read_time, read_when

THIRD_OF_APRIL = dt.date(2024, 4, 3)


@pytest.mark.parametrize("form", dates.FORMS)
def test_every_form_reads_its_own_sample(form):
    month = form in dates.MONTH_FORMS

    assert read_when(dates.sample(form), form) == When(
        dt.date(2024, 4, 1) if month else THIRD_OF_APRIL, None, Precision.MONTH if month else Precision.DAY
    )


@pytest.mark.parametrize("form", dates.DAY_FORMS)
@pytest.mark.parametrize(("clock", "time"), [("21:30", dt.time(21, 30)), ("9:05:07", dt.time(9, 5, 7))])
def test_a_day_may_have_a_time(form, clock, time):
    assert read_when(f"{dates.sample(form)} {clock}", form) == When(THIRD_OF_APRIL, time, Precision.TIME)
    assert read_when(f"{dates.sample(form)} 00:00:00", form).precision == Precision.DAY
    assert read_when(f"{dates.sample(form)} 25:00", form) is None


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("3/4/2024", "DD/MM/YYYY", When(THIRD_OF_APRIL, None, Precision.DAY)),
        ("03/04/2024", "MM/DD/YYYY", When(dt.date(2024, 3, 4), None, Precision.DAY)),
        ("2024-04-03", "DD/MM/YYYY", When(THIRD_OF_APRIL, None, Precision.DAY)),
        ("2024-04-03 21:30:00", "DD/MM/YYYY", When(THIRD_OF_APRIL, dt.time(21, 30), Precision.TIME)),
        ("2024-04-03T20:30:00Z", "DD/MM/YYYY", When(THIRD_OF_APRIL, dt.time(21, 30), Precision.TIME)),
        ("2024-04-03", "YYYY-MM", When(THIRD_OF_APRIL, None, Precision.DAY)),
        ("202412", "YYYYMM", When(dt.date(2024, 12, 1), None, Precision.MONTH)),
        ("202412", "YYYYMMDD", None),
        ("2024-04 10:00", "YYYY-MM", None),
        ("31/02/2024", "DD/MM/YYYY", None),
        ("yesterday\n10:00", "DD/MM/YYYY", None),
        ("", "DD/MM/YYYY", None),
    ],
)
def test_read_when(text, form, expected):
    assert read_when(text, form) == expected


def test_form_named_takes_a_time_in_the_name():
    assert dates.form_named("DD/MM/YYYY HH:MM") == dates.form_named(" DD/MM/YYYY HH:MM:SS") == "DD/MM/YYYY"
    assert dates.form_named("soon") is None


def test_moment_is_in_london():
    assert When(THIRD_OF_APRIL, dt.time(21, 30), Precision.TIME).moment == dt.datetime(
        2024, 4, 3, 20, 30, tzinfo=dt.UTC
    )
    assert When(dt.date(2024, 1, 1), None, Precision.MONTH).moment == dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("21:30", dt.time(21, 30)),
        ("2130", dt.time(21, 30)),
        ("9.05", dt.time(9, 5)),
        ("21:30:15", dt.time(21, 30, 15)),
        ("24:00", None),
        ("late", None),
    ],
)
def test_read_time(text, expected):
    assert read_time(text) == expected


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (["03/04/2024", "05/06/2024"], "DD/MM/YYYY"),
        (["03/04/2024", "05/26/2024", "06/27/2024"], "MM/DD/YYYY"),
        (["03/04/2024 21:30", "04/04/2024", "31/02/2024", ""], "DD/MM/YYYY"),
        (["2024-01", "2024-02"], "YYYY-MM"),
        (["202412", "202401"], "YYYYMM"),
        (["03/04/2024", "soon", "later"], ""),
        (["01/01/0204"], ""),
        ([""], ""),
        ([], ""),
    ],
)
def test_likeliest_is_the_form_of_most_dates_and_the_british_one_of_two(values, form):
    assert dates.likeliest(values) == form
