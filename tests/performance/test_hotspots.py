"""Hotspots: what lies where, in which hexagon, and who reads which number of it."""

import csv
import datetime as dt
import io
import zipfile

import h3
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.enums import Precision, ReportStatus
from csp.agencies.enums import AreaKind, Role
from csp.agencies.models import Area
from csp.audit.models import Event
from performance.models import PoliceFile, PoliceIncident
from performance.services.hotspots import MEDIUM, Wanted, What, by_month, find_hexagons, records_in
from tests.factories.agencies import AreaFactory, PartnerFactory, user_at
from tests.factories.cases import CaseFactory, CategoryFactory, PlaceFactory, ReportFactory

pytestmark = pytest.mark.django_db
HERE, THERE = (51.6711, -1.2828), (51.6066, -1.2412)
JUNE = dt.datetime(2026, 6, 8, 9, tzinfo=dt.UTC)
MONTH = dt.date(2026, 6, 1)
PAGE = reverse("performance:hotspots")
IN_JUNE = {"first": "2026-06", "last": "2026-06"}


@pytest.fixture(autouse=True)
def autumn(time_machine):
    time_machine.move_to(dt.datetime(2026, 10, 5, 9, tzinfo=dt.UTC), tick=False)


@pytest.fixture
def ward(team):
    return AreaFactory(partnership=team.partnership, kind=AreaKind.WARD, name="Abbey")


@pytest.fixture
def officer(client, team):
    client.force_login(user_at(team, Role.OFFICER))
    return client


@pytest.fixture
def reader(client, team):
    client.force_login(user_at(team, Role.AUDITOR))
    return client


def told(team, number=1, at=HERE, **fields):
    north, east = at
    given = {"received_at": JUNE, "latitude": north, "longitude": east, "postcode": "OX14 3HG"}
    return [ReportFactory(lead=team, **given | fields) for _ in range(number)]


def police(team, number=1, at=HERE, month=MONTH, crime_type="Burglary", **fields):
    file, _ = PoliceFile.objects.get_or_create(
        partnership=team.partnership,
        force="Thames Valley Police",
        month=month,
        defaults={"name": "a.csv", "sha256": "", "rows": 1, "without_place": 0, "loaded_at": JUNE},
    )
    north, east = at
    given = {"latitude": north, "longitude": east, "location": "On or near High Street", "lsoa_code": "E1"}
    PoliceIncident.objects.bulk_create(
        PoliceIncident(
            file=file, partnership=team.partnership, month=month, crime_type=crime_type, **given | fields
        )
        for _ in range(number)
    )


def wanted(**fields):
    return Wanted(**{"what": What.REPORTS, "first": MONTH, "last": MONTH} | fields)


def numbers(team, **fields):
    return [each.number for each in find_hexagons(team.partnership, wanted(**fields)).hexagons]


def words_of(answer):
    return answer.content.decode()


def test_what_lies_together_is_one_hexagon_and_the_largest_comes_first(team, ward):
    told(team, 2, THERE), told(team, 3, ward=ward), told(team, 1, (51.6713, -1.2829))
    ground = find_hexagons(team.partnership, wanted())

    assert [each.number for each in ground.hexagons] == [4, 2]
    assert ground.hexagons[0].cell == h3.latlng_to_cell(*HERE, MEDIUM)
    assert ground.hexagons[0].label == "Abbey, OX14 3"
    assert ground.hexagons[1].label == "No area known, OX14 3"
    assert ground.wards == [("Abbey", *ground.hexagons[0].centre)]


def test_a_report_belongs_to_the_month_in_london(team):
    told(team, received_at=dt.datetime(2026, 5, 31, 22, 59, tzinfo=dt.UTC))
    told(team, received_at=dt.datetime(2026, 5, 31, 23, 0, tzinfo=dt.UTC))
    told(team, received_at=dt.datetime(2026, 6, 30, 22, 59, tzinfo=dt.UTC))
    told(team, received_at=dt.datetime(2026, 6, 30, 23, 0, tzinfo=dt.UTC))

    assert numbers(team) == [2]
    figures = by_month(team.partnership, wanted(first=dt.date(2026, 4, 1), last=dt.date(2026, 7, 1)))
    assert [(each.label, each.number) for each in figures] == [
        ("Apr 2026", 0),
        ("May 2026", 1),
        ("Jun 2026", 2),
        ("Jul 2026", 1),
    ]


