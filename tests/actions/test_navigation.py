import datetime as dt

import pytest
import time_machine

from csp.actions import navigation
from csp.agencies.enums import Role
from tests.factories.actions import ActionFactory
from tests.factories.agencies import MembershipFactory, PartnerFactory, user_at
from tests.factories.cases import NOON

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOON, tick=False):
        yield


def titles(needs):
    return [need.title.split(":")[0] for need in needs]


def test_the_menu_counts_what_is_due_or_late_for_my_partners_here(asker, soha, police, tenancy):
    for owner, days in [(soha, -1), (soha, 0), (soha, 1), (police, -1)]:
        ActionFactory(lead=asker, owner=owner, due_on=TODAY + days * DAY)
    ActionFactory(lead=asker, owner=soha, due_on=TODAY, complete=True)
    MembershipFactory(user=tenancy, partner=PartnerFactory())

    assert navigation.due_now(tenancy, asker.partnership).count() == 2
    assert navigation.due_now(user_at(soha, Role.BOARD), asker.partnership).count() == 0


def test_home_names_what_is_due_soon_and_mine_or_nobodys(asker, soha, tenancy):
    colleague, gone = user_at(soha), user_at(soha, is_active=False)
    mine, nobodys, closed, theirs, later = (
        ActionFactory(lead=asker, owner=soha, due_on=TODAY + days * DAY, person=person)
        for days, person in [(-1, tenancy), (0, None), (1, gone), (1, colleague), (9, tenancy)]
    )

    needs = list(navigation.due_needs(tenancy, asker.partnership, NOON))

    assert titles(needs) == [mine.reference, nobodys.reference, closed.reference]
    assert [need.late for need in needs] == [True, False, False]
    assert (needs[0].url, needs[0].detail) == (mine.get_absolute_url(), "Asked by Community Safety")
    lead = user_at(soha, Role.AGENCY_LEAD)
    assert theirs.reference in titles(navigation.due_needs(lead, asker.partnership, NOON))
    assert later.reference not in titles(navigation.due_needs(lead, asker.partnership, NOON))


def test_home_tells_who_asked_and_managers_of_requests_for_time(asker, soha, action, officer, tenancy):
    action.wanted_due_on = action.due_on + DAY
    action.save()
    manager, colleague = user_at(asker, Role.MANAGER), user_at(asker, Role.OFFICER)

    told = {user: titles(navigation.time_needs(user, asker.partnership, NOON)) for user in (officer, manager)}

    assert told == {officer: [action.reference], manager: [action.reference]}
    assert titles(navigation.time_needs(colleague, asker.partnership, NOON)) == []
    assert titles(navigation.time_needs(tenancy, asker.partnership, NOON)) == []


def test_the_menu_and_home_show_them(client, asker, soha, tenancy):
    late = ActionFactory(lead=asker, owner=soha, due_on=TODAY - DAY)
    client.force_login(tenancy)

    page = client.get("/")

    (line,) = [line for line in page.context["nav"] if line.label == "Actions"]
    assert (line.url, line.count) == ("/actions/", 1)
    assert late.get_absolute_url()
