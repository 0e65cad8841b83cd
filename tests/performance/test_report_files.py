"""The files of a report: they hold what its page shows, and a PDF that was lost is made again."""

import csv
import datetime as dt
import io
import json
import re
import zipfile

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from csp.agencies.enums import AreaKind, Role
from csp.audit.models import Event
from csp.celery import app as celery_app
from csp.core.calendar import Period
from csp.core.spreadsheet import figure as figure_cell
from performance.enums import Frequency, MeasureKind, Rating
from performance.models import CaseStudy, PlanAction, PlanMeasure, PlanUpdate, PoliceFile, PoliceIncident
from performance.services import report_states as service
from performance.services.report_content import content_of, live, print_of
from performance.services.report_files import as_csv, as_json, as_ods, as_pdf
from performance.services.report_rows import numbers_of
from tasking.enums import ItemKind, MeetingStatus, SeriesKind
from tests.factories.agencies import AreaFactory, PartnerFactory, user_at
from tests.factories.cases import PlaceFactory, ReportFactory
from tests.factories.performance import IndicatorFactory, PlanActionFactory, PlanFactory, PriorityFactory
from tests.factories.tasking import AgendaItemFactory, MeetingFactory, SeriesFactory
from tests.performance.test_report_indicators import give

NOW = dt.datetime(2022, 5, 3, 9, tzinfo=dt.UTC)
QUARTER = Period.named("2021-22-Q4")
WARDS = {"Didcot South": 1_204, "Abingdon Abbey": 6, "Wantage": 4}


@pytest.fixture
def manager(team):
    return user_at(team, Role.MANAGER)


def incidents(partnership, area, number):
    file, _ = PoliceFile.objects.get_or_create(
        partnership=partnership, force="Thames Valley", month=QUARTER.first,
        defaults={"rows": 9, "without_place": 0, "loaded_at": NOW, "sha256": "0" * 64, "name": "x.csv"},
    )  # fmt: skip
    PoliceIncident.objects.bulk_create(
        PoliceIncident(
            file=file, partnership=partnership, month=QUARTER.first, crime_type="Drugs", location="Mill Road",
            lsoa_code="E01028641", lsoa_name="x", ward=area,
        )
        for _ in range(number)
    )  # fmt: skip


@pytest.fixture
def report(team, officer, soha, indicator):
    """Of a quarter with something of everything in it."""
    here = team.partnership
    for name, number in WARDS.items():
        incidents(here, AreaFactory(partnership=here, kind=AreaKind.WARD, name=name), number)
    series = SeriesFactory(lead=team, kind=SeriesKind.NEIGHBOURHOOD)
    for day, number in (((2021, 8, 10), 9), ((2021, 11, 9), 8), ((2022, 2, 8), 6)):
        at = dt.datetime(*day, 9, tzinfo=dt.UTC)
        meeting = MeetingFactory(series=series, starts_at=at, status=MeetingStatus.APPROVED)
        for _ in range(number):
            place = PlaceFactory(lead=team)
            AgendaItemFactory(meeting=meeting, kind=ItemKind.PLACE, place=place, discussed_at=at)
            ReportFactory(lead=team, received_at=at)
    plan = PlanFactory(partnership=here, starts_on=dt.date(2021, 4, 1), ends_on=dt.date(2022, 3, 31))
    action = PlanActionFactory(priority=PriorityFactory(plan=plan, name="Neighbours"), ref="1.1")
    action.leads.set([soha])
    give(indicator, "2021-22 Q4", "1204.5")
    give(indicator, "2020-21 Q4", "77")
    CaseStudy.objects.create(
        partnership=here, supplied_by=soha, title="A quiet street", text="It stayed quiet.", by=officer,
        quarter=QUARTER.first, at=NOW, checked_by=officer, checked_at=NOW,
    )  # fmt: skip
    made = service.begin(partnership=here, period=QUARTER, by=officer, at=NOW)
    made.sections.filter(name="meetings").update(narrative="A quiet winter.")
    made.sections.filter(name="waiting").update(included=True)
    return made


def rows_of(content):
    return list(csv.reader(io.StringIO(as_csv(content).decode("utf-8-sig"))))


def cells_of_ods(content):
    with zipfile.ZipFile(io.BytesIO(as_ods(content))) as package:
        xml = package.read("content.xml").decode()
    cells = re.findall("<table:table-cell[^>]*>(.*?)</table:table-cell>", xml)
    return {"\n".join(re.findall("<text:p>(.*?)</text:p>", cell)) for cell in cells}


EVERYTHING = (
    "A quiet winter.", "It stayed quiet.", "Soha", "1.1", "Neighbours", "1,204.5", "77", "Didcot South",
    "1204", "2021-22 Q3", "2020-21 Q4", "Case reviews: applications, threshold met, carried out",
    Rating.OFF_TRACK.label,
)  # fmt: skip


