import re

import pytest

from cases.models import Case, CaseReference
from csp.agencies.enums import Role
from csp.agencies.services import sharing
from csp.audit.models import Event
from tests.counting import queries_of
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import (
    NOON,
    CaseFactory,
    PersonFactory,
    PlaceFactory,
    ReportFactory,
    ReportPersonFactory,
)
from tests.factories.casework import CaseNamedFactory, EvidenceFactory, NoteFactory

pytestmark = pytest.mark.django_db
TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "Tenancy", "consent": "given", "by": None}


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.fixture
def soha(team):
    return PartnerFactory(partnership=team.partnership, name="Soha")


@pytest.fixture
def officer(team, client):
    user = user_at(team, Role.OFFICER)
    client.force_login(user)
    return user


def find(client, text):
    return client.get("/search/", {"q": text})


def links(client, text):
    """Where the hits lead."""
    page = main_part(find(client, text))
    return re.findall(r'href="/(?:cases|reports)/([A-Z0-9-]+)/"', page)


def main_part(answer):
    return answer.content.decode().partition("</header>")[2]


def share(record, partner, level):
    sharing.share(record=record, to_partner=partner, level=level, at=NOON, **TERMS)


def test_a_reference_opens_its_record(client, officer, team):
    report, case = ReportFactory(lead=team), CaseFactory(lead=team)

    assert find(client, f" {report.reference.lower()} ").url == f"/reports/{report.reference}/"
    assert find(client, case.reference).url == f"/cases/{case.reference}/"


def test_a_reference_of_others_looks_like_one_that_never_was(client, officer):
    hidden = ReportFactory()

    theirs = main_part(find(client, hidden.reference)).replace(hidden.reference, "X")
    nobodys = main_part(find(client, "SV-R-26-999999")).replace("SV-R-26-999999", "X")

    assert theirs == nobodys
    assert "There is no X that you can see" in theirs


def test_reference_of_what_one_may_only_know_of_leads_to_how_to_ask(client, team, soha):
    case = CaseFactory(lead=team, title="Mill Road", summary="Drums")
    share(case, soha, 1)
    client.force_login(user_at(soha))

    answer = find(client, case.reference)

    assert answer.url == f"/cases/{case.reference}/"
    page = client.get(answer.url).content.decode()
    assert "Mill Road" not in page
    assert links(client, "drums") == []
    Case.objects.filter(pk=case.pk).update(restricted=True, restricted_because="Staff")
    assert "that you can see" in main_part(find(client, case.reference))


def test_words_find_people_and_places(client, officer, team):
    place = PlaceFactory(partnership=team.partnership, address="4 Mill Road", address_key="4 mill road")
    report = ReportFactory(lead=team, place=place)
    ReportPersonFactory(
        report=report, person=PersonFactory(partnership=team.partnership, name="Ann Miller", place=place)
    )

    page = find(client, "mill road").content.decode()

    assert "4 Mill Road" in page
    assert "Ann Miller" in find(client, "anne miller").content.decode()
    event = Event.objects.filter(verb="record.searched").first()
    assert event.actor == officer
    assert "mill" not in str(event.detail)


def test_words_find_cases_reports_notes_and_evidence_and_mark_the_hit(client, officer, team):
    case = CaseFactory(lead=team, title="Drums at night", summary="Drumming & 5 < 6 in the yard")
    report = ReportFactory(lead=team, what_happened="They play a drum until four")
    NoteFactory(case=case, text="Heard the drums myself")
    EvidenceFactory(case=case, description="Recording of a drum")

    page = main_part(find(client, "drumming"))

    for title in ("Cases", "Reports", "Notes", "Evidence"):
        assert f">{title}</h2>" in page
    for marked in (
        "<mark>Drums</mark> at night",
        "play a <mark>drum</mark>",
        "the <mark>drums</mark> myself",
    ):
        assert marked in page
    assert "<mark>Drumming</mark> &amp; 5 &lt; 6" in page
    assert set(links(client, "drumming")) == {case.reference, report.reference}


@pytest.mark.parametrize(
    ("summary", "beside"),
    [
        ("", ""),
        ("Two sheds. Tools are gone", "Two <mark>sheds</mark>. Tools are gone"),
        ("Tools are gone", "Tools are gone"),
    ],
)
def test_the_title_of_a_case_is_said_once_and_its_hit_marked(client, officer, team, summary, beside):
    CaseFactory(lead=team, title="Sheds forced, Mill Road", summary=summary)

    page = main_part(find(client, "sheds"))

    assert page.count("forced, Mill Road") == 1
    assert "<mark>Sheds</mark> forced, Mill Road" in page
    assert beside in page