def test_duplicates_and_restricted_cases_and_other_partnerships_are_not_on_the_map(team):
    told(team, status=ReportStatus.DUPLICATE)
    hidden = CaseFactory(lead=team, restricted=True, restricted_because="A refuge")
    told(team, status=ReportStatus.CASE_OPENED, case=hidden)
    told(team, status=ReportStatus.CASE_OPENED, case=CaseFactory(lead=team))
    told(PartnerFactory(receiving=True))

    assert numbers(team) == [1]


def test_cases_lie_where_their_place_is(team):
    place = PlaceFactory(lead=team, latitude=HERE[0], longitude=HERE[1])
    kept = CaseFactory(lead=team, place=place, opened_at=JUNE)
    CaseFactory(lead=team, place=place, opened_at=JUNE, merged_into=kept, status="cancelled", ended_at=JUNE)
    CaseFactory(lead=team, place=place, opened_at=JUNE, restricted=True, restricted_because="A refuge")
    CaseFactory(lead=team, opened_at=JUNE)
    ground = find_hexagons(team.partnership, wanted(what=What.CASES))

    assert [each.number for each in ground.hexagons] == [1]
    assert ground.without_point == 2


def test_category_area_and_hour_cut_what_is_counted(team, ward):
    noise = CategoryFactory(lead=team)
    (loud,) = told(team, ward=ward)
    loud.categories.add(noise)
    told(team, occurred_precision=Precision.TIME, occurred_on=MONTH, occurred_at=dt.time(23, 59))
    told(team, occurred_precision=Precision.DAY, occurred_on=MONTH, occurred_at=None)

    assert numbers(team) == [3]
    assert numbers(team, category=str(noise.pk)) == [1]
    assert numbers(team, area=ward) == [1]
    assert numbers(team, hours=(18, 24)) == [1]
    assert numbers(team, hours=(0, 6)) == []


def test_an_area_holds_what_lies_in_those_below_it(team):
    district = AreaFactory(partnership=team.partnership, kind=AreaKind.DISTRICT)
    ward = AreaFactory(partnership=team.partnership, parent=district)
    told(team, ward=ward)
    police(team, 2, ward=ward), police(team, 1, district=district), police(team, 4)

    assert numbers(team, area=district) == [1]
    assert numbers(team, what=What.POLICE, area=Area.objects.get(pk=district.pk)) == [3]


def test_police_incidents_by_crime_type_are_named_after_the_street(team):
    police(team, 3), police(team, 2, crime_type="Robbery"), police(team, 1, month=dt.date(2026, 5, 1))
    ground = find_hexagons(team.partnership, wanted(what=What.POLICE))

    assert [(each.number, each.label) for each in ground.hexagons] == [(5, "No area known, High Street")]
    assert numbers(team, what=What.POLICE, category="Robbery") == [2]


def test_months_of_which_no_police_file_is_loaded_are_not_nought(team):
    police(team, 3), police(team, 1, month=dt.date(2026, 4, 1))
    span = wanted(what=What.POLICE, first=dt.date(2026, 4, 1))

    assert [(each.key, each.number) for each in by_month(team.partnership, span)] == [
        ("2026-04", 1),
        ("2026-06", 3),
    ]


def test_a_point_that_is_not_on_earth_has_none(team):
    told(team, at=(151.2, 1.0)), told(team, at=(None, None))

    assert find_hexagons(team.partnership, wanted()).without_point == 2


def test_what_a_hexagon_counts_is_found_again(team):
    for n in range(40):
        told(team, at=(HERE[0] + n / 3000, HERE[1] - n / 2000))
    for each in find_hexagons(team.partnership, wanted()).hexagons:
        assert records_in(team.partnership, wanted(), each.cell).count() == each.number