@pytest.mark.django_db
def test_csv_and_ods_hold_all_that_the_page_shows(report):
    content = content_of(report, NOW)
    found = {"csv": {cell for row in rows_of(content) for cell in row}}
    found["ods"] = cells_of_ods(content)

    for file_format, cells in found.items():
        assert not {each for each in EVERYTHING if each not in cells}, file_format


@pytest.mark.django_db
def test_a_figure_comes_with_those_it_is_compared_with(report):
    of = ["meetings", "Cases discussed", "cases-discussed", "2021-22-Q4", "", ""]
    (row,) = (row for row in rows_of(content_of(report, NOW)) if row[:6] == of)

    assert row[6] == "6"
    assert row[10:] == ["2021-22 Q3", "8", "-25", "2020-21 Q4", "not recorded", ""]


@pytest.mark.django_db
def test_the_figures_over_time_have_a_row_for_each_period(team, report):
    content = content_of(report, NOW)
    told = {
        (row["section"], row["label"], row["of"]): row["words"]
        for row in content["figures"]
        if row["by"] == "period"
    }
    assert told == {
        (section["name"], line["label"], label): words
        for section in content["sections"]
        for block in section["blocks"]
        if block["type"] == "chart" and block["kind"] != "bar"
        for line in block["lines"]
        for label, words in zip(block["labels"], line["words"], strict=True)
    }
    assert told


@given(
    st.lists(st.none() | st.integers(0, 99), min_size=1, max_size=6),
    st.lists(st.integers(0, 99), max_size=4),
)
def test_every_number_of_a_section_is_a_row(over_time, table):
    words = ["not shown" if each is None else str(each) for each in over_time]
    periods = [f"2021-22 Q{place}" for place in range(1, len(over_time) + 1)]
    held = {"part": None, "part_words": "", "percent": None}
    blocks = [
        {"type": "chart", "kind": "columns", "unit": "reports", "labels": periods,
         "lines": [{"label": "Reports received", "values": over_time, "words": words}]},
        {"type": "chart", "kind": "bar", "unit": "reports", "labels": ["x"], "lines": []},
        {"type": "table", "title": "By area", "measure": "m", "by": "area", "unit": "reports",
         "rows": [{"key": str(each), "label": str(each), "number": each, "words": str(each), **held}
                  for each in table],
         "total": {"label": "Total", "number": sum(table), "words": str(sum(table)), **held}},
    ]  # fmt: skip
    found = numbers_of(
        [{"name": "reports", "blocks": blocks}],
        [{"label": "Reports received", "name": "reports-received"}],
        "2021-22-Q4",
    )

    assert [(row["period"], row["number"]) for row in found if row["by"] == "period"] == [
        (period.replace(" ", "-"), number) for period, number in zip(periods, over_time, strict=True)
    ]
    assert [row["number"] for row in found if row["by"] == "area"] == [*table, sum(table)]
    assert {row["measure"] for row in found if row["by"] == "period"} == {"reports-received"}


@pytest.mark.django_db
def test_the_wards_have_a_table_below_their_chart(client, report, officer):
    client.force_login(officer)
    page = " ".join(client.get(report.get_absolute_url()).content.decode().split())
    pdf = PdfReader(io.BytesIO(as_pdf(content_of(report, NOW))))
    text = " ".join(" ".join(each.extract_text() for each in pdf.pages).split())

    assert '<th scope="row">Didcot South</th> <td class="number">1,204</td>' in page
    assert "/performance/measures//" not in page
    assert "Wantage" not in page
    assert "Didcot South 1,204" in text
    told = [(row["of"], row["number"]) for row in content_of(report, NOW)["figures"] if row["by"] == "ward"]
    assert told == [("Didcot South", 1204), ("Abingdon Abbey", 6)]


@pytest.mark.django_db
def test_the_ratings_of_the_plan_have_a_table_below_their_chart(client, report, officer):
    client.force_login(officer)
    page = " ".join(client.get(report.get_absolute_url()).content.decode().split())

    assert '<th scope="row">No update was given</th> <td class="number">1</td>' in page


@pytest.mark.django_db
def test_what_no_quarter_asks_for_is_not_missing(client, report, officer):
    PlanAction.objects.update(frequency=Frequency.ONCE, due_on=dt.date(2022, 6, 1))

    (block,) = (
        each
        for part in content_of(report, NOW)["sections"]
        for each in part["blocks"]
        if each["type"] == "plan"
    )
    assert [row["rating_words"] for row in block["rows"]] == ["Not asked"]
    told = {row["label"]: row["number"] for row in block["ratings"]}
    assert (told["Not asked"], told["No update was given"]) == (1, 0)


