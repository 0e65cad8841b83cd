import base64
from xml.etree import ElementTree

import pytest

from csp.core.charts import Cell, Line, bar_chart, column_chart, draw, line_chart, spark

QUARTERS = ("Q1", "Q2", "Q3")
YEAR = Line("2026-27", (4, None, 1200))


@pytest.mark.parametrize("kind", [line_chart, column_chart, bar_chart])
def test_the_same_numbers_are_the_same_picture(kind):
    chart = kind("Reports received", "reports", QUARTERS, [YEAR, Line("2025-26", (0, 3, 2.5))])

    picture = draw(chart)

    assert picture == draw(chart)
    assert ElementTree.fromstring(picture).tag == "{http://www.w3.org/2000/svg}svg"
    assert picture != draw(kind("Reports received", "reports", QUARTERS, [YEAR]))


def test_picture_is_an_address_that_a_page_may_show():
    chart = line_chart("Reports received", "reports", QUARTERS, [YEAR])

    kind, _, body = chart.picture.partition(",")

    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(body) == draw(chart)
    assert chart.picture == chart.picture


def test_words_say_what_the_picture_shows():
    chart = line_chart("Reports received", "reports", QUARTERS, [YEAR])

    assert chart.words == "Reports received, in reports. 2026-27: 4 in Q1, 1,200 in Q3, most 1,200 in Q3"


def test_words_of_bars_name_each():
    chart = bar_chart("By kind", "reports", ["Noise", "Litter"], [Line("2026-27", (7, 2))])

    assert chart.words == "By kind, in reports. 2026-27: Noise 7, Litter 2"


def test_line_without_numbers_says_so():
    chart = line_chart("Reports received", "reports", QUARTERS, [Line("2026-27", (None, None, None))])

    assert chart.words.endswith("2026-27: no figures")
    assert draw(chart)


def test_table_tells_nought_from_missing():
    chart = column_chart("Reports received", "reports", QUARTERS, [Line("2026-27", (0, None, 1200))])

    assert chart.rows == [["Q1", "0"], ["Q2", "not recorded"], ["Q3", "1,200"]]
    assert chart.head == ["", "2026-27"]


def test_numbers_of_the_table_open_their_records_and_the_picture_stays_the_same():
    plain = Line("2026-27", (4, None))
    line = Line("2026-27", (4, None), urls=("/q1/", ""))
    chart = column_chart("Reports received", "reports", QUARTERS[:2], [line])

    assert chart.table == [
        ("Q1", [Cell("4", "/q1/", "2026-27")]),
        ("Q2", [Cell("not recorded", "", "2026-27")]),
    ]
    assert chart.picture == column_chart("Reports received", "reports", QUARTERS[:2], [plain]).picture


def test_trend_is_a_small_picture():
    assert spark([1, None, 3]).startswith("data:image/svg+xml;base64,")
    assert spark([1, None, 3]) == spark([1, None, 3])
