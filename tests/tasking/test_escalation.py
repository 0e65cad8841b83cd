"""A late action goes to the agency's lead, and if it stays late to the board: once to each."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from csp.actions.models import ActionNamed
from csp.agencies.enums import Role
from csp.agencies.models import Membership
from csp.agencies.navigation import needs
from csp.audit.models import Event
from csp.celery import app as celery_app
from csp.core.calendar import LONDON, add_working_days
from tasking.enums import EscalationLevel
from tasking.models import Escalation
from tasking.models.escalating import can_go_on
from tasking.services.escalation import CannotEscalate, escalate, for_the_board, tell_lead
from tests.factories.actions import ActionFactory
from tests.factories.agencies import user_at
from tests.tasking.action_scene import DAY, a_scene, done, give

pytestmark = pytest.mark.django_db

LEAD, BOARD = EscalationLevel.AGENCY_LEAD, EscalationLevel.BOARD
REASON = "Two meetings have waited for it"


@pytest.fixture
def scene(db):
    return a_scene()


def at_noon(day):
    return dt.datetime.combine(day, dt.time(12), tzinfo=LONDON)


def to(scene, action, level=LEAD, *, on=None, reason=REASON, by=None):
    return escalate(
        action=action, level=level, reason=reason, by=by or scene.officer, at=at_noon(on or scene.today)
    )


def url(action):
    return reverse("meetings:escalate", args=[action.reference])


def text_of(answer):
    return " ".join(answer.content.decode().split())


def mails_of(scene, action, monkeypatch, capture, **fields):
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)
    with capture(execute=True):
        made = to(scene, action, **fields)
    return made, mail.outbox


def home(scene, user):
    return [need.title for need in needs(user, scene.team.partnership, scene.now)]


def test_action_due_yesterday_goes_to_the_lead(scene):
    action = give(scene, due=-1)

    made = to(scene, action)

    assert (made.level, made.reason, made.by) == (LEAD, REASON, scene.officer)
    event = Event.objects.get(verb="action.escalated")
    assert (event.reason, event.partner, event.detail["level"]) == (REASON, scene.soha, LEAD)


@pytest.mark.parametrize("due", [0, 1])
def test_action_due_today_or_later_does_not(scene, due):
    with pytest.raises(CannotEscalate, match="not late"):
        to(scene, give(scene, due=due))


def test_what_is_done_does_not(scene):
    with pytest.raises(CannotEscalate, match="complete"):
        to(scene, done(scene, ago=1, due=-5))


def test_action_given_outside_a_meeting_does_not(scene, client):
    action = ActionFactory(lead=scene.team, owner=scene.soha, due_on=scene.today - DAY)
    client.force_login(scene.officer)

    with pytest.raises(CannotEscalate, match="not given at a meeting"):
        to(scene, action)
    assert client.get(url(action)).status_code == 404


def test_board_does_not_come_first(scene):
    with pytest.raises(CannotEscalate, match="lead first"):
        to(scene, give(scene, due=-1), BOARD)


@pytest.mark.parametrize(("days", "goes"), [(4, False), (5, True), (6, True)])
def test_board_hears_of_it_five_working_days_after_the_lead(scene, days, goes):
    action = give(scene, due=-1)
    to(scene, action)
    on = add_working_days(scene.today, days)

    if goes:
        assert to(scene, action, BOARD, on=on).level == BOARD
    else:
        with pytest.raises(CannotEscalate, match="can go to the board from"):
            to(scene, action, BOARD, on=on)


@pytest.mark.parametrize("change", [{"due": 1}, {"done": True}])
def test_board_hears_only_of_what_is_still_late(scene, change):
    action = give(scene, due=-1)
    to(scene, action)
    on = add_working_days(scene.today, 6)
    if "done" in change:
        action.status, action.outcome, action.ended_at = "complete", "Visited", scene.now
    else:
        action.due_on = on
    action.save()

    with pytest.raises(CannotEscalate):
        to(scene, action, BOARD, on=on)


def test_same_level_twice_is_refused(scene):
    action = give(scene, due=-1)
    to(scene, action)

    with pytest.raises(CannotEscalate, match="already"):
        to(scene, action, reason="Another reason", by=scene.manager)


def test_sent_twice_it_is_escalated_once(scene):
    action = give(scene, due=-1)
    for _ in range(2):
        to(scene, action)

    assert Escalation.objects.count() == 1
    assert Event.objects.filter(verb="action.escalated").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_escalates_and_the_other_is_told():
    scene = a_scene()
    action = give(scene, due=-1)

    def go(by):
        try:
            return to(scene, action, by=by)
        except CannotEscalate as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(go, [scene.officer, scene.manager]))

    assert Escalation.objects.count() == 1
    assert sorted(isinstance(each, Escalation) for each in answers) == [False, True]


def test_after_the_board_there_is_nowhere_else(scene, client):
    action = give(scene, due=-40)
    for level, ago in ((LEAD, 20), (BOARD, 1)):
        to(scene, action, level, on=scene.today - ago * DAY)
    client.force_login(scene.officer)

    assert "to the board already" in text_of(client.get(url(action)))


def test_agency_reads_why_on_the_action(scene, client):
    action = give(scene, due=-1)
    to(scene, action)
    client.force_login(scene.housing)

    assert REASON in text_of(client.get(action.get_absolute_url()))


def test_lead_is_told_without_a_word_of_it(scene, monkeypatch, django_capture_on_commit_callbacks):
    action = give(scene, due=-1, text="Change the locks of number 9")

    made, sent = mails_of(scene, action, monkeypatch, django_capture_on_commit_callbacks)

    (message,) = sent
    assert message.to == ["lead@soha.example"]
    assert action.reference in message.subject
    assert action.get_absolute_url() in message.body
    assert not any(word in message.subject + message.body for word in ("locks", REASON))
    made.refresh_from_db()
    assert made.told_at is not None


def test_lead_is_told_once(scene, monkeypatch, django_capture_on_commit_callbacks):
    action = give(scene, due=-1)
    made, sent = mails_of(scene, action, monkeypatch, django_capture_on_commit_callbacks)

    tell_lead(escalation_id=made.pk, at=scene.now)

    assert len(sent) == 1


def test_mailbox_is_told_where_nobody_leads(scene, monkeypatch, django_capture_on_commit_callbacks):
    Membership.objects.filter(user=scene.housing_lead).delete()

    _, sent = mails_of(scene, give(scene, due=-1), monkeypatch, django_capture_on_commit_callbacks)

    assert [message.to for message in sent] == [["soha@demo.example"]]


def test_board_gets_no_email(scene, monkeypatch, django_capture_on_commit_callbacks):
    action = give(scene, due=-1)
    to(scene, action)
    mail.outbox.clear()
    later = {"level": BOARD, "on": add_working_days(scene.today, 5)}

    _, sent = mails_of(scene, action, monkeypatch, django_capture_on_commit_callbacks, **later)

    assert sent == []


def test_restricted_action_goes_to_a_lead_who_is_named(
    scene, monkeypatch, django_capture_on_commit_callbacks
):
    other = user_at(scene.soha, Role.AGENCY_LEAD, email="other@soha.example")
    action = give(scene, due=-1, restricted=True)
    ActionNamed.objects.create(action=action, user=scene.officer)

    with pytest.raises(CannotEscalate, match="named on the restricted record"):
        to(scene, action)
    ActionNamed.objects.create(action=action, user=other)
    _, sent = mails_of(scene, action, monkeypatch, django_capture_on_commit_callbacks)

    assert [message.to for message in sent] == [["other@soha.example"]]


def test_page_asks_for_the_reason(scene, client):
    action = give(scene, due=-1)
    client.force_login(scene.officer)

    answer = client.post(url(action), {"reason": "", "level": LEAD})

    assert "Enter why" in text_of(answer)
    assert not Escalation.objects.exists()


def test_page_escalates(scene, client):
    action = give(scene, due=-1)
    client.force_login(scene.officer)
    assert "Escalate it to the lead" in client.get(url(action)).content.decode()

    answer = client.post(url(action), {"reason": REASON, "level": LEAD}, follow=True)

    assert REASON in text_of(answer)
    assert "can go to the board from" in text_of(client.get(url(action)))


def test_page_keeps_what_was_typed_when_it_is_too_early(scene, client):
    action = give(scene, due=-1)
    to(scene, action)
    client.force_login(scene.manager)

    answer = client.post(url(action), {"reason": "They were told in person", "level": BOARD})

    assert "They were told in person" in text_of(answer)
    assert "can go to the board from" in text_of(answer)


@pytest.mark.parametrize(("who", "status"), [("officer", 200), ("housing_lead", 403), ("constable", 404)])
def test_only_the_team_that_asked_escalates(scene, client, who, status):
    scene.constable = user_at(scene.police)
    client.force_login(getattr(scene, who))

    assert client.get(url(give(scene, due=-1))).status_code == status


def test_home_of_the_lead_and_nobody_else_says_so(scene):
    action = give(scene, due=-1)
    to(scene, action)
    line = f"{action} was escalated to you"

    assert line in home(scene, scene.housing_lead)
    assert line not in home(scene, scene.housing)


def test_home_of_managers_offers_what_can_be_escalated(scene):
    action, today = give(scene, due=-1), give(scene, due=0)
    lines = home(scene, scene.manager)

    assert f"{action} of Soha is late" in lines
    assert f"{today} of Soha is late" not in lines
    assert f"{action} of Soha is late" not in home(scene, scene.officer)
    to(scene, action)
    assert f"{action} of Soha is late" not in home(scene, scene.manager)


@pytest.mark.parametrize("day", [dt.date(2026, 5, 2) + n * DAY for n in range(9)])
def test_list_of_what_can_go_on_agrees_with_the_rule(scene, day):
    """Over weekends and a bank holiday."""
    told = dt.date(2026, 4, 28)
    action = give(scene, due_on=told - DAY)
    to(scene, action, on=told)

    listed = can_go_on(type(action).objects.all(), day).exists()

    assert listed == (day >= add_working_days(told, 5))


def test_for_the_board_is_what_went_there_and_is_still_late(scene):
    gone, lead_only, ended = (give(scene, due=-40) for _ in range(3))
    for action in (gone, lead_only, ended):
        to(scene, action, on=scene.today - 30 * DAY)
    for action in (gone, ended):
        to(scene, action, BOARD, on=scene.today - 10 * DAY)
    ended.status, ended.outcome, ended.ended_at = "complete", "Visited", scene.now
    ended.save()

    found = for_the_board(type(gone).objects.all(), {scene.team.pk}, scene.today)

    assert [(each, each.lead_told_at) for each in found] == [(gone, at_noon(scene.today - 30 * DAY))]


def test_page_says_when_nobody_can_be_told(scene, client):
    Membership.objects.filter(user=scene.housing_lead).delete()
    scene.soha.email = ""
    scene.soha.save()
    action = give(scene, due=-1)
    client.force_login(scene.officer)
    assert "nobody there can be told by e-mail: phone them" in text_of(client.get(url(action)))

    answer = client.post(url(action), {"reason": REASON, "level": LEAD}, follow=True)

    assert "nobody at Soha could be told by e-mail. Phone them" in text_of(answer)
    assert Escalation.objects.get().told_at is None