@pytest.mark.django_db
def test_the_number_of_an_update_stands_in_its_own_words(client, report, officer):
    action = PlanAction.objects.get()
    PlanMeasure.objects.create(
        action=action, position=1, text="Visits", kind=MeasureKind.COUNT, unit="visits"
    )
    PlanUpdate.objects.create(
        action=action, quarter=QUARTER.first, value=8, narrative="Eight cases came.", rating=Rating.ON_TRACK,
        partner=action.leads.get(), by=officer, at=NOW,
    )  # fmt: skip
    client.force_login(officer)
    page = " ".join(client.get(report.get_absolute_url()).content.decode().split())

    assert "<strong>8</strong> visits <br> Eight cases came." in page


@pytest.mark.django_db
def test_columns_of_indicators_stand_apart(report):
    pdf = PdfReader(io.BytesIO(as_pdf(content_of(report, NOW))))
    text = "\n".join(each.extract_text(extraction_mode="layout") for each in pdf.pages)

    assert re.search(r"A year before {2,}Of, and from whom", text)
    assert re.search(r"77 {2,}2021-22 Q4", text)


@pytest.mark.django_db
def test_numbers_are_numbers_and_references_are_text(report):
    with zipfile.ZipFile(io.BytesIO(as_ods(content_of(report, NOW)))) as package:
        xml = package.read("content.xml").decode()

    assert 'office:value-type="float" office:value="1204.5"><text:p>1,204.5</text:p>' in xml
    assert 'office:value-type="string"><text:p>1.1</text:p>' in xml


@given(st.integers(-(10**9), 10**9), st.integers(0, 3))
def test_a_number_is_worth_what_its_words_say(number, places):
    assert figure_cell(f"{number:,.{places}f}").value == number
    assert figure_cell(f"{number}%").value * 100 == number


@pytest.mark.parametrize("words", ["", "fewer than 5", "007", "1.1.2", "2021-22", "12 of 15", "1,2", "+44"])
def test_words_stay_words(words):
    assert figure_cell(words) == words


@pytest.mark.django_db
def test_a_file_says_whether_it_is_signed(report, officer, manager):
    assert ["Draft. Nobody has signed this off"] in rows_of(content_of(report, NOW))
    signed = sign(report, officer, manager)

    assert [f"Signed off by {manager} on 3 May 2022"] in rows_of(content_of(signed, NOW))


def sign(report, officer, manager):
    service.submit(report=report, by=officer, at=NOW)
    return service.sign_off(report=report, seen=print_of(content_of(report, NOW)), by=manager, at=NOW)


@pytest.mark.django_db
def test_the_same_frozen_content_gives_the_same_bytes(report, officer, manager):
    signed = sign(report, officer, manager)
    signed.refresh_from_db()

    for make in (as_pdf, as_json, as_csv, as_ods):
        assert make(content_of(signed, NOW)) == make(json.loads(json.dumps(content_of(signed, NOW)))), make


@pytest.mark.django_db
def test_a_year_says_what_waits(team):
    rows = rows_of(live(team.partnership, Period.named("2021-22"), NOW))

    assert ["Figures of the year"] in rows
    assert ["Case reviews: applications, threshold met, carried out", "reviews"] in rows


def lose(report):
    report.refresh_from_db()
    report.file.storage.delete(report.file.name)


@pytest.mark.django_db(transaction=True)
def test_a_lost_pdf_is_made_again_the_same(client, monkeypatch):
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)
    team = PartnerFactory(receiving=True)
    manager, board = user_at(team, Role.MANAGER), user_at(team, Role.BOARD)
    IndicatorFactory(partnership=team.partnership)
    report = service.begin(partnership=team.partnership, period=QUARTER, by=manager, at=NOW)
    sign(report, manager, manager)
    service.publish(report=report, by=manager, at=NOW)
    client.force_login(board)
    address = reverse("performance:report_pdf", args=[report.pk])
    before = b"".join(client.get(address).streaming_content)
    taken = Event.objects.filter(verb="performance_report.downloaded").count()
    lose(report)

    page = client.get(report.get_absolute_url())
    assert "The PDF was lost. Make it again" in page.content.decode()
    assert address not in page.content.decode().replace(f"{address}make", "")
    told = client.get(address, follow=True)
    assert "The PDF of this report was lost. Make it again" in told.content.decode()
    assert Event.objects.filter(verb="performance_report.downloaded").count() == taken

    fingerprint = report.sha256
    client.post(reverse("performance:report_pdf_make", args=[report.pk]))
    assert b"".join(client.get(address).streaming_content) == before
    report.refresh_from_db()
    assert report.sha256 == fingerprint
    assert "The PDF was lost" not in client.get(report.get_absolute_url()).content.decode()
