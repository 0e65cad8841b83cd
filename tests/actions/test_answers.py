import datetime as dt

import pytest

from csp.actions import services
from csp.actions.enums import ACTION_TRANSITIONS, ActionStatus, Answer
from csp.actions.models import Action
from csp.audit.models import Event
from csp.core.errors import InvalidTransition, RuleBroken
from tests.factories.actions import DUE, ActionFactory
from tests.factories.agencies import PartnerFactory
from tests.factories.cases import NOON, ReportFactory

LATER = DUE + dt.timedelta(days=7)


@pytest.fixture
def respond(tenancy):
    def send(action, answer, text="Because", **more):
        return services.answer(action=action, answer=answer, text=text, by=tenancy, at=NOON, **more)

    return send


def only_event():
    event = Event.objects.get()
    return event.verb, event.reference, event.reason


def test_progress_starts_the_action(action, respond):
    respond(action, Answer.PROGRESS, "")

    action.refresh_from_db()
    assert (action.status, action.updates.get().kind) == ("in_progress", "progress")
    assert only_event() == ("action.started", action.reference, "")


def test_progress_again_says_what_is_new(action, respond):
    respond(action, Answer.PROGRESS, "Letter sent")
    respond(action, Answer.PROGRESS, "Visit booked")

    assert list(action.updates.order_by("pk").values_list("text", flat=True)) == [
        "Letter sent",
        "Visit booked",
    ]
    with pytest.raises(services.CannotAnswer, match="Say what is new"):
        respond(action, Answer.PROGRESS, " ")


def test_complete_ends_the_action_with_its_outcome(action, respond):
    action.wanted_due_on = LATER
    action.save()

    respond(action, Answer.COMPLETE, "Visited, warned")

    action.refresh_from_db()
    assert (action.status, action.outcome, action.ended_at) == ("complete", "Visited, warned", NOON)
    assert action.wanted_due_on is None
    assert only_event() == ("action.completed", action.reference, "")


def test_complete_needs_an_outcome(action, respond):
    with pytest.raises(services.CannotAnswer, match="Say what was done"):
        respond(action, Answer.COMPLETE, " ")

    assert not Event.objects.exists()


def test_not_needed_ends_the_action_with_its_reason(action, respond):
    respond(action, Answer.NOT_NEEDED, "The tenant moved")

    action.refresh_from_db()
    assert (action.status, action.outcome, action.updates.get().kind) == (
        "not_needed",
        "The tenant moved",
        "not_needed",
    )
    assert only_event() == ("action.ended", action.reference, "The tenant moved")


def test_more_time_leaves_the_date_until_the_asker_agrees(action, respond):
    respond(action, Answer.MORE_TIME, "Two more visits", until=LATER)

    action.refresh_from_db()
    assert (action.due_on, action.wanted_due_on, action.status) == (DUE, LATER, "open")
    assert (action.updates.get().kind, action.updates.get().due_on) == ("more_time", LATER)
    assert only_event() == ("action.more_time_requested", action.reference, "Two more visits")


@pytest.mark.parametrize("until", [DUE, DUE - dt.timedelta(days=1)])
def test_more_time_must_be_more(action, respond, until):
    with pytest.raises(services.CannotAnswer, match="must be later"):
        respond(action, Answer.MORE_TIME, until=until)


def test_more_time_cannot_end_in_the_past(asker, soha, respond):
    late = ActionFactory(lead=asker, owner=soha, due_on=NOON.date() - dt.timedelta(days=9))

    with pytest.raises(services.CannotAnswer, match="not in the past"):
        respond(late, Answer.MORE_TIME, until=NOON.date() - dt.timedelta(days=1))
    respond(late, Answer.MORE_TIME, until=NOON.date())


def test_nobody_asks_themselves_for_time_or_hands_back_to_themselves(asker, respond):
    own = ActionFactory(lead=asker, owner=asker)

    with pytest.raises(services.CannotAnswer, match="Change its due date"):
        respond(own, Answer.MORE_TIME, until=LATER)
    with pytest.raises(services.CannotAnswer, match="no longer needed, or who should do it"):
        respond(own, Answer.CANNOT)


