import datetime as dt

import pytest

from cases.enums import Precision
from cases.services.imports import dates
from cases.services.imports.dates import When, read_time, read_when

THIRD_OF_APRIL = dt.date(2024, 4, 3)


@pytest.mark.parametrize("form", dates.FORMS)
def test_every_form_reads_its_own_sample(form):
    when = read_when(dates.sample(form), form)

    assert when.precision == dates.FORMS[form][1]
    assert when.on == (THIRD_OF_APRIL if when.precision != Precision.MONTH else dt.date(2024, 4, 1))
    assert when.at == (dt.time(21, 30) if when.precision == Precision.TIME else None)


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("3/4/2024", "DD/MM/YYYY", When(THIRD_OF_APRIL, None, Precision.DAY)),
        ("03/04/2024", "MM/DD/YYYY", When(dt.date(2024, 3, 4), None, Precision.DAY)),
        ("2024-04-03", "DD/MM/YYYY", When(THIRD_OF_APRIL, None, Precision.DAY)),
        ("2024-04-03 21:30:00", "DD/MM/YYYY", When(THIRD_OF_APRIL, dt.time(21, 30), Precision.TIME)),
        ("2024-04-03T20:30:00Z", "DD/MM/YYYY", When(THIRD_OF_APRIL, dt.time(21, 30), Precision.TIME)),
        ("202412", "YYYYMM", When(dt.date(2024, 12, 1), None, Precision.MONTH)),
        ("202412", "YYYYMMDD", None),
        ("31/02/2024", "DD/MM/YYYY", None),
        ("03/04/2024 21:30", "DD/MM/YYYY", None),
        ("yesterday", "DD/MM/YYYY", None),
        ("", "DD/MM/YYYY", None),
    ],
)
def test_read_when(text, form, expected):
    assert read_when(text, form) == expected


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


def test_fitting_prefers_the_british_way_and_gives_way_to_what_cannot_be_british():
    assert dates.fitting(["03/04/2024", "05/06/2024"])[0] == "DD/MM/YYYY"
    assert dates.fitting(["03/04/2024", "05/26/2024"])[0] == "MM/DD/YYYY"
    assert dates.fitting(["2024-01", "2024-02", ""])[0] == "YYYY-MM"
    assert dates.fitting(["202412", "202401"])[0] == "YYYYMM"
    assert dates.fitting(["03/04/2024 21:30"])[0] == "DD/MM/YYYY HH:MM"


def test_fitting_finds_nothing_where_nothing_fits():
    assert dates.fitting([]) == dates.fitting([""]) == dates.fitting(["03/04/2024", "soon"]) == []
    assert dates.fitting(["01/01/0204"]) == []
