import datetime as dt

import pytest

from cases.enums import LinkRole
from cases.models import Alias
from cases.services.keys import name_key
from cases.services.known import NEAR_METRES, Spot, known_while_typing
from cases.services.names import put_name_keys
from cases.services.search import PersonQuery, search_people
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.models import Postcode
from csp.agencies.services import sharing
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import (
    NOON,
    CaseFactory,
    PersonFactory,
    PlaceFactory,
    ReportFactory,
    ReportPersonFactory,
)
from tests.factories.casework import CasePersonFactory

pytestmark = pytest.mark.django_db
TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "They visit", "consent": "given"}


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.fixture
def officer(team):
    return user_at(team, Role.OFFICER)


def person(team, report=None, role=LinkRole.COMPLAINANT, **fields):
    made = PersonFactory(partnership=team.partnership, **fields)
    ReportPersonFactory(report=report or ReportFactory(lead=team), person=made, role=role)
    return made


def names(found):
    return [match.person.name for match in found]


def search(user, team, text):
    return search_people(user=user, partnership=team.partnership, text=text)


@pytest.mark.parametrize("typed", ["ann brown", "Anne Broun", "Brown", "An Bro", "BROWN, Ann", "Ann  Brown"])
def test_search_finds_a_name_however_it_is_spelt(team, officer, typed):
    person(team, name="Ann Brown")
    person(team, name="Zoltan Kovacs")

    assert names(search(officer, team, typed)) == ["Ann Brown"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Siân O'Brien", "Sian OBrien"),
        ("Łukasz Świątek", "lukasz swiatek"),
        ("محمد علي", "محمد"),
        ("李小龙", "李小龙"),
        ("किरण शर्मा", "किरण"),
    ],
)
def test_search_finds_names_of_every_script(team, officer, name, typed):
    person(team, name=name, search_key=name_key(name))

    assert names(search(officer, team, typed)) == [name]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("07700 900123", "phone"),
        ("+44 7700 900123", "phone"),
        ("07700900", "phone"),
        ("ANN@example.org", "e-mail"),
        ("4 Mill Road", "address"),
        ("4 mill rd didcot", "address"),
        ("OX11 7AA", "address"),
        ("4 Mill Road, OX117AA", "address"),
    ],
)
def test_search_says_why_it_found_somebody(team, officer, typed, reason):
    home = PlaceFactory(
        partnership=team.partnership,
        address="4 Mill Road, Didcot",
        address_key="4 mill road didcot ox117aa",
        postcode="OX11 7AA",
    )
    person(team, name="Ann", phone_key="07700900123", email="ann@example.org", place=home)

    assert [match.reasons for match in search(officer, team, typed)] == [[reason]]


@pytest.mark.parametrize("typed", ["Shaun Tomson", "Shawn", "Katherine", "Shaun Kathryn"])
def test_search_hears_names_that_sound_alike(team, officer, typed):
    person(team, name="Sean Kathryn Tomson")
    person(team, name="Boris Plum")

    (found,) = search(officer, team, typed)
    assert found.person.name == "Sean Kathryn Tomson"
    assert found.reasons in (["name"], ["name sounds alike"])


def test_search_says_that_it_heard_rather_than_read(team, officer):
    person(team, name="Sean")

    assert [match.reasons for match in search(officer, team, "Shaun")] == [["name sounds alike"]]


@pytest.mark.parametrize("typed", ["3.4.1990", "03/04/1990", "1990-04-03", "3 April 1990"])
def test_search_finds_by_date_of_birth(team, officer, typed):
    person(team, name="Ann Brown", born_on=dt.date(1990, 4, 3))
    person(team, name="Ann Green", born_on=dt.date(1990, 3, 4))

    assert [(m.person.name, m.reasons) for m in search(officer, team, typed)] == [
        ("Ann Brown", ["date of birth"])
    ]