def test_the_team_reads_small_numbers_and_opens_what_they_count(officer, team, ward):
    reports = told(team, 3, ward=ward)
    page = officer.get(PAGE, IN_JUNE)
    cell = find_hexagons(team.partnership, wanted()).hexagons[0].cell
    address = f"{reverse('performance:hotspot_records', args=[cell])}?what=reports&first=2026-06&last=2026-06"

    assert "<strong>3 reports</strong>" in words_of(page)
    assert address.replace("&", "&amp;") in words_of(page)
    listed = words_of(officer.get(address))
    assert "3 reports in one hexagon" in listed
    assert all(report.reference in listed for report in reports)


def test_the_list_of_a_hexagon_says_what_the_reader_may_not_open(officer, team):
    told(team, 2)
    told(PartnerFactory(partnership=team.partnership))
    cell = h3.latlng_to_cell(*HERE, MEDIUM)
    listed = officer.get(reverse("performance:hotspot_records", args=[cell]), IN_JUNE)

    assert "3 reports in one hexagon" in words_of(listed)
    assert "1 of them you may not read in full, so it is not listed" in words_of(listed)


def test_incidents_of_a_hexagon_are_listed(officer, team):
    police(team, 2)
    cell = h3.latlng_to_cell(*HERE, MEDIUM)
    listed = officer.get(reverse("performance:hotspot_records", args=[cell]), {"what": "police"})

    assert words_of(listed).count("On or near High Street") == 2


@pytest.mark.parametrize("cell", ["nothing", "871958b2cffffff0", h3.latlng_to_cell(*HERE, 12)])
def test_what_is_no_hexagon_of_ours_is_not_there(officer, cell):
    assert officer.get(reverse("performance:hotspot_records", args=[cell])).status_code == 404


def test_others_read_no_small_number_nor_one_that_gives_it_away(reader, team):
    told(team, 9), told(team, 4, THERE)
    page = words_of(reader.get(PAGE, IN_JUNE))
    points = reader.get(reverse("performance:hotspot_points"), IN_JUNE).json()["hexagons"]

    assert "<strong>10 or more reports</strong>" in page
    assert [each["number"] for each in points] == [None, None]
    assert {each["words"] for each in points} == {"fewer than 5 reports", "not shown reports"}
    assert "/performance/hotspots/8" not in page
    assert ">9<" not in page
    assert ">4<" not in page


def test_five_in_one_place_is_shown_to_others(reader, team):
    told(team, 5)
    points = reader.get(reverse("performance:hotspot_points"), IN_JUNE).json()["hexagons"]

    assert [(each["number"], each["rank"], each["shade"]) for each in points] == [(5, 1, 5)]


def test_others_get_no_small_hexagons(reader, team):
    told(team, 5)
    page = reader.get(PAGE, IN_JUNE | {"size": "9"})

    assert "Small" not in words_of(page)
    assert page.context["page"].wanted.size == MEDIUM


def test_days_and_hours_count_what_is_known(officer, team):
    monday = {"occurred_on": dt.date(2026, 6, 8)}
    told(team, **monday, occurred_precision=Precision.TIME, occurred_at=dt.time(2, 59))
    told(team, **monday, occurred_precision=Precision.TIME, occurred_at=dt.time(3, 0))
    told(team, **monday, occurred_precision=Precision.DAY)
    told(team, **monday, occurred_precision=Precision.MONTH)
    page = officer.get(PAGE, IN_JUNE).context["page"]
    _, days, bands = page.over_time

    assert {row.label: row.number for row in days.table.rows if row.number} == {"Monday": 3, "Not known": 1}
    assert {row.label: row.number for row in bands.table.rows if row.number} == {
        "Midnight to 3am": 1,
        "3am to 6am": 1,
        "Not known": 2,
    }


def test_small_numbers_of_a_chart_are_a_table_of_words(reader, team):
    told(team, 6, occurred_on=MONTH), told(team, 2, occurred_on=dt.date(2026, 6, 2))
    page = reader.get(PAGE, IN_JUNE)

    assert page.context["page"].over_time[1].chart is None
    assert "fewer than 5" in words_of(page)


