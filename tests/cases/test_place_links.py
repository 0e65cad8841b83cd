"""A page links to a place for whom its page opens."""

import pytest

from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, PersonFactory, PlaceFactory, ReportFactory, ReportPersonFactory

pytestmark = pytest.mark.django_db
TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "They visit", "consent": "given"}


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


def shared(record, partner):
    sharing.share(record=record, to_partner=partner, level=ShareLevel.FULL, by=None, at=NOON, **TERMS)


def test_address_links_to_its_place_for_whom_that_opens_alone(client, team):
    place = PlaceFactory(partnership=team.partnership, address="1 Wharf Road")
    ann = PersonFactory(partnership=team.partnership, place=place)
    first = ReportPersonFactory(report=ReportFactory(lead=team), person=ann).report
    path = f"/places/{place.pk}/"
    police = PartnerFactory(partnership=team.partnership)
    shared(first, police)
    told = user_at(police)
    pages, answers = [], []
    for opens in (False, True):
        client.force_login(told)
        pages.append(client.get(f"/people/{ann.pk}/").content.decode())
        answers.append(client.get(path).status_code)
        if not opens:
            shared(ReportFactory(lead=team, place=place), police)

    assert ["1 Wharf Road" in page for page in pages] == [True, True]
    assert [f'href="{path}"' in page for page in pages] == [False, True]
    assert answers == [404, 200]


def test_report_links_to_its_place_for_whom_that_opens_alone(client, team):
    place = PlaceFactory(partnership=team.partnership)
    PersonFactory(partnership=team.partnership, place=place, do_not_disclose=True)
    report = ReportFactory(lead=team, place=place)
    police = PartnerFactory(partnership=team.partnership)
    shared(report, police)
    link = f'href="/places/{place.pk}/"'
    shown = []
    for user in (user_at(team, Role.OFFICER), user_at(police)):
        client.force_login(user)
        shown.append(
            (
                link in client.get(report.get_absolute_url()).content.decode(),
                client.get(f"/places/{place.pk}/").status_code,
            )
        )

    assert shown == [(True, 200), (False, 404)]
