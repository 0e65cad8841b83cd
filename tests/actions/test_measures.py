import datetime as dt

import pytest
from django.utils import timezone

from csp.agencies.measures import find_measure
from csp.core.calendar import Period
from tests.factories.actions import ActionFactory
from tests.factories.agencies import PartnerFactory
from tests.factories.cases import NOON

pytestmark = pytest.mark.django_db
YEAR = Period.named("2025-26")
DAY = dt.timedelta(days=1)


@pytest.fixture
def team():
    return PartnerFactory(name="Team")


def figure(name, team, period=YEAR):
    return find_measure(name).figure(team.partnership, period)


def test_actions_due_are_on_time_up_to_their_day(team):
    ActionFactory(lead=team, complete=True, due_on=NOON.date())
    ActionFactory(lead=team, complete=True, due_on=NOON.date() - DAY)
    ActionFactory(lead=team, due_on=YEAR.last)
    ActionFactory(lead=team, due_on=YEAR.last + DAY)
    ActionFactory(lead=team, not_needed=True), ActionFactory(lead=team, transferred=True)

    due = figure("actions-due", team)
    assert (due.number, due.part) == (3, 1)
    assert figure("actions-given", team).number == 5


def test_what_is_due_today_is_neither_due_nor_late(team):
    today = timezone.localdate()
    ActionFactory(lead=team, due_on=today, asked_at=timezone.now())
    ActionFactory(lead=team, due_on=today - DAY, asked_at=timezone.now())
    now = Period(today - DAY, today)

    assert figure("actions-due", team, now).number == 1
    assert figure("actions-late", team, now).number == 1


def test_each_agency_counts_its_own(team):
    health = PartnerFactory(partnership=team.partnership, name="Health")
    ActionFactory(lead=team, owner=health), ActionFactory(lead=team, owner=health)
    ActionFactory(lead=team, owner=team)

    measure = find_measure("actions-given")
    found = measure.figures_by(measure.breakdown("agency"), team.partnership, YEAR)
    assert [(each.label, each.number) for each in found] == [("Health", 2), ("Team", 1)]
