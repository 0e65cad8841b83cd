"""Hotspots say no more than the pages of the records: of places kept safe, of restricted cases, of few."""

import csv
import datetime as dt
import io
from itertools import product

import h3
import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cases.enums import Precision, ReportStatus
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.measures import Figure, find_measure
from csp.agencies.services.sharing import grant
from csp.audit.models import Event
from csp.core.calendar import Period
from performance.services.hotspots import MEDIUM, Wanted, What, by_month, find_hexagons, records_in
from performance.services.rounding import rounded_down
from performance.services.small_numbers import FEW, shown
from tests.factories.agencies import AreaFactory, PartnerFactory, user_at
from tests.factories.cases import CaseFactory, CategoryFactory, PersonFactory, PlaceFactory, ReportFactory

pytestmark = pytest.mark.django_db
HERE, THERE = (51.6711, -1.2828), (51.6066, -1.2412)
JUNE = dt.datetime(2026, 6, 8, 9, tzinfo=dt.UTC)
MONTH = dt.date(2026, 6, 1)
IN_JUNE = {"first": "2026-06", "last": "2026-06"}
PAGE, POINTS, FILE = (
    reverse(f"performance:{name}") for name in ("hotspots", "hotspot_points", "hotspot_file")
)
CELL = h3.latlng_to_cell(*HERE, MEDIUM)
RESTRICTED = {"restricted": True, "restricted_because": "A refuge"}


@pytest.fixture(autouse=True)
def autumn(time_machine):
    time_machine.move_to(dt.datetime(2026, 10, 5, 9, tzinfo=dt.UTC), tick=False)


@pytest.fixture
def police(team):
    """Another team of the partnership, so that its officers read small numbers too."""
    return PartnerFactory(partnership=team.partnership, receiving=True, name="Police")


@pytest.fixture
def refuge(team):
    """Somebody lives there who must not be found."""
    place = PlaceFactory(lead=team, latitude=HERE[0], longitude=HERE[1])
    PersonFactory(lead=team, place=place, do_not_disclose=True)
    return place


@pytest.fixture
def asking(client):
    """As somebody of a partner, in a role, asks for a page in June."""

    def ask(partner, role, address=PAGE, **query):
        client.force_login(user_at(partner, role))
        return client.get(address, IN_JUNE | query)

    return ask


def told(lead, number=1, at=HERE, **fields):
    north, east = at
    fields = {"received_at": JUNE, "latitude": north, "longitude": east, "postcode": "OX14 3HG"} | fields
    return [ReportFactory(lead=lead, **fields) for _ in range(number)]


def wanted(what=What.REPORTS, **fields):
    return Wanted(what, MONTH, MONTH, **fields)


def at_the_refuge(what, lead, refuge):
    if what == What.CASES:
        return CaseFactory(lead=lead, place=refuge, opened_at=JUNE)
    return told(lead, place=refuge)[0]


def drawn(answer):
    return [each["number"] for each in answer.json()["hexagons"]]


@pytest.mark.parametrize("what", [What.REPORTS, What.CASES])
def test_who_must_not_be_found_is_on_no_map_but_that_of_those_who_lead(asking, team, police, refuge, what):
    record = at_the_refuge(what, police, refuge)
    grant(record=record, partner=team, level=ShareLevel.FULL)
    of_cell = reverse("performance:hotspot_records", args=[CELL])

    for size in ("7", "8", "9"):
        assert drawn(asking(team, Role.OFFICER, POINTS, what=what, size=size)) == []
        assert drawn(asking(police, Role.OFFICER, POINTS, what=what, size=size)) == [1]
    assert record.reference not in asking(team, Role.OFFICER, of_cell, what=what).content.decode()
    assert record.reference in asking(police, Role.OFFICER, of_cell, what=what).content.decode()
    page = asking(team, Role.OFFICER, what=what)
    assert f"<strong>1 {what.removesuffix('s')}</strong>" in page.content.decode()
    assert page.context["page"].without_point == "1"
    assert "OX" not in asking(team, Role.OFFICER, FILE, what=what).content.decode()


