"""A meeting before it begins: another day, other agencies, or none at all."""

import dataclasses

import pytest
from django.core import mail
from django.utils import timezone

from csp.agencies.enums import Role
from csp.audit.models import Event
from csp.celery import app as celery_app
from csp.core.calendar import add_working_days
from tasking.enums import ItemKind, MeetingStatus
from tasking.models import AgendaItem, Meeting, StandingItem
from tasking.services.meeting_changes import change_meeting, details_of, prints_of, uninvite
from tasking.services.meetings import CannotChangeMeeting, cancel_meeting, invite, open_agenda
from tasking.services.tabling import CannotTable, TablingTerms, add_item, table_for
from tests.cases.together import together
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import CaseFactory, PlaceFactory
from tests.factories.tasking import MeetingFactory
from tests.tasking.series_scene import Scene, page, to

pytestmark = pytest.mark.django_db
TERMS = TablingTerms(gateway="cda_115", purpose="Tasking", necessity="They hold it", consent="not_needed")
HELD = [MeetingStatus.IN_SESSION, MeetingStatus.MINUTES_DRAFT, MeetingStatus.APPROVED]


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def meeting(scene):
    return scene.planned()


@pytest.fixture
def posted(client, monkeypatch, django_capture_on_commit_callbacks):
    """Send a form as somebody, with the e-mails that follow."""
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)

    def send(user, url, data):
        client.force_login(user)
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(url, data)

    return send


def told():
    return sorted(to for message in mail.outbox for to in message.to)


def typed(client, meeting, user, **words):
    client.force_login(user)
    form = client.get(to(meeting, "meeting_change")).context["form"]
    day, time = form["starts_at"].field.widget.decompress(meeting.starts_at)
    return {
        "starts_at_0": day,
        "starts_at_1": time,
        "minutes_long": "120",
        "venue": "",
        "join_link": "",
        "chair": "",
        "deputy": "",
        "seen": form["seen"].value(),
    } | words


def later(meeting, days=5):
    return add_working_days(meeting.day, days)


def test_another_day_moves_the_deadlines_and_tells_the_agencies(client, scene, meeting, posted):
    day = later(meeting)
    data = typed(
        client, meeting, scene.officer, starts_at_0=day.strftime("%-d %B %Y"), chair=scene.manager.pk
    )

    posted(scene.officer, to(meeting, "meeting_change"), data)

    meeting.refresh_from_db()
    assert (meeting.day, meeting.chair) == (day, scene.manager)
    assert meeting.returns_due_on == add_working_days(day, -2)
    assert told() == ["pat@police.example", "sam@soha.example"]
    assert meeting.reference in mail.outbox[0].subject
    assert to(meeting) in mail.outbox[0].body
    assert Event.objects.get(verb="meeting.changed").detail["fields"] == ["chair", "starts_at"]


def test_another_chair_is_nobodys_news(client, scene, meeting, posted):
    posted(
        scene.officer, to(meeting, "meeting_change"),
        typed(client, meeting, scene.officer, chair=scene.manager.pk),
    )  # fmt: skip

    assert mail.outbox == []


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"starts_at_0": "25 December 2028"}, "25 December 2028 is Christmas Day: choose a working day"),
        ({"starts_at_0": "1 March 2025"}, "Choose a day and time in the future"),
        ({"starts_at_1": "noonish"}, "must have a time"),
        ({"minutes_long": "5"}, "15 or more"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, scene, meeting, words, problem):
    shown = client.post(
        to(meeting, "meeting_change"), typed(client, meeting, scene.officer, venue="Town Hall", **words)
    )

    assert problem in shown.content.decode()
    assert shown.context["form"]["venue"].value() == "Town Hall"


def test_no_two_meetings_of_a_series_on_one_day(client, scene, meeting):
    other = scene.planned(12)

    shown = client.post(
        to(meeting, "meeting_change"),
        typed(client, meeting, scene.officer, starts_at_0=other.day.strftime("%-d %B %Y")),
    )

    assert f"already: {other}" in shown.content.decode()


