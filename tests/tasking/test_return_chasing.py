"""Who has returned what, and reminding those who have not: once a day at most, without personal data."""

import datetime as dt

import pytest
import time_machine
from django.core import mail

from csp.audit.models import Event
from csp.celery import app
from csp.core.calendar import LONDON, add_working_days, local_day
from tasking.enums import MeetingStatus
from tasking.models import MeetingPartner
from tasking.navigation.returns import next_meeting, return_needs
from tasking.services import return_chasing
from tasking.services.returns import Typed, discard_old_drafts, save_typed, send_return
from tasking.services.returns_in import returns_of
from tasking.tasks import chase_returns
from tests.counting import queries_of
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, PlaceFactory
from tests.factories.tasking import AgendaItemFactory, ItemAnswerFactory, MeetingFactory
from tests.tasking.returns import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture(autouse=True)
def tasks_run_at_once():
    before = app.conf.task_always_eager, app.conf.task_eager_propagates
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager, app.conf.task_eager_propagates = before


@pytest.fixture
def scene():
    return Scene()


def morning(day):
    return dt.datetime.combine(day, dt.time(8, 20), tzinfo=LONDON)


def run_beat(at):
    with time_machine.travel(at, tick=False):
        chase_returns()


def test_beat_reminds_on_the_day_it_is_due_and_once_when_it_is_late(scene):
    due = scene.meeting.returns_due_on
    run_beat(morning(add_working_days(due, -1)))
    assert mail.outbox == []

    for day in (due, due, add_working_days(due, 1), add_working_days(due, 1)):
        run_beat(morning(day))

    assert [(each.to, each.subject.split(":")[0]) for each in mail.outbox] == [
        (["ann@soha.example"], "Your return is wanted"),
        (["bob@soha.example"], "Your return is wanted"),
        (["ann@soha.example"], "Your return is late"),
        (["bob@soha.example"], "Your return is late"),
    ]
    assert Event.objects.filter(verb="return.chased", partner=scene.housing).count() == 2


def test_the_message_holds_no_personal_data(scene):
    run_beat(morning(scene.meeting.returns_due_on))

    message = mail.outbox[0]
    said = message.subject + message.body
    assert scene.meeting.reference in said
    assert scene.url() in said
    for word in ("Towpath", scene.item.reference, scene.action.reference, "Visit the tenant", "Ann"):
        assert word not in said


@pytest.mark.parametrize("state", ["sent", "begun", "asked nothing"])
def test_nobody_is_chased_for_nothing(scene, state):
    if state == "sent":
        MeetingPartner.objects.update(sent_at=NOON)
    elif state == "begun":
        type(scene.meeting).objects.update(status=MeetingStatus.IN_SESSION, begun_at=NOON)
    else:
        scene.item.permission_rows.all().delete()
        type(scene.action).objects.all().update(due_on=scene.meeting.day + dt.timedelta(days=1))

    run_beat(morning(scene.meeting.returns_due_on))

    assert mail.outbox == []


def test_who_comes_is_told_else_the_mailbox_else_everybody(scene):
    day = local_day(NOON)
    assert return_chasing.whom_to_tell(scene.seat, day) == ["ann@soha.example", "bob@soha.example"]
    scene.seat.partner.email = "asb@soha.example"
    assert return_chasing.whom_to_tell(scene.seat, day) == ["asb@soha.example"]
    scene.seat.person = scene.bob
    assert return_chasing.whom_to_tell(scene.seat, day) == ["bob@soha.example"]
    scene.seat.person = scene.pc  # does not work there
    assert return_chasing.whom_to_tell(scene.seat, day) == ["asb@soha.example"]


def test_the_chair_chases_once_a_day(client, scene, django_capture_on_commit_callbacks):
    client.force_login(scene.officer)
    for words in ("Reminded: Soha", "was reminded today already"):
        with django_capture_on_commit_callbacks(execute=True):
            page = client.post(scene.url("returns_chase"), follow=True)
        assert words in page.content.decode()

    assert len(mail.outbox) == 2
    assert Event.objects.get(verb="return.chased").actor == scene.officer


def test_chasing_without_a_missing_return_says_so(client, scene):
    MeetingPartner.objects.update(sent_at=NOON)
    client.force_login(scene.officer)

    page = client.post(scene.url("returns_chase"), follow=True)

    assert "No return is missing" in page.content.decode()
    assert mail.outbox == []


def states(scene, user=None, at=NOON):
    seats = returns_of(scene.meeting, user or scene.officer, at).seats
    return {str(each.seat.partner): each.state for each in seats}


