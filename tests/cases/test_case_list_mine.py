import datetime as dt
import re

import pytest
from django.utils import timezone

from csp.actions.enums import ActionStatus
from csp.agencies.enums import Role
from tests.counting import queries_of
from tests.factories.actions import ActionFactory
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import CaseFactory
from tests.factories.casework import CaseNamedFactory

pytestmark = pytest.mark.django_db
MINE = "/cases/mine/"
DAY = dt.timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER, name="Ann Archer")


@pytest.fixture
def signed_in(client, ann):
    client.force_login(ann)
    return client


def groups(client):
    """Headings, each with the references under it."""
    page = client.get(MINE).content.decode()
    parts = re.split(r'<h2 class="govuk-heading-m">([^<]+)</h2>', page)[1:]
    found = zip(parts[::2], parts[1::2], strict=True)
    return {title: re.findall(r"data-row-link>\s*([^<\s]+)\s*<", text) for title, text in found}


def test_own_cases_stand_under_when_they_need_something(signed_in, team, ann, today):
    def mine(**fields):
        return CaseFactory(lead=team, officer=ann, **fields).reference

    calm = mine()
    edge, beyond = mine(update_due_on=today + 7 * DAY), mine(update_due_on=today + 8 * DAY)
    due, late = mine(update_due_on=today), mine(risk_due_on=today - DAY, update_due_on=today + 9 * DAY)
    held = mine(
        status="on_hold", held_from="open", hold_reason="Court", hold_until=today + DAY, update_due_on=None
    )
    CaseFactory(lead=team)
    CaseFactory(lead=team, officer=ann, status="closed", ended_at=timezone.now())

    assert groups(signed_in) == {
        "Late and today": [late, due],
        "This week": [held, edge],
        "Later": [beyond, calm],
    }


def test_answers_of_agencies_are_for_today(signed_in, team, ann, today):
    soha = PartnerFactory(partnership=team.partnership, name="Soha")
    case = CaseFactory(lead=team, officer=ann)
    now = timezone.now()
    done = {"status": ActionStatus.COMPLETE, "outcome": "Visited"}
    answered = ActionFactory(lead=team, owner=soha, target=case, ended_at=now, **done)
    old = ActionFactory(lead=team, owner=soha, target=case, ended_at=now - 8 * DAY, **done)
    ActionFactory(lead=team, owner=soha, target=case, wanted_due_on=today + 9 * DAY)

    page = signed_in.get(MINE).content.decode()

    assert groups(signed_in) == {"Late and today": [case.reference]}
    assert f"Soha answered: complete ({answered.reference})" in page
    assert "Soha asks for more time" in page
    assert old.reference not in page


def test_a_restricted_case_is_there_while_one_is_named(signed_in, team, ann):
    case = CaseFactory(lead=team, officer=ann, restricted=True, restricted_because="A colleague")
    assert "You have no open cases" in signed_in.get(MINE).content.decode()

    CaseNamedFactory(case=case, user=ann)
    assert case.reference in signed_in.get(MINE).content.decode()


def test_it_costs_the_same_however_many(signed_in, team, ann, today):
    def fill():
        case = CaseFactory(lead=team, officer=ann, update_due_on=today)
        ActionFactory(lead=team, owner=team, target=case, wanted_due_on=today)

    fill()
    groups(signed_in)
    one = queries_of(lambda: signed_in.get(MINE))
    fill()
    fill()
    many = queries_of(lambda: signed_in.get(MINE))

    assert len(one) == len(many) <= 12


def test_home_shows_own_bands_and_to_the_manager_who_has_how_many(client, team, ann, today):
    CaseFactory(lead=team, officer=ann, risk=3, update_due_on=today - DAY)
    CaseFactory(lead=team, officer=ann, risk=3)
    CaseFactory(lead=team)

    client.force_login(ann)
    text = " ".join(re.sub(r"<[^>]+>", " ", client.get("/").content.decode()).split())
    assert "High risk 2 cases , 1 late" in text
    assert "Cases, by officer" not in text
    client.force_login(user_at(team, Role.MANAGER))
    text = " ".join(re.sub(r"<[^>]+>", " ", client.get("/").content.decode()).split())
    assert "Nobody yet 1 0 0 Ann Archer 2 1 2" in text
