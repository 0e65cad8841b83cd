import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from csp.agencies.enums import Role
from csp.core.keyset import PAGE_SIZE
from tests.counting import queries_of
from tests.factories.actions import DUE, ActionFactory
from tests.factories.agencies import MembershipFactory, PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, ReportFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def listed(client, tenancy):
    client.force_login(tenancy)

    def get(**query):
        response = client.get(reverse("actions:list"), query)
        assert response.status_code == 200
        return [action.reference for action in response.context["page"].rows]

    return get


def due(asker, soha, days, **fields):
    return ActionFactory(lead=asker, owner=soha, due_on=NOON.date() + days * DAY, **fields).reference


def test_tabs_sort_actions_by_when_they_are_due(asker, soha, listed):
    next_week, today, late, sunday = (due(asker, soha, days) for days in (7, 0, -1, 4))
    done = due(asker, soha, -1, complete=True)

    assert listed() == [late, today, sunday, next_week]
    assert listed(tab="late") == [late]
    assert listed(tab="week") == [today, sunday]
    assert listed(tab="done") == [done]
    assert listed(tab="nonsense") == [late, today, sunday, next_week]


def test_done_shows_what_ended_last_first(asker, soha, listed):
    first = due(asker, soha, 0, complete=True, ended_at=NOON - DAY)
    second = due(asker, soha, 0, not_needed=True, ended_at=NOON)

    assert listed(tab="done") == [second, first]


def test_whose_cuts_to_me_my_agency_or_what_we_asked(asker, soha, police, tenancy, listed):
    mine = due(asker, soha, 1, person=tenancy)
    theirs = due(asker, soha, 2, person=user_at(soha))
    asked = ActionFactory(lead=soha, owner=police, due_on=DUE).reference
    due(soha, soha, 3)

    assert listed(whose="me") == [mine]
    assert listed()[:2] == [mine, theirs]
    assert listed(whose="asked") == [asked]
    assert listed(whose="nonsense")[:2] == [mine, theirs]


def test_the_other_agency_and_words_cut_further(asker, soha, police, listed):
    ours = due(asker, soha, 1, text="Cut the hedge")
    theirs = due(police, soha, 2, text="Visit 100% of them")
    asked = ActionFactory(lead=soha, owner=police, due_on=DUE).reference

    assert listed(partner=police.pk) == [theirs]
    assert listed(partner=police.pk, whose="asked") == [asked]
    assert listed(partner=asker.pk, whose="asked") == []
    assert listed(words="HEDGE") == [ours]
    assert listed(words="100%") == [theirs]
    assert listed(words=ours.lower()) == [ours]
    assert listed(partner="nonsense") == [ours, theirs]


def test_chips_name_each_filter_and_take_it_away(client, police, tenancy):
    client.force_login(tenancy)

    page = client.get(
        reverse("actions:list"), {"whose": "me", "partner": police.pk, "words": "hedge", "after": "7"}
    )

    assert page.context["filter"].chips() == [
        {"label": "For me", "url": f"?partner={police.pk}&words=hedge"},
        {"label": "Police", "url": "?whose=me&words=hedge"},
        {"label": "hedge", "url": f"?whose=me&partner={police.pk}"},
    ]
    assert client.get(reverse("actions:list")).context["filter"].chips() == []


def test_the_list_leaves_out_other_partnerships(asker, soha, listed):
    mine = due(asker, soha, 1)
    elsewhere = PartnerFactory()
    ActionFactory(lead=elsewhere, owner=elsewhere, due_on=DUE)

    assert listed() == [mine]


def test_a_county_wide_user_sees_the_partnership_they_work_in(client, asker, soha, tenancy):
    west = PartnerFactory(name="Soha West")
    MembershipFactory(user=tenancy, partner=west)
    here = ActionFactory(lead=asker, owner=soha, due_on=DUE)
    there = ActionFactory(lead=PartnerFactory(partnership=west.partnership), owner=west, due_on=DUE)
    client.force_login(tenancy)

    assert client.get(reverse("actions:list")).context["page"].rows == [here]
    client.post(reverse("agencies:switch"), {"partnership": west.partnership_id})
    assert client.get(reverse("actions:list")).context["page"].rows == [there]


def test_pages_follow_each_other(client, asker, soha, tenancy):
    references = [due(asker, soha, days) for days in range(PAGE_SIZE + 2)]
    client.force_login(tenancy)

    first = client.get(reverse("actions:list")).context["page"]
    second = client.get(reverse("actions:list") + first.next_url).context["page"]

    assert [action.reference for action in first.rows + second.rows] == references


def test_rows_tell_what_it_is_about_only_to_who_may_see_that(client, asker, soha, officer, tenancy):
    report = ReportFactory(lead=asker)
    case = CaseFactory(lead=asker, title="Neighbour dispute, Mill Road")
    ActionFactory(lead=asker, owner=soha, target=report, due_on=DUE)
    ActionFactory(lead=asker, owner=soha, target=case, due_on=DUE)

    for user, whose, sees in [(officer, "asked", True), (tenancy, "agency", False)]:
        client.force_login(user)
        response = client.get(reverse("actions:list"), {"whose": whose})
        page = response.content.decode()
        assert len(response.context["page"].rows) == 2
        assert (report.reference in page) is sees
        assert ("Neighbour dispute, Mill Road" in page) is sees


def test_rows_name_the_person_while_their_account_is_open(client, asker, soha, tenancy):
    gone = user_at(soha, name="G. Gone", is_active=False)
    ActionFactory(lead=asker, owner=soha, person=gone, due_on=DUE, wanted_due_on=DUE + DAY)
    client.force_login(tenancy)

    page = client.get(reverse("actions:list")).content.decode()

    assert "G. Gone" not in page
    assert "Nobody in particular" in page
    assert "More time asked for" in page


def test_an_empty_list_says_what_would_be_here(client, tenancy):
    client.force_login(tenancy)

    assert "No late actions" in client.get(reverse("actions:list"), {"tab": "late"}).content.decode()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.BOARD, Role.PROVIDER, Role.ADMINISTRATOR])
def test_the_list_is_not_for_roles_without_casework(client, soha, role):
    client.force_login(user_at(soha, role))

    assert client.get(reverse("actions:list")).status_code == 403


def test_the_list_asks_for_sign_in(client):
    assert client.get(reverse("actions:list")).status_code == 302


def test_the_list_costs_the_same_however_long_it_is(client, asker, soha, tenancy):
    def hang_on_a_report():
        ActionFactory(lead=asker, owner=soha, due_on=DUE, target=ReportFactory(lead=soha), person=tenancy)

    client.force_login(tenancy)
    hang_on_a_report()
    one = queries_of(lambda: client.get(reverse("actions:list")))
    hang_on_a_report()
    hang_on_a_report()
    three = queries_of(lambda: client.get(reverse("actions:list")))

    assert len(one) == len(three) <= 12