def test_an_agency_finds_what_it_may_read_and_no_more(client, team, soha):
    police = PartnerFactory(partnership=team.partnership, name="Police")
    case = CaseFactory(lead=team, title="Mill Road", summary="Drums")
    report = ReportFactory(lead=team, what_happened="They shout about greenhouses")
    NoteFactory(case=case, text="Saw the xylophone")
    NoteFactory(case=case, text="A trombone", audience="team")
    for record in (case, report):
        share(record, soha, 3)
        share(record, police, 2)

    client.force_login(user_at(soha))
    assert links(client, "drums") == [case.reference]
    assert links(client, "greenhouse") == [report.reference]
    assert links(client, "xylophone") == [case.reference]
    assert links(client, "trombone") == []
    client.force_login(user_at(police))
    assert links(client, "drums") == [case.reference]
    assert links(client, "greenhouse") == links(client, "xylophone") == []


def test_restricted_cases_are_not_found_even_by_those_named(client, officer, team):
    case = CaseFactory(lead=team, title="Drums", restricted=True, restricted_because="A colleague")
    CaseNamedFactory(case=case, user=officer)
    ReportFactory(lead=team, status="joined", case=case, what_happened="Drums")
    NoteFactory(case=case, text="Drums")
    CaseReference.objects.create(case=case, partner=team, reference="DRUMS")

    assert links(client, "drums") == []
    assert find(client, case.reference).status_code == 302


def test_an_agencys_own_reference_is_found_by_it_and_by_who_leads(client, officer, team, soha):
    case = CaseFactory(lead=team)
    police = PartnerFactory(partnership=team.partnership, name="Police")
    for partner in (soha, police):
        share(case, partner, 2)
    CaseReference.objects.create(case=case, partner=soha, reference="T/44-A")

    assert links(client, "t/44-a") == [case.reference]
    client.force_login(user_at(soha))
    assert links(client, "T/44-A") == [case.reference]
    client.force_login(user_at(police))
    assert links(client, "T/44-A") == []


def test_where_it_happened_is_found_by_who_leads(client, team, soha):
    report = ReportFactory(lead=team, what_happened="Shouting", location="9 Hidden Lane")
    share(report, soha, 3)

    client.force_login(user_at(soha))
    assert links(client, "hidden lane") == []
    client.force_login(user_at(team, Role.OFFICER))
    assert links(client, "hidden lane") == [report.reference]


def test_each_kind_stops_and_leads_to_its_list(client, officer, team):
    for _ in range(7):
        CaseFactory(lead=team, title="Drums")

    page = main_part(find(client, "drums"))

    assert len(links(client, "drums")) == 6
    assert "/cases/?tab=open&amp;q=drums" in page


@pytest.mark.parametrize("text", ["nobody", "", "the", "'", "&|!", "\x00"])
def test_nothing_found_says_what_to_type(client, officer, text):
    assert "a name however it is spelt" in find(client, text).content.decode()


@pytest.mark.parametrize("text", ["drums", "4 Mill Road, Didcot OX11 7AA", "07700 900123", "a@b.example"])
def test_a_search_costs_twelve_queries_at_most(client, officer, team, text):
    def fill(number=0):
        place = PlaceFactory(lead=team, address=f"4 Mill Road, Flat {number}, Didcot", postcode="OX11 7AA")
        case = CaseFactory(lead=team, title="Drums")
        NoteFactory(case=case, text="Drums")
        EvidenceFactory(case=case, description="Drums")
        person = PersonFactory(lead=team, name="Drums", email="a@b.example", phone_key="07700900123")
        ReportPersonFactory(report=ReportFactory(lead=team, place=place), person=person)

    fill()
    find(client, text)
    one = queries_of(lambda: find(client, text))
    fill(1)
    fill(2)
    many = queries_of(lambda: find(client, text))

    assert len(one) == len(many)
    assert len(many) <= 12, "\n".join(each[:150] for each in many)


def test_search_box_is_there_for_who_may_search(client, officer, team):
    assert 'id="search-box"' in client.get("/people/").content.decode()
    client.force_login(user_at(team, Role.ADMINISTRATOR))
    assert 'id="search-box"' not in client.get("/").content.decode()
    assert find(client, "ann").status_code == 403
