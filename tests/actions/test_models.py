import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from csp.actions.models import Action, ActionUpdate
from csp.agencies.enums import Role
from csp.core.clocks import ClockState
from tests.factories.actions import DUE, ActionFactory
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON

pytestmark = pytest.mark.django_db


def refs(actions):
    return [action.reference for action in actions.order_by("pk")]


def test_visible_to_is_exactly_what_was_asked_of_or_by_the_partner(asker, soha, police):
    asked_of = ActionFactory(lead=asker, owner=soha)
    asked_by = ActionFactory(lead=soha, owner=police)
    ActionFactory(lead=asker, owner=police)
    ActionFactory()

    assert set(Action.objects.visible_to(user_at(soha))) == {asked_of, asked_by}


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.BOARD, Role.PROVIDER])
def test_visible_to_is_empty_for_roles_without_casework(action, role):
    assert not Action.objects.visible_to(user_at(action.owner, role)).exists()


def test_querysets_tell_outstanding_ended_due_and_late(asker, soha):
    day = dt.timedelta(days=1)
    late, today, soon, done = (
        ActionFactory(lead=asker, owner=soha, due_on=DUE - day),
        ActionFactory(lead=asker, owner=soha, due_on=DUE, started=True),
        ActionFactory(lead=asker, owner=soha, due_on=DUE + day),
        ActionFactory(lead=asker, owner=soha, due_on=DUE - day, complete=True),
    )
    own = ActionFactory(lead=asker, owner=asker, due_on=DUE + day)

    assert refs(Action.objects.late(DUE)) == [late.reference]
    assert refs(Action.objects.due_by(DUE)) == [late.reference, today.reference]
    assert refs(Action.objects.ended()) == [done.reference]
    assert refs(Action.objects.owned_by({soha.pk}).outstanding()) == [
        each.reference for each in (late, today, soon)
    ]
    assert own not in Action.objects.asked_by_partners({asker.pk})
    assert Action.objects.asked_by_partners({asker.pk}).count() == 4


@pytest.mark.parametrize(
    ("at", "state", "words"),
    [
        (NOON, ClockState.RUNNING, "due in 6 days"),
        (NOON + dt.timedelta(days=1), ClockState.AMBER, "due in 5 days"),
        (NOON + dt.timedelta(days=6), ClockState.AMBER, "due today"),
        (NOON + dt.timedelta(days=8), ClockState.LATE, "2 days late"),
    ],
)
def test_clock_says_how_long_there_is(action, at, state, words):
    reading = action.clock_reading(at)

    assert (reading.state, reading.words, reading.due_at.date()) == (state, words, DUE)


def test_clock_of_a_finished_action_says_whether_it_was_in_time(asker, soha):
    assert ActionFactory(lead=asker, owner=soha, complete=True).clock.words == "done in time"


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "complete", "outcome": "x"},
        {"status": "open", "ended_at": NOON},
        {"status": "complete", "outcome": "", "ended_at": NOON},
        {"status": "complete", "outcome": "x", "ended_at": NOON, "wanted_due_on": DUE},
        {"target_id": 1},
    ],
)
def test_the_database_refuses_incoherent_actions(action, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(**wrong)


def test_an_action_is_transferred_to_one_other(action):
    ActionFactory(lead=action.lead, transferred_from=action)

    with pytest.raises(IntegrityError), transaction.atomic():
        ActionFactory(lead=action.lead, owner=PartnerFactory(), transferred_from=action)


def test_words_for_people(action):
    assert str(action) == action.reference
    assert action.get_absolute_url() == f"/actions/{action.reference}/"
    assert str(ActionUpdate(action=action, kind="more_time")) == f"{action} More time asked for"
