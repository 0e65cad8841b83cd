import datetime as dt
import smtplib

import pytest
import time_machine
from django.core import mail

from csp.actions import services, tasks
from csp.audit.models import Event
from tests.factories.actions import DUE, ActionFactory
from tests.factories.cases import NOON

DAY = dt.timedelta(days=1)
FRIDAY_BEFORE, TUESDAY = dt.date(2026, 3, 6), DUE
EVERY_DAY = [dt.date(2026, 3, 1) + n * DAY for n in range(31)]


@pytest.fixture
def theirs(action, tenancy):
    action.person = tenancy
    action.save()
    return action


def chase_all(today):
    return [services.chase(action_id=pk, today=today) for pk in services.ids_to_chase(today=today)]


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (dt.date(2026, 3, 4), None),
        (dt.date(2026, 3, 5), dt.date(2026, 3, 5)),  # three working days before
        (dt.date(2026, 3, 9), dt.date(2026, 3, 5)),
        (DUE, DUE),
        (DUE + 6 * DAY, DUE),
        (DUE + 7 * DAY, DUE + 7 * DAY),
        (DUE + 20 * DAY, DUE + 14 * DAY),
    ],
)
def test_last_stage_is_three_working_days_before_on_the_day_and_weekly(today, stage):
    assert services.last_stage(DUE, today) == stage


def test_over_a_month_each_stage_is_chased_once(theirs):
    sent_on = [day for day in EVERY_DAY if chase_all(day)]

    assert sent_on == [dt.date(2026, 3, 5), DUE, DUE + 7 * DAY, DUE + 14 * DAY, DUE + 21 * DAY]
    assert [message.subject for message in mail.outbox] == [
        f"Action {theirs}: due soon",
        f"Action {theirs}: due today",
        *[f"Action {theirs}: late"] * 3,
    ]
    assert Event.objects.filter(verb="action.chased", actor=None).count() == 5


def test_chasing_twice_on_a_day_sends_once(theirs):
    assert (chase_all(DUE), chase_all(DUE)) == ([True], [])
    assert services.chase(action_id=theirs.pk, today=DUE) is False
    assert len(mail.outbox) == 1


def test_a_morning_that_was_missed_is_made_up_for(theirs):
    theirs.reminded_on = dt.date(2026, 3, 5)
    theirs.save()

    assert chase_all(DUE + DAY) == [True]
    assert "that was due on 10 March 2026" in mail.outbox[0].body


def test_nobody_is_chased_on_a_day_off(asker, soha, tenancy):
    saturday = dt.date(2026, 3, 14)
    ActionFactory(lead=asker, owner=soha, person=tenancy, due_on=saturday)

    assert chase_all(saturday) == []
    assert chase_all(saturday + 2 * DAY) == [True]


def test_what_was_given_today_is_not_chased_tomorrow(asker, soha, tenancy):
    services.give_action(
        lead=asker, owner=soha, text="x", due_on=NOON.date() + DAY, by=None, at=NOON, person=tenancy
    )

    assert chase_all(NOON.date()) == []
    assert chase_all(NOON.date() + DAY) == [True]


@pytest.mark.parametrize("trait", ["complete", "not_needed", "transferred"])
def test_a_finished_action_is_not_chased(asker, soha, tenancy, trait):
    finished = ActionFactory(lead=asker, owner=soha, person=tenancy, **{trait: True})

    assert chase_all(DUE) == []
    assert services.chase(action_id=finished.pk, today=DUE) is False


def test_an_agency_without_any_address_is_not_stamped(action):
    assert chase_all(DUE) == [False]

    action.refresh_from_db()
    assert action.reminded_on is None
    assert not Event.objects.exists()


def test_an_email_that_fails_is_tried_again(theirs, settings, monkeypatch):
    def down(*args, **kwargs):
        raise smtplib.SMTPServerDisconnected

    with monkeypatch.context() as patch:
        patch.setattr("csp.actions.notifications.send_mail", down)
        with pytest.raises(smtplib.SMTPServerDisconnected):
            chase_all(DUE)

    theirs.refresh_from_db()
    assert theirs.reminded_on is None
    assert chase_all(DUE) == [True]


@time_machine.travel(dt.datetime(2026, 3, 10, 8, tzinfo=dt.UTC), tick=False)
def test_the_morning_task_chases_each_action(theirs, tasks_run_at_once):
    tasks.chase.delay(something_new=1)
    tasks.chase.delay()

    assert [message.to for message in mail.outbox] == [["tenancy@soha.example"]]
