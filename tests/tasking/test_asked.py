"""Which actions and items the return of an agency holds."""

import datetime as dt

import pytest
import time_machine

from csp.actions.services import start
from csp.agencies.enums import ShareLevel
from csp.agencies.services.sharing import grant
from tasking.enums import ItemStatus, MeetingStatus
from tasking.models import ItemAction
from tasking.models.asked import asked_of
from tests.factories.actions import ActionFactory
from tests.factories.cases import NOON, CaseFactory
from tests.factories.tasking import AgendaItemFactory, MeetingFactory
from tests.tasking.returns import DAY, Scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def scene():
    return Scene()


def asked(scene, user=None):
    return asked_of([scene.seat], user or scene.ann)[scene.seat.pk]


def given(scene, **fields):
    return ActionFactory(lead=scene.team, owner=scene.housing, **fields)


def test_actions_due_by_the_day_of_the_meeting_are_asked_about(scene):
    late = given(scene, due_on=scene.meeting.day - 20 * DAY)
    given(scene, due_on=scene.meeting.day + DAY)
    given(scene, due_on=scene.meeting.day, complete=True)
    ActionFactory(lead=scene.team, owner=scene.police, due_on=scene.meeting.day)

    assert asked(scene).actions == [late.pk, scene.action.pk]


def test_actions_given_at_the_series_are_asked_about_whenever_they_are_due(scene):
    before = MeetingFactory(
        series=scene.series, starts_at=NOON - 20 * DAY, status=MeetingStatus.APPROVED, invite=[scene.housing]
    )
    later = given(scene, due_on=scene.meeting.day + 30 * DAY)
    ItemAction.objects.create(item=AgendaItemFactory(meeting=before), action=later)
    elsewhere = given(scene, due_on=scene.meeting.day + 30 * DAY)
    ItemAction.objects.create(item=AgendaItemFactory(), action=elsewhere)

    assert asked(scene).actions == [scene.action.pk, later.pk]


def test_actions_on_the_case_of_an_item_are_asked_about(scene):
    case = CaseFactory(lead=scene.team)
    hung = given(scene, due_on=scene.meeting.day + 30 * DAY, target=case)
    assert hung.pk not in asked(scene).actions
    item = scene.tabled("Case", scene.housing, kind="case", place=None, case=case)
    assert hung.pk not in asked(scene).actions  # they see the item's row, but not its case
    grant_case(case, scene.housing)

    assert item.pk in asked(scene).items
    assert hung.pk in asked(scene).actions


def grant_case(case, partner):
    grant(record=case, partner=partner, level=ShareLevel.SUMMARY)


def test_only_what_is_tabled_for_the_agency_and_stays_on_the_agenda(scene):
    scene.tabled("For others", scene.police)
    scene.tabled("Gone", scene.housing, status=ItemStatus.WITHDRAWN, status_because="Solved")

    assert asked(scene).items == [scene.item.pk]


@pytest.mark.parametrize(("days_before", "answered"), [(1, True), (40, False)])
def test_an_answer_since_the_series_met_last_counts(scene, days_before, answered):
    MeetingFactory(series=scene.series, starts_at=NOON - 30 * DAY, status=MeetingStatus.APPROVED)
    at = NOON - dt.timedelta(days=days_before)
    start(action=scene.action, text="On it", by=scene.ann, at=at)

    assert (scene.action.pk in asked(scene).answered_actions) is answered
