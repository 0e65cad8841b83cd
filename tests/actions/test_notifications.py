import datetime as dt

import pytest
from django.core import mail

from csp.actions import notifications, services
from csp.actions.models import ActionUpdate
from csp.agencies.enums import Role
from tests.factories.actions import DUE, ActionFactory
from tests.factories.agencies import MembershipFactory, user_at
from tests.factories.cases import NOON


@pytest.fixture
def sent(django_capture_on_commit_callbacks, tasks_run_at_once):
    """The e-mails that come of a service, as (to, subject)."""

    def run(service, **arguments):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            service(at=NOON, **arguments)
        return sorted((message.to[0], message.subject) for message in mail.outbox)

    return run


def test_who_is_asked_hears_of_a_new_action(sent, asker, soha, officer, tenancy):
    asked = {"lead": asker, "owner": soha, "text": "Visit Ann Brown", "due_on": DUE, "by": officer}

    (told,) = sent(services.give_action, person=tenancy, **asked)

    assert told == ("tenancy@soha.example", f"Action {asker.partnership.code}-A-26-000001: given")
    body = mail.outbox[0].body
    assert f"/actions/{asker.partnership.code}-A-26-000001/" in body
    assert "asked by Community Safety" in body
    assert "Ann" not in body


def test_an_action_for_oneself_sends_nothing(sent, asker, officer):
    own = {"lead": asker, "owner": asker, "text": "Ring back", "due_on": DUE, "by": officer}

    assert sent(services.give_action, person=officer, **own) == []


def test_an_action_for_a_colleague_tells_the_colleague(sent, asker, officer):
    colleague = user_at(asker, Role.OFFICER, email="colleague@demo.example")
    own = {"lead": asker, "owner": asker, "text": "Ring back", "due_on": DUE, "by": officer}

    assert [to for to, _ in sent(services.give_action, person=colleague, **own)] == ["colleague@demo.example"]


@pytest.mark.parametrize(
    ("answer", "subject"),
    [
        ({"answer": "complete"}, "done"),
        ({"answer": "not_needed"}, "no longer required"),
        ({"answer": "cannot"}, "handed back"),
        ({"answer": "more_time", "until": DUE + dt.timedelta(days=9)}, "more time asked for"),
    ],
)
def test_the_asker_hears_the_answer(sent, action, tenancy, answer, subject):
    told = sent(services.answer, action=action, text="Ann Brown moved", by=tenancy, **answer)

    assert told == [("officer@demo.example", f"Action {action}: {subject}")]
    assert "Soha has news of an action that you asked for" in mail.outbox[0].body
    assert "Ann" not in mail.outbox[0].body


def test_progress_is_no_news(sent, action, tenancy):
    assert sent(services.answer, action=action, answer="progress", text="Soon", by=tenancy) == []


def test_a_transfer_tells_the_asker_and_the_new_agency(sent, action, police, tenancy):
    police.email = "asb@police.example"
    police.save()

    told = sent(services.transfer, action=action, to=police, reason="Theirs", by=tenancy)

    assert [to for to, _ in told] == ["asb@police.example", "officer@demo.example"]


def test_the_agency_hears_what_the_asker_does(sent, action, officer, tenancy):
    action.person, action.wanted_due_on = tenancy, DUE + dt.timedelta(days=2)
    action.save()

    by = {"action": action, "by": officer}
    subjects = [
        sent(services.add_note, text="Mind the dog", **by),
        sent(services.decide_time, agree=True, reason="", **by),
        sent(services.change_action, text="Other words", due_on=DUE, **by),
        sent(services.cancel_action, reason="Withdrawn", **by),
        sent(services.reopen, reason="Again", **by),
    ]

    assert subjects == [
        [("tenancy@soha.example", f"Action {action}: {word}")]
        for word in ("note", "more time agreed", "changed", "no longer required", "reopened")
    ]


def test_a_note_of_the_agency_tells_the_asker(sent, action, tenancy):
    told = sent(services.add_note, action=action, text="No answer", by=tenancy)

    assert told == [("officer@demo.example", f"Action {action}: note")]


def test_the_person_who_gets_it_is_told(sent, action, soha, tenancy):
    colleague = user_at(soha, email="colleague@soha.example")

    assert [to for to, _ in sent(services.reassign, action=action, person=colleague, by=tenancy)] == [
        "colleague@soha.example"
    ]
    assert sent(services.reassign, action=action, person=tenancy, by=tenancy) == []
    assert sent(services.reassign, action=action, person=None, by=tenancy) == []


def test_a_task_run_twice_sends_once(action, officer):
    services.cancel_action(action=action, reason="Withdrawn", by=officer, at=NOON)
    action.owner.email = "asb@soha.example"
    action.owner.save()
    said = ActionUpdate.objects.get()

    services.tell(update_id=said.pk, at=NOON)
    services.tell(update_id=said.pk, at=NOON)

    assert len(mail.outbox) == 1
    said.refresh_from_db()
    assert said.told_at == NOON


def test_addresses_go_from_the_person_to_the_mailbox_to_the_leads(soha, tenancy):
    assert notifications.addresses(soha, tenancy) == ["tenancy@soha.example"]
    assert notifications.addresses(soha, None) == []

    lead = user_at(soha, Role.AGENCY_LEAD, email="lead@soha.example")
    MembershipFactory(user=lead, partner=soha, role=Role.MANAGER)
    user_at(soha, Role.AGENCY_LEAD, email="closed@soha.example", is_active=False)
    assert notifications.addresses(soha, None) == ["lead@soha.example"]

    soha.email = "asb@soha.example"
    assert notifications.addresses(soha, None) == ["asb@soha.example"]


def test_an_account_that_was_closed_or_left_falls_back_to_the_partner(soha, tenancy, officer):
    soha.email = "asb@soha.example"
    tenancy.is_active = False
    tenancy.save()

    assert notifications.addresses(soha, tenancy) == ["asb@soha.example"]
    assert notifications.addresses(soha, officer) == ["asb@soha.example"]
    action = ActionFactory(owner=soha, lead=soha, person=tenancy)
    assert action.person_now is None


def test_what_the_system_says_goes_to_the_agency(action, sent, tenancy):
    action.person = tenancy
    action.save()

    assert [to for to, _ in sent(services.cancel_action, action=action, reason="Undone", by=None)] == [
        "tenancy@soha.example"
    ]
