"""Who is in the room: people of the agencies, deputies, apologies and guests."""

import pytest
from django.urls import reverse

from csp.audit.models import Event
from csp.core.errors import RuleBroken
from tasking.enums import AttendanceStatus, MeetingStatus
from tasking.models import Attendance, MeetingPartner
from tasking.services import attendance, session
from tests.factories.cases import NOON
from tests.tasking.session_room import Room, a_room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return a_room()


@pytest.fixture
def desk(client, room):
    client.force_login(room.officer)
    return client


def url(room, name="attendance", *args):
    return reverse(f"meetings:{name}", args=[room.meeting.reference, *args])


def text_of(answer):
    return " ".join(answer.content.decode().split())


def seat_of(user):
    return str(user.seats[0].pk)


def note(room, **fields):
    given = {"meeting": room.meeting, "name": "Gita Guest", "status": AttendanceStatus.PRESENT}
    return attendance.note_attendance(**given | {"by": room.officer, "at": NOON} | fields)


def test_person_of_an_invited_agency_is_noted(desk, room):
    shown = desk.post(url(room), {"person": seat_of(room.landlord), "status": "present"}, follow=True)
    row = Attendance.objects.get()
    assert (row.user, row.partner, row.name) == (room.landlord, room.housing, room.landlord.name)
    assert row.accepted_at is None
    assert "has not accepted the statement" in text_of(shown)
    assert Event.objects.filter(verb="meeting.attendance_noted").count() == 1


def test_deputy_says_for_whom_and_what_was_typed_is_kept(desk, room):
    fields = {"name": "Dee Deputy", "partner": room.housing.pk, "status": "deputy"}
    shown = text_of(desk.post(url(room), fields))
    assert "Enter for whom they deputise" in shown
    assert "Dee Deputy" in shown
    desk.post(url(room), fields | {"deputy_for": "Hari Housing", "accepted": "on"})
    row = Attendance.objects.get()
    assert (row.name, row.deputy_for, row.user) == ("Dee Deputy", "Hari Housing", None)
    assert row.accepted_at is not None


def test_form_without_anybody_is_refused(desk, room):
    assert "Select the person, or enter the name" in text_of(desk.post(url(room), {"status": "present"}))


def test_apologies_accept_nothing(desk, room):
    shown = desk.post(url(room), {"name": "Gita", "status": "apologies", "accepted": "on"})
    assert "does not accept the statement" in text_of(shown)
    with pytest.raises(RuleBroken, match="does not accept"):
        note(room, status=AttendanceStatus.APOLOGIES, accepted=True)
    with pytest.raises(RuleBroken, match="for whom"):
        note(room, status=AttendanceStatus.DEPUTY)


def test_same_person_noted_twice_is_corrected(room):
    note(room, user=room.landlord, name="Hari", partner=room.housing)
    note(room, user=room.landlord, name="Hari", partner=room.housing, status="apologies")
    note(room)
    note(room)
    assert sorted(Attendance.objects.values_list("name", "status")) == [
        ("Gita Guest", "present"), ("Hari", "apologies"),
    ]  # fmt: skip


def test_who_sent_apologies_and_comes_after_all_is_present(room):
    note(room, user=room.landlord, name="Hari", partner=room.housing, status="apologies")
    room.accept(room.landlord)
    room.accept(room.landlord)
    row = Attendance.objects.get()
    assert (row.status, row.accepted_at) == ("present", NOON)
    assert Event.objects.filter(verb="meeting.confidentiality_accepted").count() == 1


def test_apologies_after_accepting_close_the_session_again(room):
    room.accept(room.landlord)
    assert attendance.has_accepted(room.meeting, room.landlord)
    note(room, user=room.landlord, name="Hari", partner=room.housing, status="apologies")
    assert not attendance.has_accepted(room.meeting, room.landlord)


def test_statement_read_out_is_noted_for_who_has_no_screen(desk, room):
    row = note(room)
    desk.post(url(room, "attendance_accepted", row.pk))
    assert Attendance.objects.get().accepted_at is not None


def test_row_is_taken_off_once(desk, room):
    row = note(room)
    for _ in range(2):
        assert desk.post(url(room, "attendance_remove", row.pk)).status_code == 302
    assert not Attendance.objects.exists()
    assert Event.objects.filter(verb="meeting.attendance_removed").count() == 1


def test_who_usually_comes_is_expected_until_noted(desk, room):
    MeetingPartner.objects.filter(meeting=room.meeting, partner=room.housing).update(person=room.landlord)
    assert f'Attending<span class="govuk-visually-hidden">: {room.landlord}' in text_of(desk.get(url(room)))
    note(room, user=room.landlord, name=room.landlord.name, partner=room.housing)
    assert "Expected" not in text_of(desk.get(url(room)))


@pytest.mark.parametrize("status", [MeetingStatus.PLANNED, MeetingStatus.APPROVED])
def test_attendance_rests_before_the_agenda_and_after_approval(room, status):
    times = (
        {"begun_at": None} if status == MeetingStatus.PLANNED else {"closed_at": NOON, "approved_at": NOON}
    )
    row = note(room)
    type(room.meeting).objects.filter(pk=room.meeting.pk).update(status=status, **times)
    with pytest.raises(RuleBroken, match="cannot change now"):
        note(room)
    with pytest.raises(RuleBroken, match="cannot change now"):
        attendance.take_off(row=row, by=room.officer, at=NOON)


def test_statement_is_accepted_only_while_the_meeting_is_held(room):
    type(room.meeting).objects.filter(pk=room.meeting.pk).update(
        status=MeetingStatus.PAPERS_OUT, begun_at=None
    )
    with pytest.raises(RuleBroken, match="not in session"):
        room.accept(room.landlord)


def test_who_writes_it_up_afterwards_is_not_noted_as_there(desk, room):
    session.end(meeting=room.meeting, endings={}, by=room.officer, at=NOON)

    page = desk.get(url(room, "session"), {"item": room.item.reference})

    assert page.context["form"] is not None
    with pytest.raises(RuleBroken):
        room.accept(room.officer)
    assert not Attendance.objects.exists()


def test_attendance_is_the_teams_to_note(client, room):
    row = note(room)
    client.force_login(room.landlord)
    assert client.get(url(room)).status_code == 403
    for name in ("attendance_accepted", "attendance_remove"):
        assert client.post(url(room, name, row.pk)).status_code == 403
