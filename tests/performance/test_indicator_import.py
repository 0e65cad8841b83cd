"""Values of an indicator as a table: each line checked, nothing lost, all or nothing kept."""

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.services.imports.refusals import CannotImport
from performance.services import indicators as service
from performance.services.indicator_import import (
    ADD,
    MOST_LINES,
    RESTATE,
    SAME,
    WRONG,
    NotAllRight,
    as_text,
    read_lines,
    take_in,
)
from performance.services.indicators import Given
from performance.services.spans import read_span
from tests.factories.performance import IndicatorFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2024, 6, 3, 9, tzinfo=dt.UTC)
TODAY = dt.date(2024, 6, 3)
HEAD = "Period,Value,Source,As of,Note\n"


@pytest.fixture
def indicator(team):
    return IndicatorFactory(partnership=team.partnership, name="Assaults", source="NHS")


def read(indicator, lines, head=HEAD, **defaults):
    return read_lines(indicator=indicator, text=head + lines, at=NOW, **defaults)


def stands(indicator, month, value):
    given = Given(value=Decimal(value), source="NHS", as_of=TODAY)
    service.add_value(indicator=indicator, period=read_span(month, TODAY), given=given, by=None, at=NOW)


def test_each_line_says_what_would_come_of_it(indicator):
    stands(indicator, "January 2024", "3")
    stands(indicator, "February 2024", "4")

    lines = read(
        indicator,
        "January 2024,3,NHS,3 6 2024,\n"
        "February 2024,5,NHS,3 6 2024,Late returns\n"
        'March 2024,"1,204.5",NHS,3 6 2024,\n'
        "April 2024,no figure,NHS,3 6 2024,\n"
        "May 2024,0,NHS,3 6 2024,\n",
    )

    assert [(line.number, line.does) for line in lines] == [
        (2, SAME),
        (3, RESTATE),
        (4, ADD),
        (5, ADD),
        (6, ADD),
    ]
    assert take_in(indicator=indicator, lines=lines, by=None, at=NOW) == 4
    standing = indicator.values.standing().order_by("first_on").values_list("value", flat=True)
    assert list(standing) == [3, 5, Decimal("1204.50"), None, 0]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("lately,1,NHS,3 6 2024,", "“lately” is not a period"),
        ("March 2024,many,NHS,3 6 2024,", "“many” is not a number"),
        ("March 2024,1.234,NHS,3 6 2024,", "at most two decimal places"),
        ("March 2024,,NHS,3 6 2024,", "Enter a value, or “no figure” where the source has none"),
        ("March 2024,1,,3 6 2024,", "Say where the value is from"),
        ("March 2024,1,NHS,,", "Say on which day the source gave the value"),
        ("March 2024,1,NHS,some day,", "“some day” is not a date"),
        ("March 2024,1,NHS,4 6 2024,", "must be today or in the past"),
        ("July 2024,1,NHS,3 6 2024,", "July 2024 has not begun yet"),
        ("January 2024,1,NHS,3 6 2024,", "January 2024 has another value, 3. To restate it, say why"),
        ("May 2024,1,NHS,3 6 2024,", "May 2024 is on line 2 already"),
    ],
)
def test_a_wrong_line_is_told_with_its_number_and_none_is_kept(indicator, line, words):
    stands(indicator, "January 2024", "3")

    lines = read(indicator, f"May 2024,1,NHS,3 6 2024,\n{line}\n")

    assert [each.does for each in lines] == [ADD, WRONG]
    assert words in lines[1].words
    with pytest.raises(NotAllRight, match="Line 3"):
        take_in(indicator=indicator, lines=lines, by=None, at=NOW)
    assert indicator.values.count() == 1


def test_source_and_day_may_hold_for_all_lines(indicator):
    lines = read(indicator, "2021-22,7\n", head="Year,Figure\n", source="ONS", as_of=TODAY)

    assert (lines[0].given.source, lines[0].given.as_of, str(lines[0].period)) == ("ONS", TODAY, "2021-22")