def test_neighbours_of_who_must_not_be_found_stay_on_the_map(team, police, refuge):
    told(police, 2), told(team, place=refuge), at_the_refuge(What.REPORTS, police, refuge)

    assert find_hexagons(team.partnership, wanted()).hexagons[0].number == 2
    ground = find_hexagons(team.partnership, wanted(), {team.pk})
    assert (ground.hexagons[0].number, ground.without_point) == (3, 1)
    assert records_in(team.partnership, wanted(), CELL, {team.pk}).count() == 3
    assert find_hexagons(team.partnership, wanted(), {team.pk, police.pk}).without_point == 0


@pytest.mark.parametrize("what", [What.REPORTS, What.CASES])
def test_the_list_of_a_hexagon_holds_what_may_be_read_in_full(asking, team, police, what):
    place = PlaceFactory(lead=team, latitude=HERE[0], longitude=HERE[1])
    summary, full = (at_the_refuge(what, police, place) for _ in range(2))
    grant(record=summary, partner=team, level=ShareLevel.SUMMARY)
    grant(record=full, partner=team, level=ShareLevel.FULL)
    of_cell = reverse("performance:hotspot_records", args=[CELL])

    page = asking(team, Role.OFFICER, of_cell, what=what).content.decode()
    assert full.reference in page
    assert summary.reference not in page
    assert "1 of them you may not read in full, so it is not listed" in page
    page = asking(police, Role.OFFICER, of_cell, what=what).content.decode()
    assert all(each.reference in page for each in (full, summary))


def test_restricted_cases_count_as_the_measures_count_them(team):
    ward = AreaFactory(partnership=team.partnership)
    category = CategoryFactory(lead=team)
    place = PlaceFactory(lead=team, latitude=HERE[0], longitude=HERE[1])
    for secret in ({}, RESTRICTED, RESTRICTED):
        case = CaseFactory(lead=team, place=place, ward=ward, opened_at=JUNE, **secret)
        (report,) = told(team, ward=ward, case=case, status=ReportStatus.CASE_OPENED)
        case.categories.add(category), report.categories.add(category)
    period = Period(MONTH, dt.date(2026, 6, 30))

    for what, name in ((What.REPORTS, "reports-received"), (What.CASES, "cases-opened")):
        for cut, only in (
            ({}, {}),
            ({"area": ward}, {"ward": str(ward.pk)}),
            ({"category": str(category.pk)}, {"category": str(category.pk)}),
        ):
            number = find_measure(name).figure(team.partnership, period, only).number
            ground = find_hexagons(team.partnership, wanted(what, **cut))
            (month,) = by_month(team.partnership, wanted(what, **cut))
            assert number == month.number == 3
            assert sum(each.number for each in ground.hexagons) == 1
            assert ground.without_point == 2


@pytest.mark.parametrize("role", [Role.OFFICER, Role.AUDITOR])
def test_restricted_cases_have_no_place_and_no_hour_for_anybody(asking, team, role):
    case = CaseFactory(lead=team, **RESTRICTED)
    when = {"occurred_on": MONTH, "occurred_at": dt.time(2), "occurred_precision": Precision.TIME}
    told(team, case=case, status=ReportStatus.CASE_OPENED, **when)

    page = asking(team, role).context["page"]
    _, days, hours = page.over_time
    for numbers in (days, hours):
        assert [row.label for row in numbers.table.rows if row.words != "0"] == ["Not known"]
    assert page.hexagons == []
    assert asking(team, role, hours="0-6").context["page"].total == "0 reports"
    assert "OX14" not in asking(team, role, FILE).content.decode()
    of_cell = reverse("performance:hotspot_records", args=[CELL])
    assert case.reports.get().reference not in asking(team, Role.OFFICER, of_cell).content.decode()


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.AGENCY_LEAD, Role.AUDITOR])
def test_others_read_every_number_rounded_down(asking, team, police, role):
    told(team, 12, occurred_on=MONTH), told(team, 7, THERE, occurred_on=MONTH)

    page = asking(police, role)
    words = page.content.decode()
    assert "<strong>15 or more reports</strong>" in words
    assert "Every number here is rounded down to fives" in words
    assert [spot.words for spot in page.context["page"].spots] == ["10 or more", "5 or more"]
    for numbers in page.context["page"].over_time:
        assert {row.number for row in numbers.table.rows} <= {0, 15}
        assert numbers.chart.unit == "reports, rounded down to fives"
    assert drawn(asking(police, role, POINTS)) == [10, 5]
    for table in ("", "months", "days", "hours"):
        file = asking(police, role, FILE, table=table).content.decode("utf-8-sig")
        head, *rows = csv.reader(io.StringIO(file))
        assert head[1] == "Number, rounded down to fives"
        assert {row[1] for row in rows} <= {"0", "5", "10", "15"}


