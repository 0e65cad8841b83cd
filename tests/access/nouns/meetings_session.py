"""The session of a meeting that is held. All but health, who is not invited, have accepted the statement.

`closed_item` of it is for housing alone. Another meeting has not begun, and another is held of which nobody
accepted the statement.
"""

from tasking.enums import ItemKind, MeetingStatus
from tasking.models import Attendance
from tests.access.roles import TEAM
from tests.factories.cases import PlaceFactory
from tests.factories.tasking import AgendaItemFactory, MeetingFactory

TABLE = """
== Meetings: in session
meetings:session                     GET  ok  ok  ok  ok  --  ok  --  --  --  --  --  in
meetings:session_state               GET  ok  ok  ok  ok  --  ok  --  --  --  --  --  in
meetings:session_begin               POST ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:session_accept              POST ok  ok  ok  ok  --  ok  --  --  --  --  --  in
meetings:session_end                 GET  ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:session_end                 POST >>  >>  no  no  --  no  --  --  --  --  --  in
meetings:session_show                POST >>  >>  no  no  --  no  --  --  --  --  --  in
meetings:session_save                POST ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:session_action              POST ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:attendance                  GET  ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:attendance                  POST ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:attendance_accepted         POST >>  >>  no  no  --  no  --  --  --  --  --  in
meetings:attendance_remove           POST >>  >>  no  no  --  no  --  --  --  --  --  in
"""
CLOSED_TITLE = "Operation Goosander"
DISCUSSION = "the tenant of the end flat was named aloud"
ATTENDEES = ("officer", "manager", "police", "housing", "lead")


def of_session(world):
    return [world.session_meeting.reference]


def of_item(world):
    return [world.session_meeting.reference, world.session_item.reference]


def of_row(world):
    return [world.session_meeting.reference, world.guest_row.pk]


ARGUMENTS = {
    "meetings:session": of_session,
    "meetings:session_state": of_session,
    "meetings:session_begin": lambda world: [world.meeting.reference],
    "meetings:session_accept": lambda world: [world.unaccepted_meeting.reference],
    "meetings:session_end": lambda world: [world.quiet_meeting.reference],
    "meetings:session_show": of_item,
    "meetings:session_save": of_item,
    "meetings:session_action": of_item,
    "meetings:attendance": of_session,
    "meetings:attendance_accepted": of_row,
    "meetings:attendance_remove": of_row,
}
POSTED = {"meetings:session_save": lambda _world: {"discussion": "Spoken of"}}
MAY_READ = {
    CLOSED_TITLE: frozenset(TEAM | {"housing", "lead"}),
    DISCUSSION: frozenset(TEAM | {"housing", "lead"}),
}


def records(world):
    police, housing = world.partners["police"], world.partners["housing"]
    meeting = world.session_meeting
    closed = AgendaItemFactory(
        meeting=meeting, kind=ItemKind.PLACE, place=PlaceFactory(lead=world.team), title=CLOSED_TITLE,
        closed=True, discussion=DISCUSSION, open_to=[housing],
    )  # fmt: skip
    meeting.current_item = closed
    meeting.save(update_fields=["current_item"])
    for role in ATTENDEES:
        accepted(meeting, world.users[role], world.now)
    held = {"series": world.series, "invite": [police, housing], "status": MeetingStatus.IN_SESSION}
    return {
        "closed_item": closed,
        "guest_row": Attendance.objects.create(meeting=meeting, name="Gita Guest", noted_at=world.now),
        "unaccepted_meeting": MeetingFactory(**held),
        "quiet_meeting": MeetingFactory(**held),
    }


def accepted(meeting, user, at):
    partner = user.seats[0].partner
    Attendance.objects.create(
        meeting=meeting, user=user, name=user.name, partner=partner, accepted_at=at, noted_at=at
    )


def grow(world, number):
    Attendance.objects.create(
        meeting=world.session_meeting, name=f"Guest {number}", noted_at=world.now, partner=world.team
    )


PAGES = """
officer meetings:session
housing meetings:session
police  meetings:session
officer meetings:attendance
officer meetings:session_end
"""
READING = {"agendaitem.viewed"}
