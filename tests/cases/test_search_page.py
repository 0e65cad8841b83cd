import pytest

from csp.agencies.enums import Role
from csp.audit.models import Event
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import (
    CaseFactory,
    PersonFactory,
    PlaceFactory,
    ReportFactory,
    ReportPersonFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.fixture
def officer(team, client):
    user = user_at(team, Role.OFFICER)
    client.force_login(user)
    return user


def find(client, text):
    return client.get("/search/", {"q": text})


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


def main_part(answer):
    return answer.content.decode().partition("</header>")[2]


def test_words_find_people_and_places(client, officer, team):
    place = PlaceFactory(partnership=team.partnership, address="4 Mill Road", address_key="4 mill road")
    report = ReportFactory(lead=team, place=place)
    ReportPersonFactory(
        report=report, person=PersonFactory(partnership=team.partnership, name="Ann Miller", place=place)
    )

    page = find(client, "mill road").content.decode()

    assert "4 Mill Road" in page
    assert "Ann Miller" in find(client, "anne miller").content.decode()
    verbs = set(Event.objects.values_list("verb", flat=True))
    assert verbs == {"person.searched", "place.searched"}


def test_nothing_found_says_what_to_type(client, officer):
    assert "a name however it is spelt" in find(client, "nobody").content.decode()
    assert "a name however it is spelt" in find(client, "").content.decode()


def test_search_box_is_there_for_who_may_search(client, officer, team):
    assert 'id="search-box"' in client.get("/people/").content.decode()
    client.force_login(user_at(team, Role.ADMINISTRATOR))
    assert 'id="search-box"' not in client.get("/").content.decode()
    assert find(client, "ann").status_code == 403