def test_the_chair_sees_how_far_each_agency_is(scene):
    assert states(scene) == {"Police": "nothing", "Soha": "waiting"}
    card = scene.cards().items[0]
    values = card.values | {"known": "nothing"}
    save_typed(seat=scene.seat, typed={card.key: Typed(values, card.seen)}, by=scene.ann, at=NOON)
    assert states(scene)["Soha"] == "started"
    assert states(scene, at=NOON + dt.timedelta(days=30))["Soha"] == "late"
    type(scene.action).objects.update(due_on=scene.meeting.day + dt.timedelta(days=1))
    cards = scene.cards()
    marks = {each.key: each.seen for each in cards.all}
    send_return(seat=scene.seat, seen=marks, answers={card.key: values}, by=scene.ann, at=NOON)
    assert states(scene)["Soha"] == "sent"
    scene.tabled("Car park", scene.housing)
    assert states(scene)["Soha"] == "incomplete"


def test_the_overview_shows_what_was_said_and_who_is_missing(client, scene):
    ItemAnswerFactory(item=scene.item, seat=scene.seat, known="known", risks="Knife seen")
    client.force_login(scene.officer)

    assert "Knife seen" not in client.get(scene.url("returns")).content.decode()
    MeetingPartner.objects.filter(pk=scene.seat.pk).update(sent_at=NOON)
    scene.tabled("Car park", scene.police)
    page = client.get(scene.url("returns")).content.decode()

    assert "Knife seen" in page
    assert "1 of 2 returns in" in page


def test_a_restricted_item_is_in_no_count_of_somebody_who_is_not_named(client, scene):
    case = CaseFactory(
        lead=scene.team, restricted=True, restricted_because="Her brother works here", title="Hidden matter"
    )
    AgendaItemFactory(
        meeting=scene.meeting, kind="case", case=case, title="Hidden matter", open_to=[scene.housing]
    )
    for user, name in ((scene.officer, "returns"), (scene.ann, "return")):
        client.force_login(user)
        assert "Hidden matter" not in client.get(scene.url(name)).content.decode()
    asked = returns_of(scene.meeting, scene.officer, NOON).seats[1].asked
    assert len(asked.items) == 1


def test_the_overview_costs_the_same_however_much_came_in(client, scene):
    client.force_login(scene.officer)
    client.get(scene.url("returns"))
    few = len(queries_of(lambda: client.get(scene.url("returns"))))
    for number in range(4):
        partner = PartnerFactory(partnership=scene.team.partnership)
        seat = MeetingPartner.objects.create(
            meeting=scene.meeting, partner=partner, sent_at=NOON, sent_by=user_at(partner)
        )
        ItemAnswerFactory(item=scene.tabled(f"Item {number}", partner), seat=seat, known="known")

    assert len(queries_of(lambda: client.get(scene.url("returns")))) == few


def needs(scene, user):
    return [need.title for need in return_needs(user, scene.team.partnership, NOON)]


def test_home_says_what_waits_for_an_agency(scene):
    assert needs(scene, scene.ann) == ["Tasking in 5 working days: 1 action and 1 item wait for your answer"]
    assert needs(scene, scene.officer) == []
    assert needs(scene, scene.pc) == []
    ItemAnswerFactory(item=scene.item, seat=scene.seat, known="known")
    assert needs(scene, scene.ann) == ["Tasking in 5 working days: 1 action waits for your answer"]
    type(scene.action).objects.update(due_on=scene.meeting.day + dt.timedelta(days=1))
    assert needs(scene, scene.ann) == ["Tasking in 5 working days: everything is answered. Send it"]
    MeetingPartner.objects.update(sent_at=NOON)
    assert needs(scene, scene.ann) == []


def test_home_costs_the_same_for_many_meetings(scene):
    few = len(queries_of(lambda: needs(scene, scene.ann)))
    for _ in range(3):
        meeting = MeetingFactory(series=scene.series, invite=[scene.housing])
        place = PlaceFactory(lead=scene.team)
        AgendaItemFactory(meeting=meeting, kind="place", place=place, open_to=[scene.housing])

    assert len(needs(scene, scene.ann)) == 4
    assert len(queries_of(lambda: needs(scene, scene.ann))) == few


def test_home_shows_the_next_meeting(scene):
    panel = next_meeting(scene.officer, scene.team.partnership, NOON)
    assert (panel.context["sent"], panel.context["invited"], panel.context["runs"]) == (0, 1, True)
    assert next_meeting(scene.ann, scene.team.partnership, NOON).context["runs"] is False
    outside = user_at(PartnerFactory(partnership=scene.team.partnership))
    assert next_meeting(outside, scene.team.partnership, NOON) is None


def test_words_that_were_never_sent_go_a_month_after_the_meeting(scene):
    card = scene.cards().items[0]
    typed = {card.key: Typed(card.values | {"risks": "A knife"}, card.seen)}
    save_typed(seat=scene.seat, typed=typed, by=scene.ann, at=NOON)
    month = scene.meeting.starts_at + dt.timedelta(days=30)

    assert discard_old_drafts(at=month) == 0
    assert discard_old_drafts(at=month + dt.timedelta(seconds=1)) == 1