def test_the_second_of_two_is_told_and_keeps_what_they_typed(client, scene, meeting):
    mine = typed(client, meeting, scene.officer, venue="Town Hall")
    changed = dataclasses.replace(details_of(meeting), venue="Abbey House", minutes_long=60)
    change_meeting(
        meeting=meeting, details=changed, seen=prints_of(details_of(meeting)), by=scene.manager,
        at=timezone.now(),
    )  # fmt: skip

    shown = client.post(to(meeting, "meeting_change"), mine)

    form = shown.context["form"]
    assert "Somebody else changed this meeting" in shown.content.decode()
    assert "Abbey House" in shown.content.decode()
    assert (form["venue"].value(), form["minutes_long"].value()) == ("Town Hall", 60)
    client.post(to(meeting, "meeting_change"), mine | {"seen": form["seen"].value(), "minutes_long": "60"})
    meeting.refresh_from_db()
    assert (meeting.venue, meeting.minutes_long) == ("Town Hall", 60)


def test_cancelling_says_why_and_tells_the_agencies_without_the_reason(client, scene, meeting, posted):
    url = to(meeting, "meeting_cancel")
    assert "Enter why" in posted(scene.officer, url, {"reason": ""}).content.decode()

    posted(scene.officer, url, {"reason": "The hall is flooded"})
    again = posted(scene.officer, url, {"reason": "Twice"})

    assert told() == ["pat@police.example", "sam@soha.example"]
    assert "flooded" not in mail.outbox[0].body
    assert "The hall is flooded" in page(client, scene.pc, to(meeting))
    assert "is cancelled: this cannot change now" in again.content.decode()


@pytest.mark.parametrize("status", HELD)
def test_what_has_begun_is_neither_changed_nor_cancelled(scene, status):
    held = MeetingFactory(series=scene.series, status=status)
    details = dataclasses.replace(details_of(held), venue="Elsewhere")

    with pytest.raises(CannotChangeMeeting):
        change_meeting(
            meeting=held, details=details, seen=prints_of(details_of(held)), by=scene.officer,
            at=timezone.now(),
        )  # fmt: skip
    with pytest.raises(CannotChangeMeeting):
        cancel_meeting(meeting=held, reason="x", by=scene.officer, at=timezone.now())


def test_an_agency_is_invited_and_sees_the_meeting_and_its_standing_items(client, scene, meeting, posted):
    StandingItem.objects.create(series=scene.series, title="Prevent")
    open_agenda(meeting=meeting, by=scene.officer, at=timezone.now())
    page(client, scene.nurse, to(meeting), 404)

    wrong = posted(
        scene.officer, to(meeting, "meeting_invite"), {"partner": scene.health.pk, "person": scene.pc.pk}
    )
    posted(
        scene.officer, to(meeting, "meeting_invite"), {"partner": scene.health.pk, "person": scene.nurse.pk}
    )

    assert "Choose somebody from the list" in wrong.content.decode()
    assert "Prevent" in page(client, scene.nurse, to(meeting))
    assert told() == ["nia@health.example"]
    with pytest.raises(CannotChangeMeeting, match="Health is invited already"):
        invite(meeting=meeting, partner=scene.health, person=None, by=scene.officer, at=timezone.now())


def test_somebody_of_another_agency_does_not_come_for_it(client, scene, meeting):
    fire = PartnerFactory(name="Fire", partnership=scene.team.partnership)
    user_at(fire, name="Fay Fire")
    client.force_login(scene.officer)

    shown = client.post(to(meeting, "meeting_invite"), {"partner": fire.pk, "person": scene.nurse.pk})

    assert "Nia Nurse works at Health" in shown.content.decode()


def tabled(scene, meeting, **subject):
    item = add_item(meeting=meeting, title="Garages", by=scene.officer, at=timezone.now(), **subject)
    table_for(item=item, partners=[scene.police], terms=TERMS, by=scene.officer, at=timezone.now())
    return item