def test_a_period_may_be_two_columns(indicator):
    lines = read(indicator, "1/4/2021,30/6/2021,7\n", head="From,To,Value\n", source="ONS", as_of=TODAY)

    assert str(lines[0].period) == "2021-22 Q1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,age\nAnn,3\n", "The first line must name the columns"),
        ("Period,Value\n", "no line below it"),
        ("", "The file is empty"),
    ],
)
def test_what_is_no_such_table_is_refused(indicator, text, words):
    with pytest.raises(CannotImport, match=words):
        read_lines(indicator=indicator, text=text, at=NOW)


def test_a_workbook_is_read_too():
    book = openpyxl.Workbook()
    book.active.append(["Period", "Value"])
    book.active.append(["March 2024", 12])
    out = io.BytesIO()
    book.save(out)

    assert as_text(out) == "Period,Value\nMarch 2024,12\n"


def test_a_table_too_long_is_refused():
    with pytest.raises(CannotImport, match="more than 2,000 lines"):
        as_text(io.BytesIO(b"Period,Value\n" + b"March 2024,1\n" * (MOST_LINES + 1)))

    assert as_text(io.BytesIO(b"Period,Value\n" + b"March 2024,1\n" * MOST_LINES))


def address(indicator):
    return reverse("performance:indicator_upload", args=[indicator.pk])


def sent(text, name="values.csv"):
    return SimpleUploadedFile(name, text.encode())


def test_a_file_is_shown_before_it_is_kept(client, officer, indicator):
    client.force_login(officer)
    file = sent("Period,Value\nMarch 2024,12\nApril 2024,14\n")

    response = client.post(
        address(indicator), {"file": file, "source": "NHS", "as_of": "20 5 2024", "save": "1"}
    )

    text = response.content.decode()
    assert "Add these 2 values" in text
    assert "March 2024,12" in text
    assert indicator.values.count() == 0

    typed = {"text": "Period,Value\nMarch 2024,12\nApril 2024,14\n", "source": "NHS", "as_of": "20 5 2024"}
    response = client.post(address(indicator), typed | {"save": "1"}, follow=True)
    assert response.redirect_chain == [(indicator.get_absolute_url(), 302)]
    assert set(indicator.values.values_list("value", "by")) == {(12, officer.pk), (14, officer.pk)}


def test_a_wrong_line_is_shown_and_the_table_stays_in_its_box(client, officer, indicator):
    client.force_login(officer)
    typed = {"text": "Period,Value\nMarch 2024,12\nlately,14\n", "source": "NHS", "as_of": "20 5 2024"}

    text = client.post(address(indicator), typed | {"save": "1"}).content.decode()

    assert "Line 3: “lately” is not a period" in text
    assert "March 2024,12\nlately,14" in text
    assert "Add " not in text.split("<form")[-1].split("</form>")[0].replace("Add a", "")
    assert indicator.values.count() == 0


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({}, "Choose a file, or paste the table into the box"),
        ({"text": "no table"}, "The first line must name the columns"),
        ({"text": "Period,Value\n2021,1\n", "as_of": "some day"}, "must be a real date"),
    ],
)
def test_what_cannot_be_read_is_told(client, officer, indicator, posted, words):
    client.force_login(officer)

    text = client.post(address(indicator), posted | {"check": "1"}).content.decode()

    assert words in text
    assert posted.get("text", "") in text


def test_a_file_that_is_no_table_is_told(client, officer, indicator):
    client.force_login(officer)

    text = client.post(address(indicator), {"file": sent("%PDF-1.4 \x00\x01", "x.pdf")}).content.decode()

    assert "The file is not text" in text


def test_a_counted_indicator_takes_no_table(client, officer, team):
    counted = IndicatorFactory(partnership=team.partnership, crime_type="Drugs")
    client.force_login(officer)

    text = client.post(address(counted), {"text": "Period,Value\n2021,1\n"}).content.decode()

    assert "is counted, so nobody enters its values" in text
