import datetime as dt

import pytest

from csp.actions import services
from csp.audit.models import Event
from tests.factories.actions import DUE, ActionFactory
from tests.factories.agencies import user_at
from tests.factories.cases import NOON

LATER = DUE + dt.timedelta(days=7)
TODAY = NOON.date()


def change(action, by, **changes):
    new = {"text": action.text, "due_on": action.due_on, **changes}
    return services.change_action(action=action, by=by, at=NOON, **new)


def only_event():
    event = Event.objects.get()
    return event.verb, event.reference, event.reason


def test_change_action_keeps_what_it_said_before(action, officer):
    change(action, officer, text="Visit both tenants", due_on=LATER)

    action.refresh_from_db()
    said = action.updates.get()
    assert (action.text, action.due_on, action.reminded_on) == ("Visit both tenants", LATER, TODAY)
    assert said.text == ("It was due on 10 March 2026.\nIt said: Visit the tenant and write to the landlord")
    assert only_event() == ("action.changed", action.reference, "")


def test_change_action_leaves_a_late_date_that_is_not_touched(asker, soha, officer):
    late = ActionFactory(lead=asker, owner=soha, due_on=TODAY - dt.timedelta(days=9))

    assert change(late, officer, text="Other words").text == "Other words"
    with pytest.raises(services.CannotGive, match="must be today or later"):
        change(late, officer, due_on=TODAY - dt.timedelta(days=1))


def test_change_action_to_the_same_is_refused(action, officer):
    with pytest.raises(services.CannotGive, match="Nothing has changed"):
        change(action, officer)


def test_change_action_that_is_finished_is_refused(asker, soha, officer):
    with pytest.raises(services.CannotAnswer, match="is complete already"):
        change(ActionFactory(lead=asker, owner=soha, complete=True), officer, text="Other words")


@pytest.mark.parametrize(("agree", "due"), [(True, LATER), (False, DUE)])
def test_decide_time_answers_the_agency(action, officer, agree, due):
    action.wanted_due_on = LATER
    action.save()

    services.decide_time(action=action, agree=agree, reason="Fine", by=officer, at=NOON)

    action.refresh_from_db()
    word = "agreed" if agree else "refused"
    assert (action.due_on, action.wanted_due_on) == (due, None)
    assert (action.updates.get().kind, action.updates.get().due_on) == (f"time_{word}", LATER)
    assert only_event() == (f"action.more_time_{word}", action.reference, "Fine")


def test_decide_time_twice_is_refused(action, officer):
    with pytest.raises(services.CannotAnswer, match="may have been answered already"):
        services.decide_time(action=action, agree=True, reason="", by=officer, at=NOON)


def test_cancel_action_ends_it_with_the_reason(action, officer):
    services.cancel_action(action=action, reason="Withdrawn", by=officer, at=NOON)

    action.refresh_from_db()
    assert (action.status, action.outcome, action.ended_at) == ("not_needed", "Withdrawn", NOON)
    assert only_event() == ("action.cancelled", action.reference, "Withdrawn")


def test_cancel_action_twice_is_refused(asker, soha, officer):
    with pytest.raises(services.CannotAnswer, match="no longer required already"):
        services.cancel_action(
            action=ActionFactory(lead=asker, owner=soha, not_needed=True), reason="x", by=officer, at=NOON
        )


def test_add_note_changes_nothing_else(action, officer):
    services.add_note(action=action, text="Spoke to the tenant", by=officer, at=NOON)

    assert [(said.kind, said.text) for said in action.updates.all()] == [("note", "Spoke to the tenant")]
    assert only_event() == ("action.noted", action.reference, "")


def test_reassign_names_a_person_of_the_agency(action, soha, tenancy):
    colleague = user_at(soha, name="C. Colleague")

    services.reassign(action=action, person=colleague, by=tenancy, at=NOON)

    action.refresh_from_db()
    assert (action.person, action.updates.get().text) == (colleague, "Now with C. Colleague")
    assert Event.objects.get().detail == {"person": colleague.pk}


def test_reassign_to_nobody_leaves_it_to_the_agency(action, tenancy):
    services.reassign(action=action, person=tenancy, by=tenancy, at=NOON)
    services.reassign(action=action, person=None, by=tenancy, at=NOON)

    action.refresh_from_db()
    assert (action.person, action.updates.last().text) == (None, "Now with Soha as a whole")


def test_reassign_refuses_strangers_and_finished_actions(action, asker, soha, officer, tenancy):
    with pytest.raises(services.CannotAnswer, match=r"A\. Officer does not work for Soha"):
        services.reassign(action=action, person=officer, by=tenancy, at=NOON)
    with pytest.raises(services.CannotAnswer, match="already"):
        services.reassign(
            action=ActionFactory(lead=asker, owner=soha, complete=True), person=tenancy, by=tenancy, at=NOON
        )


@pytest.mark.parametrize(("trait", "status"), [("complete", "in_progress"), ("not_needed", "open")])
def test_reopen_makes_it_outstanding_again(asker, soha, officer, trait, status):
    finished = ActionFactory(lead=asker, owner=soha, **{trait: True})

    services.reopen(action=finished, reason="It started again", by=officer, at=NOON)

    finished.refresh_from_db()
    assert (finished.status, finished.outcome, finished.ended_at) == (status, "", None)
    assert only_event() == ("action.reopened", finished.reference, "It started again")


def test_reopen_refuses_what_is_open_or_was_transferred(action, police, officer):
    with pytest.raises(services.CannotAnswer, match="is not finished yet"):
        services.reopen(action=action, reason="x", by=officer, at=NOON)
    passed_on = services.transfer(action=action, to=police, reason="Theirs", by=officer, at=NOON)
    with pytest.raises(services.CannotAnswer, match=f"was transferred. It goes on as {passed_on}"):
        services.reopen(action=action, reason="x", by=officer, at=NOON)