def test_an_agency_taken_off_sees_neither_the_meeting_nor_what_was_shared_for_it(
    client, scene, meeting, posted
):
    StandingItem.objects.create(series=scene.series, title="Prevent")
    open_agenda(meeting=meeting, by=scene.officer, at=timezone.now())
    case = CaseFactory(lead=scene.team)
    item = tabled(scene, meeting, kind=ItemKind.CASE, case=case)
    assert AgendaItem.objects.visible_to(scene.pc).count() == 2
    url = to(meeting, "meeting_uninvite", scene.police.pk)
    assert "Take Police off" in page(client, scene.officer, url)
    assert "Enter why" in client.post(url, {"reason": " "}).content.decode()

    posted(scene.officer, url, {"reason": "They send nobody"})

    assert not AgendaItem.objects.visible_to(scene.pc).exists()
    page(client, scene.pc, to(meeting), 404)
    assert not case.shares.filter(to_partner=scene.police, ended_at=None).exists()
    assert item.shares.get(to_partner=scene.police).end_reason == "They send nobody"
    assert not meeting.invited.filter(partner=scene.police).exists()
    page(client, scene.officer, url, 404)


def test_a_return_that_was_sent_stays_on_record(client, scene, meeting):
    now = timezone.now()
    meeting.invited.filter(partner=scene.police).update(sent_at=now, sent_by=scene.pc)
    uninvite(meeting=meeting, partner=scene.police, reason="Left", by=scene.officer, at=now)

    shown = page(client, scene.officer, to(meeting))
    item = add_item(
        meeting=meeting, kind=ItemKind.PLACE, place=PlaceFactory(lead=scene.team), title="Park",
        by=scene.officer, at=now,
    )  # fmt: skip

    assert "Its return is on record" in shown
    assert meeting.invited.get(partner=scene.police).sent_at == now
    with pytest.raises(CannotTable, match="not invited"):
        table_for(item=item, partners=[scene.police], terms=TERMS, by=scene.officer, at=now)
    invite(meeting=meeting, partner=scene.police, person=None, by=scene.officer, at=now)
    page(client, scene.pc, to(meeting))


def test_the_team_that_runs_it_and_a_stranger_cannot_be_taken_off(scene, meeting):
    for partner, words in ((scene.team, "runs this meeting"), (scene.health, "is not invited")):
        with pytest.raises(CannotChangeMeeting, match=words):
            uninvite(meeting=meeting, partner=partner, reason="x", by=scene.officer, at=timezone.now())


def test_the_agenda_is_opened_once_however_often_it_is_pressed(client, scene, meeting):
    StandingItem.objects.create(series=scene.series, title="Prevent")
    assert "Open the agenda" in page(client, scene.officer, to(meeting))

    for _ in range(2):
        shown = client.post(to(meeting, "open_agenda"), follow=True).content.decode()

    meeting.refresh_from_db()
    assert "is open. Agencies can refer and answer" in shown
    assert (meeting.status, meeting.items.count()) == (MeetingStatus.AGENDA_OPEN, 1)
    assert Event.objects.filter(verb="meeting.agenda_opened").count() == 1


def test_a_cancelled_meeting_opens_no_agenda(client, scene, meeting):
    cancel_meeting(meeting=meeting, reason="x", by=scene.officer, at=timezone.now())
    client.force_login(scene.officer)

    assert "cannot become" in client.post(to(meeting, "open_agenda"), follow=True).content.decode()


def test_only_the_team_changes_it(client, scene, meeting):
    for name in ("meeting_change", "meeting_cancel", "meeting_invite"):
        page(client, scene.pc, to(meeting, name), 403)
        page(client, scene.nurse, to(meeting, name), 404)
    client.force_login(scene.pc)
    assert client.post(to(meeting, "open_agenda")).status_code == 403
    assert Meeting.objects.get().status == MeetingStatus.PLANNED


def test_nobody_is_written_to_who_left(scene, meeting, posted):
    scene.pc.is_active = False
    scene.pc.save()
    lead = user_at(scene.police, Role.AGENCY_LEAD, email="lead@police.example")

    posted(scene.officer, to(meeting, "meeting_cancel"), {"reason": "Flood"})

    assert told() == sorted([lead.email, "sam@soha.example"])


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_invites_and_the_other_is_told():
    scene = Scene()
    meeting = scene.planned()

    def ask():
        return invite(meeting=meeting, partner=scene.health, person=None, by=scene.officer, at=timezone.now())

    done, refused = together(ask, ask)

    assert (len(done), [str(each) for each in refused]) == (1, ["Health is invited already"])
