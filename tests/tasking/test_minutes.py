"""The minutes: drafted from what was noted, worded, approved, and then left as they are."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from cases.services.prints import ChangedMeanwhile, prints
from csp.agencies.enums import Role
from csp.audit.models import Event
from csp.celery import app as celery_app
from tasking.enums import ItemKind, ItemStatus, MeetingStatus
from tasking.services import minutes
from tasking.services.attendance import note_attendance
from tasking.services.item_notes import CannotNote, Notes, save_notes
from tasking.services.minutes import CannotWriteMinutes
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import CaseFactory, PlaceFactory
from tests.factories.tasking import AgendaItemFactory, MeetingFactory, SeriesFactory


@pytest.fixture
def scene(db):
    team = PartnerFactory(receiving=True, name="Community Safety")
    soha = PartnerFactory(partnership=team.partnership, name="Soha", email="soha@demo.example")
    meeting = MeetingFactory(
        series=SeriesFactory(lead=team), status=MeetingStatus.MINUTES_DRAFT, invite=[soha]
    )
    item = AgendaItemFactory(
        meeting=meeting, kind=ItemKind.PLACE, place=PlaceFactory(lead=team), title="Towpath",
        discussion="The bikes were heard again.", open_to=[soha],
    )  # fmt: skip
    return {
        "team": team,
        "soha": soha,
        "meeting": meeting,
        "item": item,
        "manager": user_at(team, Role.MANAGER),
        "officer": user_at(team, Role.OFFICER),
        "housing": user_at(soha, Role.PRACTITIONER),
    }


def seen(words):
    return prints({"text": words})


def page(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(name, args=args))


def test_minute_begins_as_the_note_taken(scene, client):
    answer = page(client, scene["officer"], "meetings:minutes", scene["meeting"].reference)

    assert "The bikes were heard again." in answer.content.decode()


def test_agency_reads_nothing_of_a_draft(scene, client):
    answer = page(client, scene["housing"], "meetings:minutes", scene["meeting"].reference)

    assert "The bikes were heard again." not in answer.content.decode()
    assert "no minutes to read yet" in answer.content.decode()


def test_agency_reads_its_part_once_approved(scene, client):
    AgendaItemFactory(meeting=scene["meeting"], title="Not for Soha", discussion="A secret plan")
    minutes.approve_minutes(meeting=scene["meeting"], by=scene["manager"], at=timezone.now())

    words = page(client, scene["housing"], "meetings:minutes", scene["meeting"].reference).content.decode()

    assert "The bikes were heard again." in words
    assert "Not for Soha" not in words
    assert "A secret plan" not in words


def test_item_of_a_restricted_case_is_in_nobodys_minutes_but_the_named(scene, client):
    case = CaseFactory(lead=scene["team"], restricted=True, restricted_because="A colleague is in it")
    AgendaItemFactory(
        meeting=scene["meeting"],
        kind=ItemKind.CASE,
        case=case,
        title="Operation Teal",
        open_to=[scene["soha"]],
    )
    minutes.approve_minutes(meeting=scene["meeting"], by=scene["manager"], at=timezone.now())

    for person in ("officer", "housing"):
        answer = page(client, scene[person], "meetings:minutes", scene["meeting"].reference)
        assert "Operation Teal" not in answer.content.decode()


def test_minute_is_worded_anew(scene, client):
    client.force_login(scene["officer"])
    url = reverse("meetings:minute_edit", args=[scene["item"].reference])

    answer = client.post(url, {"text": "Bikes raced.", "seen": json.dumps(seen(scene["item"].discussion))})

    scene["item"].refresh_from_db()
    assert answer.status_code == 302
    assert scene["item"].minute == "Bikes raced."
    assert scene["item"].discussion == "The bikes were heard again."


def test_second_of_two_writers_is_told_and_keeps_their_words(scene, client):
    item, officer = scene["item"], scene["officer"]
    minutes.write_minute(
        item=item, text="First words", seen=seen(item.discussion), by=officer, at=timezone.now()
    )
    client.force_login(scene["manager"])
    url = reverse("meetings:minute_edit", args=[item.reference])
    sent = {"text": "Second words", "seen": json.dumps(seen(item.discussion))}

    answer = client.post(url, sent).content.decode()

    item.refresh_from_db()
    assert item.minute == "First words"
    assert "First words" in answer
    assert "Second words" in answer


def test_opening_is_written_once_by_two(scene):
    meeting, at = scene["meeting"], timezone.now()
    minutes.write_opening(meeting=meeting, text="Welcome", seen=seen(""), by=scene["officer"], at=at)

    with pytest.raises(ChangedMeanwhile):
        minutes.write_opening(meeting=meeting, text="Hello", seen=seen(""), by=scene["manager"], at=at)


@pytest.mark.parametrize("role", ["officer", "housing"])
def test_only_the_chair_a_deputy_or_a_manager_approves(scene, client, role):
    client.force_login(scene[role])

    answer = client.post(reverse("meetings:minutes_approve", args=[scene["meeting"].reference]))

    scene["meeting"].refresh_from_db()
    assert answer.status_code == 403
    assert not scene["meeting"].is_approved


def test_chair_approves(scene, client):
    scene["meeting"].chair = scene["officer"]
    scene["meeting"].save(update_fields=["chair"])
    client.force_login(scene["officer"])

    client.post(reverse("meetings:minutes_approve", args=[scene["meeting"].reference]))

    scene["meeting"].refresh_from_db()
    assert scene["meeting"].approved_by == scene["officer"]


def test_approving_twice_is_approving_once(scene):
    for _ in range(2):
        minutes.approve_minutes(meeting=scene["meeting"], by=scene["manager"], at=timezone.now())

    assert Event.objects.filter(verb="meeting.minutes_approved").count() == 1


def test_note_becomes_the_minute_when_approved(scene):
    minutes.approve_minutes(meeting=scene["meeting"], by=scene["manager"], at=timezone.now())

    scene["item"].refresh_from_db()
    assert scene["item"].minute == "The bikes were heard again."


def test_approved_minutes_stay_as_they_are(scene):
    meeting, item, by, at = scene["meeting"], scene["item"], scene["manager"], timezone.now()
    minutes.approve_minutes(meeting=meeting, by=by, at=at)
    for change in (
        lambda: minutes.write_minute(item=item, text="Other", seen={}, by=by, at=at),
        lambda: minutes.write_opening(meeting=meeting, text="Other", seen={}, by=by, at=at),
        lambda: save_notes(item=item, notes=Notes(decision="Other"), seen={}, by=by, at=at),
    ):
        with pytest.raises((CannotWriteMinutes, CannotNote)):
            change()


def test_minutes_of_a_meeting_that_goes_on_are_not_approved(scene):
    going_on = MeetingFactory(series=scene["meeting"].series, status=MeetingStatus.IN_SESSION)

    with pytest.raises(CannotWriteMinutes, match="has not ended"):
        minutes.approve_minutes(meeting=going_on, by=scene["manager"], at=timezone.now())


def test_agencies_are_told_without_a_word_of_it(scene, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)

    with django_capture_on_commit_callbacks(execute=True):
        minutes.approve_minutes(meeting=scene["meeting"], by=scene["manager"], at=timezone.now())

    (message,) = mail.outbox
    assert message.to == ["soha@demo.example"]
    assert scene["meeting"].reference in message.subject
    assert "Towpath" not in message.subject + message.body


def test_attendance_is_in_the_minutes(scene, client):
    note_attendance(
        meeting=scene["meeting"], partner=scene["soha"], user=scene["housing"], name=scene["housing"].name,
        status="apologies", by=scene["officer"], at=timezone.now(),
    )  # fmt: skip

    answer = page(client, scene["officer"], "meetings:minutes", scene["meeting"].reference)

    assert scene["housing"].name in answer.content.decode()


def test_what_stays_goes_to_the_next_agenda_that_is_open_already(scene):
    scene["item"].status = ItemStatus.STAYS
    scene["item"].save()
    series, starts_at = scene["meeting"].series, scene["meeting"].starts_at
    following = MeetingFactory(
        series=series, status=MeetingStatus.AGENDA_OPEN, starts_at=starts_at + timedelta(days=28)
    )
    planned = MeetingFactory(
        series=series, status=MeetingStatus.PLANNED, starts_at=starts_at + timedelta(days=56)
    )

    minutes.approve_minutes(meeting=scene["meeting"], by=scene["manager"], at=timezone.now())

    assert following.items.get().previous == scene["item"]
    assert not planned.items.exists()
