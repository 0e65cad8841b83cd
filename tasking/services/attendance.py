"""Who came to a meeting, for whom, and that they accepted to keep to themselves what they hear."""

import datetime as dt

from django.db import transaction

from csp.agencies.models import Partner, User
from csp.audit.services import record
from csp.core.errors import RuleBroken
from tasking.enums import AttendanceStatus, MeetingStatus
from tasking.models import Attendance, Meeting, MeetingPartner
from tasking.services.meetings import lock_meeting, tell_screens

NOTED_IN = (
    MeetingStatus.AGENDA_OPEN,
    MeetingStatus.PAPERS_OUT,
    MeetingStatus.IN_SESSION,
    MeetingStatus.MINUTES_DRAFT,
)
"""Apologies come before the meeting, corrections while the minutes are written."""


class CannotNoteAttendance(RuleBroken): ...


def has_accepted(meeting: Meeting, user: User) -> bool:
    own = Attendance.objects.filter(meeting=meeting, user=user)
    return own.came().filter(accepted_at__isnull=False).exists()


@transaction.atomic
def accept_statement(*, meeting: Meeting, by: User, at: dt.datetime) -> Attendance:
    """`by` attends and accepts the confidentiality statement. Accepted twice it keeps its first time."""
    current = lock_meeting(meeting)
    if not current.is_in_session:
        raise CannotNoteAttendance(f"{current} is not in session")
    row = current.attendance.filter(user=by).first()
    if row is not None and row.accepted_at is not None:
        return row
    if row is None:
        row = Attendance(meeting=current, user=by, name=by.name, partner=_own_seat(current, by))
    elif row.status == AttendanceStatus.APOLOGIES:
        row.status = AttendanceStatus.PRESENT
    row.accepted_at, row.noted_by, row.noted_at = at, by, at
    row.save()
    record("meeting.confidentiality_accepted", by=by, target=current, attendee=row.name)
    tell_screens(current)
    return row


def _own_seat(meeting: Meeting, user: User) -> Partner | None:
    seats = MeetingPartner.objects.filter(meeting=meeting, partner__in=user.partner_ids)
    seat = seats.select_related("partner").order_by("pk").first()
    return seat.partner if seat else None


@transaction.atomic
def note_attendance(
    *,
    meeting: Meeting,
    name: str,
    status: str,
    by: User,
    at: dt.datetime,
    partner: Partner | None = None,
    user: User | None = None,
    deputy_for: str = "",
    accepted: bool = False,
) -> Attendance:
    """Somebody in the room, or their apologies. The same person is noted once: a second time corrects it."""
    current = lock_meeting(meeting)
    if current.status not in NOTED_IN:
        raise CannotNoteAttendance(
            f"{current} is {current.get_status_display().lower()}: its attendance cannot change now"
        )
    if status == AttendanceStatus.DEPUTY and not deputy_for.strip():
        raise CannotNoteAttendance("Enter for whom they deputise")
    if status == AttendanceStatus.APOLOGIES and accepted:
        raise CannotNoteAttendance("Somebody who sends apologies does not accept the statement")
    who = {"user": user} if user else {"user": None, "name": name, "partner": partner}
    row = current.attendance.filter(**who).first() or Attendance(meeting=current, **who)
    row.name, row.partner, row.status = name, partner, status
    row.deputy_for = deputy_for if status == AttendanceStatus.DEPUTY else ""
    row.accepted_at = _accepted_at(row, accepted, at)
    row.noted_by, row.noted_at = by, at
    row.save()
    record("meeting.attendance_noted", by=by, target=current, attendee=name, status=status)
    tell_screens(current)
    return row


def _accepted_at(row: Attendance, accepted: bool, at: dt.datetime) -> dt.datetime | None:
    if row.status == AttendanceStatus.APOLOGIES:
        return None
    return row.accepted_at or (at if accepted else None)


@transaction.atomic
def take_off(*, row: Attendance, by: User, at: dt.datetime) -> None:
    """It was noted by mistake. Its history stays."""
    current = lock_meeting(row.meeting)
    if current.status not in NOTED_IN:
        raise CannotNoteAttendance(f"The attendance of {current} cannot change now")
    record("meeting.attendance_removed", by=by, target=current, attendee=row.name, status=row.status)
    row.delete()
    tell_screens(current)