def test_the_team_reads_every_number_as_it_is(asking, team):
    told(team, 12, occurred_on=MONTH), told(team, 7, THERE, occurred_on=MONTH)

    page = asking(team, Role.OFFICER)
    assert "<strong>19 reports</strong>" in page.content.decode()
    assert "rounded" not in page.content.decode()
    assert drawn(asking(team, Role.OFFICER, POINTS)) == [12, 7]


def test_the_order_of_rounded_numbers_does_not_tell_which_is_larger(asking, team):
    """The same two places with 9 and 7, and with 7 and 9."""
    order = []
    for year, numbers in ((2024, (9, 7)), (2025, (7, 9))):
        at = JUNE.replace(year=year)
        for number, spot in zip(numbers, (HERE, THERE), strict=True):
            told(team, number, spot, received_at=at)
        month = {"first": f"{year}-06", "last": f"{year}-06"}
        found = asking(team, Role.AUDITOR, POINTS, **month).json()["hexagons"]
        order.append([(each["id"], each["rank"], each["words"]) for each in found])

    assert order[0] == order[1]


def words_of(number):
    """What is shown of one number that somebody asked for alone."""
    figure = Figure("", "", number)
    return rounded_down(shown([figure], figure, small=False)).rows[0].words


def test_no_number_of_few_is_one_shown_number_less_another():
    """One span, one beside it, and both together: what is seen of the three leaves two answers or more."""
    answers = {}
    for one, other in product(range(60), range(1, 5)):
        seen = words_of(one), words_of(other), words_of(one + other)
        answers.setdefault(seen, set()).add(other)

    assert all(len(each) > 1 for each in answers.values())


@given(st.integers(0, 10**7))
def test_a_rounded_number_is_the_five_below(number):
    figure = Figure("", "", number)
    (row,) = rounded_down(shown([figure], small=False)).rows

    if 0 < number < 5:
        assert (row.number, row.words) == (None, FEW)
    else:
        assert row.number == number // 5 * 5
        assert row.words == (f"{row.number:,} or more" if number else "0")


@pytest.mark.parametrize(
    ("table", "title"), [("months", "By month"), ("days", "By day of the week"), ("hours", "By time of day")]
)
@pytest.mark.parametrize("kind", ["csv", "ods"])
def test_each_chart_has_its_file(asking, team, table, title, kind):
    told(team, 3, occurred_on=MONTH)
    page = asking(team, Role.OFFICER)
    address = page.context["page"].address("performance:hotspot_file", format=kind, table=table)
    assert address.replace("&", "&amp;") in page.content.decode()

    answer = asking(team, Role.OFFICER, FILE, table=table, format=kind)
    assert f'-reports-{table}-2026-06-to-2026-06.{kind}"' in answer["Content-Disposition"]
    if kind == "csv":
        head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
        assert head == [title, "Number"]
        assert sum(int(row[1]) for row in rows) == 3
    assert Event.objects.get(verb="hotspots.exported").detail["table"] == table


@pytest.mark.parametrize(("what", "table"), [("cases", "days"), ("reports", "nothing")])
def test_a_chart_that_is_not_there_gives_the_places(asking, team, what, table):
    answer = asking(team, Role.OFFICER, FILE, what=what, table=table)

    assert answer.content.decode("utf-8-sig").startswith("Place,Number")


@pytest.mark.parametrize(
    ("role", "reads"), [(Role.PRACTITIONER, True), (Role.MANAGER, True), (Role.BOARD, False)]
)
def test_who_may_read_of_housing_finds_the_way(client, team, role, reads):
    client.force_login(user_at(team, role))
    page = client.get(reverse("performance:dashboard")).content.decode()

    assert (reverse("performance:housing_count") in page) == reads
    assert (client.get(reverse("performance:housing_count")).status_code == 200) == reads
