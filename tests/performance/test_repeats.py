"""Places and people that come back: for the team, and cut to what each of it may open."""

import datetime as dt

import pytest
from django.urls import reverse

from cases.enums import LinkRole, ReportStatus
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services.sharing import grant
from csp.audit.models import Event
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import (
    CaseFactory,
    CategoryFactory,
    PersonFactory,
    PlaceFactory,
    ReportFactory,
    ReportPersonFactory,
)

pytestmark = pytest.mark.django_db
PLACES, PEOPLE = reverse("performance:repeat_places"), reverse("performance:repeat_people")
JUNE = dt.datetime(2026, 6, 8, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def autumn(time_machine):
    time_machine.move_to(dt.datetime(2026, 10, 5, 9, tzinfo=dt.UTC), tick=False)


@pytest.fixture
def police(team):
    return PartnerFactory(partnership=team.partnership, name="Police")


@pytest.fixture
def officer(client, team):
    client.force_login(user_at(team, Role.OFFICER))
    return client


def told(lead, number=1, **fields):
    return [ReportFactory(lead=lead, **{"received_at": JUNE} | fields) for _ in range(number)]


def link(reports, person, role=LinkRole.VICTIM):
    for report in reports:
        ReportPersonFactory(report=report, person=person, role=role, is_caller=False)


def listed(client, address, **query):
    return [(list(row.values())[1], row["reports"]) for row in client.get(address, query).context["rows"]]


def test_places_with_enough_reports_the_most_first(officer, team):
    mill, park = (PlaceFactory(lead=team, address=address) for address in ("1 Mill Road", "2 Park Road"))
    told(team, 2, place=mill), told(team, 3, place=park), told(team, 1, place=PlaceFactory(lead=team))

    assert listed(officer, PLACES) == [("2 Park Road", 3), ("1 Mill Road", 2)]
    assert listed(officer, PLACES, least="3") == [("2 Park Road", 3)]
    assert reverse("places:detail", args=[park.pk]) in officer.get(PLACES).content.decode()


def test_duplicates_other_months_and_other_categories_do_not_count(officer, team):
    place = PlaceFactory(lead=team)
    noise = CategoryFactory(lead=team)
    for report in told(team, 2, place=place):
        report.categories.add(noise)
    told(team, place=place, status=ReportStatus.DUPLICATE)
    told(team, place=place, received_at=JUNE - dt.timedelta(days=365))
    told(team, place=place)

    assert listed(officer, PLACES) == [(place.address, 3)]
    assert listed(officer, PLACES, category=str(noise.pk)) == [(place.address, 2)]
    assert listed(officer, PLACES, first="2026-07", last="2026-10") == []


def test_what_the_reader_may_not_see_does_not_count(officer, team, police):
    place, person = PlaceFactory(lead=team), PersonFactory(lead=team)
    hidden = CaseFactory(lead=team, restricted=True, restricted_because="A refuge")
    theirs = told(police, 2, place=place)
    restricted = told(team, 2, place=place, case=hidden, status=ReportStatus.CASE_OPENED)
    link([*theirs, *restricted], person)

    assert listed(officer, PLACES) == []
    assert listed(officer, PEOPLE) == []


def test_a_summary_counts_for_neither_places_nor_people(officer, team, police):
    """Its own page gives the area alone."""
    place, person = PlaceFactory(lead=team), PersonFactory(lead=team)
    theirs = told(police, 2, place=place)
    link(theirs, person)
    for report in theirs:
        grant(record=report, partner=team, level=ShareLevel.SUMMARY)

    assert listed(officer, PLACES) == []
    assert listed(officer, PEOPLE) == []

    for report in theirs:
        grant(record=report, partner=team, level=ShareLevel.FULL)
    assert listed(officer, PLACES) == [(place.address, 2)]
    assert [number for _, number in listed(officer, PEOPLE)] == [2]


def test_each_agency_reads_the_places_of_what_it_may_read_in_full(client, team):
    """Of the same two reports, one is led by each of two teams and shared with the other as a summary."""
    other = PartnerFactory(partnership=team.partnership, receiving=True)
    place = PlaceFactory(lead=team)
    for lead, reader in ((team, other), (other, team)):
        for report in told(lead, 2, place=place):
            grant(record=report, partner=reader, level=ShareLevel.SUMMARY)

    for partner in (team, other):
        client.force_login(user_at(partner, Role.OFFICER))
        assert listed(client, PLACES) == [(place.address, 2)]


def test_where_somebody_must_not_be_found_only_ones_own_reports_count(officer, team, police):
    place = PlaceFactory(lead=team)
    PersonFactory(lead=team, place=place, do_not_disclose=True)
    for report in told(police, 3, place=place):
        grant(record=report, partner=team, level=ShareLevel.FULL)
    assert listed(officer, PLACES) == []

    told(team, 2, place=place)
    assert listed(officer, PLACES) == [(place.address, 2)]


def test_people_it_happened_to_and_people_it_is_about(officer, team):
    ann, bob, worker = (PersonFactory(lead=team, name=name) for name in ("Ann", "Bob", "A worker"))
    reports = told(team, 3)
    link(reports, ann), link(reports[:2], bob, LinkRole.SUBJECT), link(reports, worker, LinkRole.PROFESSIONAL)

    assert listed(officer, PEOPLE) == [("Ann", 3)]
    assert listed(officer, PEOPLE, side="subjects") == [("Bob", 2)]


def test_somebody_twice_in_a_report_counts_once(officer, team):
    ann = PersonFactory(lead=team, name="Ann")
    link(told(team), ann), link(told(team), ann, LinkRole.COMPLAINANT)
    link([ann.links.first().report], ann, LinkRole.CHILD)

    assert listed(officer, PEOPLE) == [("Ann", 2)]


def test_that_people_were_looked_at_is_recorded(officer, team):
    ann = PersonFactory(lead=team)
    link(told(team, 2), ann)
    officer.get(PEOPLE)

    assert Event.objects.get(verb="repeat_people.viewed").detail["people"] == [ann.pk]


def test_a_long_list_says_that_there_is_more(officer, team):
    for _ in range(51):
        told(team, 2, place=PlaceFactory(lead=team))
    page = officer.get(PLACES)

    assert len(page.context["rows"]) == 50
    assert "These are the first 50" in page.content.decode()
    assert "Nothing came back that often" in officer.get(PLACES, {"least": "3"}).content.decode()


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.AGENCY_LEAD, Role.BOARD, Role.AUDITOR])
@pytest.mark.parametrize("address", [PLACES, PEOPLE])
def test_for_the_team_alone(client, team, role, address):
    client.force_login(user_at(team, role))
    assert client.get(address).status_code == 403
