import pytest

from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from csp.audit.models import Event
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, PersonFactory, PlaceFactory, ReportFactory, ReportPersonFactory

pytestmark = pytest.mark.django_db
TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "They visit", "consent": "given"}


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.fixture
def officer(team, client):
    user = user_at(team, Role.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def report(team):
    place = PlaceFactory(
        partnership=team.partnership,
        address="4 Mill Road",
        address_key="4 mill road ox117aa",
        postcode="OX11 7AA",
    )
    report = ReportFactory(lead=team, place=place)
    ann = PersonFactory(
        partnership=team.partnership, name="Ann Brown", phone="07700 900123", phone_key="07700900123",
        place=place, email="ann@example.org", contact_warning="A dog", contact_method="phone",
    )  # fmt: skip
    ReportPersonFactory(report=report, person=ann)
    return report


def shared_with(report, level=ShareLevel.FULL):
    partner = PartnerFactory(partnership=report.partnership)
    sharing.share(record=report, to_partner=partner, level=level, by=None, at=NOON, **TERMS)
    return user_at(partner)


def test_search_finds_a_person_and_is_recorded_without_words(client, officer, report):
    page = client.get("/people/", {"q": "anne broun"}).content.decode()

    assert "Ann Brown" in page
    assert "07700 900123" in page
    event = Event.objects.get(verb="person.searched")
    assert (event.actor, event.detail["hits"]) == (officer, 1)
    assert "broun" not in str(event.detail)


def test_search_that_finds_nobody_is_recorded_too(client, officer):
    page = client.get("/people/", {"q": "Nobody\x00 Here"}).content.decode()

    assert "Nobody found" in page
    assert Event.objects.get(verb="person.searched").detail["hits"] == 0


def test_search_page_alone_searches_nothing(client, officer):
    client.get("/people/")
    client.get("/places/")

    assert not Event.objects.exists()


def test_search_leaves_out_protected_contact(client, report):
    report.people.update(do_not_disclose=True)
    client.force_login(shared_with(report))

    page = client.get("/people/", {"q": "Ann Brown"}).content.decode()

    assert "Ann Brown" in page
    assert "07700" not in page
    assert "Mill Road" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_person_search_query_count(client, officer, team, count, django_assert_max_num_queries):
    for _ in range(count):
        ReportPersonFactory(
            report=ReportFactory(lead=team), person=PersonFactory(partnership=team.partnership)
        )

    with django_assert_max_num_queries(12):
        client.get("/people/", {"q": "Ann Brown"})


def test_person_page_shows_reports_and_is_recorded(client, officer, report):
    ann = report.people.get()

    page = client.get(f"/people/{ann.pk}/").content.decode()

    for words in ("Ann Brown", "A dog", "ann@example.org", report.reference):
        assert words in page
    assert Event.objects.get(verb="person.viewed").target_id == ann.pk


def test_person_page_keeps_protected_contact_and_other_reports_from_partners(client, report, team):
    ann = report.people.get()
    report.people.update(do_not_disclose=True)
    other = ReportFactory(lead=team)
    ReportPersonFactory(report=other, person=ann)
    client.force_login(shared_with(report))

    page = client.get(f"/people/{ann.pk}/").content.decode()

    assert report.reference in page
    assert other.reference not in page
    assert "07700" not in page


def test_person_page_is_not_there_for_strangers(client, report, team):
    ann = report.people.get()

    for user in (
        user_at(PartnerFactory(receiving=True)),
        user_at(PartnerFactory(partnership=team.partnership)),
        user_at(team, Role.AUDITOR),
        shared_with(report, ShareLevel.SUMMARY),
    ):
        client.force_login(user)
        assert client.get(f"/people/{ann.pk}/").status_code == 404


def test_place_is_found_by_address_and_shows_its_reports(client, officer, report):
    found = client.get("/places/", {"q": "4 mill rd OX11 7AA"}).content.decode()
    page = client.get(f"/places/{report.place.pk}/").content.decode()

    assert "4 Mill Road, OX11 7AA" in found
    assert report.reference in page
    assert Event.objects.filter(verb="place.searched").count() == 1
    assert Event.objects.get(verb="place.viewed").target_id == report.place.pk


def test_place_that_nothing_visible_is_at_is_not_there(client, report, team):
    client.force_login(user_at(PartnerFactory(partnership=team.partnership)))

    assert "No place found" in client.get("/places/", {"q": "OX11 7AA"}).content.decode()
    assert client.get(f"/places/{report.place.pk}/").status_code == 404


def test_place_where_somebody_is_kept_safe_is_the_teams_alone(client, officer, report):
    report.people.update(do_not_disclose=True)
    assert client.get(f"/places/{report.place.pk}/").status_code == 200

    client.force_login(shared_with(report))

    assert client.get(f"/places/{report.place.pk}/").status_code == 404
    assert "No place found" in client.get("/places/", {"q": "OX11 7AA"}).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_place_page_query_count(client, officer, report, team, count, django_assert_max_num_queries):
    ReportFactory.create_batch(count, lead=team, place=report.place)

    with django_assert_max_num_queries(16):
        client.get(f"/places/{report.place.pk}/")


@pytest.mark.parametrize(
    ("by", "typed", "label", "hint"),
    [
        ("name", "ann br", "Ann Brown", "4 Mill Road, OX11 7AA · 07700 900123"),
        ("phone", "07700900", "07700 900123", "Ann Brown · 4 Mill Road, OX11 7AA"),
        ("address", "4 mill road", "4 Mill Road, OX11 7AA", "Ann Brown · 07700 900123"),
    ],
)
def test_suggest_offers_who_is_known(client, officer, report, by, typed, label, hint):
    (result,) = client.post(f"/people/suggest/{by}/", {"q": typed}).json()["results"]

    ann = report.people.get()
    assert (result["label"], result["hint"]) == (label, hint)
    assert result["replace"] == {"person": str(ann.pk), "name": "Ann Brown"}
    assert result["fill"] == {
        "phone": "07700 900123",
        "email": "ann@example.org",
        "address": "4 Mill Road, OX11 7AA",
        "contact_method": "phone",
    }


def test_suggest_fills_nothing_protected_for_a_partner(client, report):
    report.people.update(do_not_disclose=True)
    client.force_login(shared_with(report))

    (result,) = client.post("/people/suggest/name/", {"q": "Ann Brown"}).json()["results"]

    assert (result["fill"], result["hint"]) == ({}, "")


def test_suggest_by_something_else_is_not_found(client, officer):
    assert client.post("/people/suggest/shoe/", {"q": "9"}).status_code == 404
    assert client.get("/people/suggest/name/").status_code == 405


@pytest.mark.parametrize("address", ["/people/?q=ann", "/places/?q=ox"])
def test_searching_is_for_casework_alone(client, team, address):
    client.force_login(user_at(team, Role.ADMINISTRATOR))

    assert client.get(address).status_code == 403
    assert client.post("/people/suggest/name/", {"q": "ann"}).status_code == 403