def test_search_puts_who_has_the_name_and_the_day_first(team, officer):
    person(team, name="Ann Brown", born_on=dt.date(1985, 1, 1))
    person(team, name="Anne Braun", born_on=dt.date(1990, 4, 3))

    found = search(officer, team, "Ann Brown 3/4/1990")

    assert (found[0].person.name, found[0].reasons[-1]) == ("Anne Braun", "date of birth")


def test_search_finds_by_what_somebody_is_called(team, officer):
    sean = person(team, name="Sean Murphy")
    Alias.objects.create(person=sean, name="Dizzy", added_at=NOON)
    put_name_keys(sean)
    sean.save()

    assert names(search(officer, team, "dizzy")) == ["Sean Murphy"]


def test_search_by_an_old_name_finds_the_one_kept_alone(team, officer):
    kept = person(team, name="Sean Murphy")
    person(team, name="Wilhelmina Stone", merged_into=kept)
    put_name_keys(kept)
    kept.save()

    assert names(search(officer, team, "Wilhelmina Stone")) == ["Sean Murphy"]


def test_search_finds_people_of_cases_that_the_reader_sees(team, officer):
    soha = PartnerFactory(partnership=team.partnership)
    case = CaseFactory(lead=team)
    CasePersonFactory(case=case, person__name="Ann Brown", person__phone_key="07700900123",
                      person__do_not_disclose=True)  # fmt: skip

    assert names(search(officer, team, "07700 900123")) == ["Ann Brown"]
    assert search(user_at(soha), team, "Ann Brown") == []
    sharing.share(record=case, to_partner=soha, level=ShareLevel.FULL, by=None, at=NOON, **TERMS)
    assert names(search(user_at(soha), team, "Ann Brown")) == ["Ann Brown"]
    assert search(user_at(soha), team, "07700 900123") == []


def test_search_tells_house_numbers_apart(team, officer):
    place = {"partnership": team.partnership, "postcode": "OX11 7AA"}
    near = PlaceFactory(address="14 Mill Road", address_key="14 mill road ox117aa", **place)
    person(team, place=near)

    assert search(officer, team, "4 Mill Road OX11 7AA") == []


@pytest.mark.parametrize("typed", ["", " ", "a", "%", "0", "@", "'; drop table"])
def test_search_finds_nobody_by_next_to_nothing(team, officer, typed):
    person(team, name="Ann Brown")

    assert search(officer, team, typed) == []


def test_search_finds_only_people_in_reports_open_in_full(team):
    soha = user_at(PartnerFactory(partnership=team.partnership))
    summary, full = ReportFactory(lead=team), ReportFactory(lead=team)
    person(team, report=summary, name="Ann Brown one")
    person(team, report=full, name="Ann Brown two")
    person(team, name="Ann Brown three")
    person(PartnerFactory(receiving=True), name="Ann Brown elsewhere")
    partner = soha.seats[0].partner
    for report, level in ((summary, ShareLevel.SUMMARY), (full, ShareLevel.FULL)):
        sharing.share(record=report, to_partner=partner, level=level, by=None, at=NOON, **TERMS)

    assert names(search(soha, team, "Ann Brown")) == ["Ann Brown two"]


def test_search_by_contact_does_not_find_who_is_protected(team, officer):
    soha = user_at(PartnerFactory(partnership=team.partnership))
    report = ReportFactory(lead=team)
    person(team, report=report, name="Ann Brown", phone_key="07700900123", do_not_disclose=True)
    partner = soha.seats[0].partner
    sharing.share(record=report, to_partner=partner, level=ShareLevel.FULL, by=None, at=NOON, **TERMS)

    assert search(soha, team, "07700 900123") == []
    assert names(search(soha, team, "Ann Brown")) == ["Ann Brown"]
    assert names(search(officer, team, "07700 900123")) == ["Ann Brown"]


def test_search_puts_the_best_match_first(team, officer):
    person(team, name="Ann Browning")
    person(team, name="Ann Brown", phone_key="07700900123")
    query = PersonQuery(name="Ann Brown", phone="07700 900123")

    found = search_people(user=officer, partnership=team.partnership, query=query)

    assert (found[0].person.name, found[0].reasons) == ("Ann Brown", ["name", "phone"])