def test_months_the_wrong_way_round_are_turned_and_too_many_refused(officer, team):
    told(team, received_at=dt.datetime(2020, 1, 5, tzinfo=dt.UTC))
    turned = officer.get(PAGE, {"first": "2026-06", "last": "2026-04"}).context["page"].wanted
    refused = officer.get(PAGE, {"first": "2023-09", "last": "2026-09"})
    just = officer.get(PAGE, {"first": "2023-10", "last": "2026-09"}).context["page"].wanted

    assert (turned.first, turned.last) == (dt.date(2026, 4, 1), MONTH)
    assert "Choose 36 months or fewer" in words_of(refused)
    assert '<option value="2023-09" selected' in words_of(refused)
    assert len(just.months) == 36


def test_what_cannot_be_read_is_left_out(officer, team):
    told(team, received_at=timezone.now())
    page = officer.get(
        PAGE, {"what": "x", "category": "x", "area": "x", "hours": "x", "size": "x", "last": "x"}
    )

    assert "1 report" in words_of(page)


def test_the_police_begin_with_the_last_months_that_are_loaded(officer, team):
    police(team, 1, month=dt.date(2024, 4, 1))
    chosen = officer.get(PAGE, {"what": "police"}).context["page"].wanted

    assert (chosen.first, chosen.last) == (dt.date(2023, 5, 1), dt.date(2024, 4, 1))


def test_nothing_in_these_months(officer):
    assert "Nothing with a point in these months" in words_of(officer.get(PAGE, {"what": "cases"}))


def test_the_file_says_the_same_and_is_recorded(officer, team):
    told(team, 3)
    answer = officer.get(reverse("performance:hotspot_file"), IN_JUNE)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert rows[1][:2] == ["No area known, OX14 3", "3"]
    assert Event.objects.get(verb="hotspots.exported").detail["rows"] == 1
    sheets = officer.get(reverse("performance:hotspot_file"), IN_JUNE | {"format": "ods"})
    content = zipfile.ZipFile(io.BytesIO(sheets.content)).read("content.xml").decode()
    assert "By month" in content
    assert "By time of day" in content


def test_the_file_of_others_holds_no_small_number(reader, team):
    told(team, 3)
    answer = reader.get(reverse("performance:hotspot_file"), IN_JUNE)

    assert "fewer than 5" in words_of(answer)


def test_the_points_say_nothing_of_anybody(officer, team):
    told(team, 2, location="Behind the refuge", what_happened="Ann said so")
    points = words_of(officer.get(reverse("performance:hotspot_points"), IN_JUNE))

    assert "refuge" not in points
    assert "Ann" not in points
    assert f"{HERE[0]}, {HERE[1]}" not in points


@pytest.mark.parametrize("what", What.values)
def test_the_page_asks_as_often_however_much_there_is(officer, team, ward, what):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            officer.get(PAGE, IN_JUNE | {"what": what})
        return len(asked)

    def grow(number):
        told(team, number, at=(HERE[0] + number / 100, HERE[1]), ward=ward)
        police(team, number, at=(HERE[0] + number / 100, HERE[1]), ward=ward)
        place = PlaceFactory(lead=team, latitude=HERE[0] + number / 100, longitude=HERE[1])
        CaseFactory(lead=team, place=place, opened_at=JUNE, ward=ward)

    grow(1), queries()
    few = queries()
    grow(2), grow(3)
    assert queries() == few


def test_places_of_the_same_name_are_told_apart_by_where_they_lie(team, ward):
    told(team, 2, ward=ward)
    told(team, 1, at=(51.69, -1.30), ward=ward)
    told(team, 3, at=THERE)
    before = {each.cell: each.label for each in find_hexagons(team.partnership, wanted()).hexagons}
    told(team, 5, at=(51.69, -1.30), ward=ward)
    after = {each.cell: each.label for each in find_hexagons(team.partnership, wanted()).hexagons}

    assert sorted(before.values()) == ["Abbey, OX14 3 (1)", "Abbey, OX14 3 (2)", "No area known, OX14 3"]
    assert after == before