def test_cannot_gives_the_action_back_to_the_asker(action, asker, officer, respond):
    back = respond(action, Answer.CANNOT, "No such tenant of ours")

    action.refresh_from_db()
    assert (action.status, action.outcome) == ("transferred", "No such tenant of ours")
    assert (back.owner, back.lead, back.asked_by, back.transferred_from) == (asker, asker, officer, action)
    assert [said.kind for said in action.updates.all()] == ["handed_back"]
    assert only_event() == ("action.transferred", action.reference, "No such tenant of ours")


def test_transfer_gives_the_other_agency_an_action_of_its_own(action, police, respond, officer):
    report = ReportFactory(lead=action.lead)
    action.target = report
    action.save()

    passed_on = respond(action, Answer.TRANSFER, "A police matter", to=police)

    action.refresh_from_db()
    assert (action.status, action.transferred_to) == ("transferred", passed_on)
    assert (passed_on.owner, passed_on.lead, passed_on.status) == (police, action.lead, "open")
    assert (passed_on.text, passed_on.due_on, passed_on.target) == (action.text, action.due_on, report)
    event = Event.objects.get()
    assert (event.verb, event.kind, event.partner) == ("action.transferred", "disclosure", police)
    assert event.detail == {"now": passed_on.reference}


def test_transfer_opens_the_new_action_to_the_new_agency_alone(action, police, tenancy, respond):
    passed_on = respond(action, Answer.TRANSFER, to=police)

    assert set(Action.objects.visible_to(tenancy)) == {action}
    assert set(passed_on.permission_rows.values_list("group", flat=True)) == {
        police.group_id,
        action.lead.group_id,
    }


def test_transfer_refuses_the_same_agency_and_strangers(action, soha, respond):
    with pytest.raises(services.CannotAnswer, match="Soha has this already"):
        respond(action, Answer.TRANSFER, to=soha)
    with pytest.raises(services.CannotGive, match="is not in this partnership"):
        respond(action, Answer.TRANSFER, to=PartnerFactory())


@pytest.mark.parametrize("answer", ["", "maybe", Answer.MORE_TIME, Answer.TRANSFER])
def test_an_answer_that_is_none_or_half_is_refused(action, respond, answer):
    with pytest.raises(services.CannotAnswer, match="Say what your agency answers"):
        respond(action, answer)


@pytest.mark.parametrize("trait", ["complete", "not_needed", "transferred"])
@pytest.mark.parametrize("answer", Answer)
def test_a_finished_action_takes_no_answer(asker, soha, police, respond, trait, answer):
    finished = ActionFactory(lead=asker, owner=soha, **{trait: True})

    with pytest.raises(services.CannotAnswer, match=r"already\. Reopen it if there is more to do"):
        respond(finished, answer, until=LATER, to=police)

    assert not Event.objects.exists()


def test_the_second_of_two_who_answer_is_told(action, officer, tenancy, respond):
    respond(action, Answer.PROGRESS, "Letter sent", seen=0)

    with pytest.raises(services.ActionMoved, match="while you were writing"):
        respond(action, Answer.COMPLETE, "Visited", seen=0)

    action.refresh_from_db()
    assert action.status == "in_progress"
    respond(action, Answer.COMPLETE, "Visited", seen=1)


@pytest.mark.parametrize("before", ActionStatus)
@pytest.mark.parametrize("after", ActionStatus)
def test_status_moves_along_the_arrows_only(before, after):
    action = Action(reference="SV-A-26-000001", status=before)

    if after in ACTION_TRANSITIONS[before]:
        action.move_to(after)
        assert action.status == after
    else:
        with pytest.raises(InvalidTransition):
            action.move_to(after)


def test_an_event_that_cannot_be_written_undoes_the_answer(action, respond, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("csp.actions.services.answers.record", broken)

    with pytest.raises(RuntimeError):
        respond(action, Answer.COMPLETE, "Visited")

    action.refresh_from_db()
    assert (action.status, action.updates.count()) == ("open", 0)


def test_all_refusals_are_for_the_person_at_the_screen():
    assert all(
        issubclass(each, RuleBroken)
        for each in (services.CannotAnswer, services.CannotGive, services.ActionMoved)
    )