def known(user, team, **spot):
    return known_while_typing(user=user, partnership=team.partnership, queries=[], spot=Spot(**spot), at=NOON)


def test_known_nearby_says_how_near(team, officer):
    here = {"latitude": 51.6, "longitude": -1.24}
    place = PlaceFactory(
        partnership=team.partnership, address="4 Mill Road", address_key="4 mill road", postcode=""
    )
    same = ReportFactory(lead=team, place=place)
    near = ReportFactory(lead=team, latitude=51.601, longitude=-1.24)
    ReportFactory(lead=team, latitude=51.61, longitude=-1.24)
    ReportFactory(latitude=51.6, longitude=-1.24)

    found = known(officer, team, address="4, Mill Road", **here).nearby

    assert {each.report: each.reasons for each in found} == {same: ("same address",), near: ("110 m away",)}
    assert NEAR_METRES == 250


def test_known_nearby_keeps_a_protected_address_from_partners(team, officer):
    soha = user_at(PartnerFactory(partnership=team.partnership))
    place = PlaceFactory(partnership=team.partnership, postcode="OX11 7AA")
    report = ReportFactory(lead=team, place=place, postcode="OX11 7AA")
    person(team, report=report, place=place, do_not_disclose=True)
    partner = soha.seats[0].partner
    sharing.share(record=report, to_partner=partner, level=ShareLevel.FULL, by=None, at=NOON, **TERMS)

    assert [each.report for each in known(officer, team, postcode="OX11 7AA").nearby] == [report]
    assert known(soha, team, postcode="OX11 7AA").nearby == ()


def test_known_person_comes_with_newest_reports_first_and_says_there_are_more(team, officer):
    ann = person(team, name="Ann Brown")
    for n in range(6):
        ReportPersonFactory(report=ReportFactory(lead=team, what_happened=f"Noise {n}"), person=ann)

    (found,) = known_while_typing(
        user=officer,
        partnership=team.partnership,
        queries=[PersonQuery(name="Ann Brown")],
        spot=Spot(),
        at=NOON,
    ).people

    assert [each.report.what_happened for each in found.reports][:2] == ["Noise 5", "Noise 4"]
    assert found.count_words == "More than 5 reports"


def test_postcode_alone_finds_its_report(team, officer):
    Postcode.objects.create(code="OX117AA", latitude=51.6, longitude=-1.24)
    report = ReportFactory(lead=team, postcode="OX11 7AA")

    (found,) = known(officer, team, postcode="OX11 7AA").nearby

    assert (found.report, found.reasons) == (report, ("same postcode",))


def test_known_person_comes_with_the_cases_they_are_in_directly(team, officer):
    ann = person(team, name="Ann Brown")
    case = CaseFactory(lead=team)
    CasePersonFactory(case=case, person=ann, role=LinkRole.SUBJECT)
    other = CaseFactory(lead=PartnerFactory(partnership=team.partnership))
    CasePersonFactory(case=other, person=ann)

    (found,) = known_while_typing(
        user=officer,
        partnership=team.partnership,
        queries=[PersonQuery(name="Ann Brown")],
        spot=Spot(),
        at=NOON,
    ).people

    assert [(each.case, each.roles, each.can_join) for each in found.cases] == [(case, ("subject",), True)]


def test_known_case_that_a_listed_report_leads_to_is_said_once(team, officer):
    case = CaseFactory(lead=team)
    report = ReportFactory(lead=team, case=case, status="case_opened", clock_stopped_at=NOON)
    ann = person(team, report=report, name="Ann Brown")
    CasePersonFactory(case=case, person=ann)

    (found,) = known_while_typing(
        user=officer,
        partnership=team.partnership,
        queries=[PersonQuery(name="Ann Brown")],
        spot=Spot(),
        at=NOON,
    ).people

    assert (found.reports[0].case, found.cases) == (case, ())
