"""Two people, or two workers, at the same moment."""

import threading

import pytest
from django.core import mail
from django.db import connection

from csp.actions import services
from csp.actions.models import ActionUpdate
from csp.core.errors import RuleBroken
from tests.factories.actions import DUE
from tests.factories.cases import NOON


@pytest.fixture
def at_once(transactional_db):
    """Run the same work in two sessions and return what each gave back or raised."""

    def run(work):
        start, outcomes = threading.Barrier(2), []

        def one():
            start.wait(5)
            try:
                outcomes.append(work())
            except RuleBroken as refusal:
                outcomes.append(type(refusal))
            finally:
                connection.close()

        threads = [threading.Thread(target=one) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes

    return run


@pytest.fixture(autouse=True)
def no_tasks(tasks_run_at_once):
    """What is queued after commit runs here."""


def test_of_two_answers_at_once_one_counts(at_once, action, tenancy):
    def finish():
        services.answer(action=action, answer="complete", text="Visited", by=tenancy, at=NOON, seen=0)

    outcomes = at_once(finish)

    assert sorted(map(str, outcomes)) == sorted([str(None), str(services.ActionMoved)])
    assert ActionUpdate.objects.filter(kind="complete").count() == 1
    assert len(mail.outbox) == 1


def test_two_workers_that_chase_at_once_send_one_email(at_once, action, tenancy):
    action.person = tenancy
    action.save()

    outcomes = at_once(lambda: services.chase(action_id=action.pk, today=DUE))

    assert sorted(outcomes) == [False, True]
    assert len(mail.outbox) == 1


def test_references_given_at_once_differ(at_once, asker, soha, officer):
    asked = {"lead": asker, "owner": soha, "text": "Visit", "due_on": DUE, "by": officer, "at": NOON}

    outcomes = at_once(lambda: services.give_action(**asked).reference[-6:])

    assert sorted(outcomes) == ["000001", "000002"]
