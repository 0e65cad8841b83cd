"""A meeting as a line of a list: when it is, how it stands, and what it wants of the reader."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from csp.agencies.models import User
from csp.core.calendar import local_day
from csp.core.text import count
from csp.core.words import date_words
from tasking.enums import MeetingStatus
from tasking.models import Meeting
from tasking.models.asked import Asked
from tasking.services.standings import Standing, standings

THIS_WEEK = 6


@dataclass(frozen=True)
class MeetingRow:
    meeting: Meeting
    wants: str = ""
    late: bool = False


def rows_of(meetings: Sequence[Meeting], user: User, at: dt.datetime) -> list[MeetingRow]:
    told, today = standings(meetings, user), local_day(at)
    return [row_of(each, told.get(each.pk), user, today) for each in meetings]


def row_of(meeting: Meeting, standing: Standing | None, user: User, today: dt.date) -> MeetingRow:
    runs = meeting.lead_id in user.partner_ids
    if standing is not None:
        late = meeting.returns_due_on < today
        due = due_words(meeting.returns_due_on, today)
        return (
            returns_row(meeting, standing, due, late) if runs else own_row(meeting, standing.own, due, late)
        )
    if meeting.status == MeetingStatus.MINUTES_DRAFT and runs:
        late = meeting.minutes_due_on < today
        return MeetingRow(meeting, f"Minutes: {due_words(meeting.minutes_due_on, today)}", late)
    return MeetingRow(meeting)


def returns_row(meeting: Meeting, standing: Standing, due: str, late: bool) -> MeetingRow:
    if not standing.owed:
        return MeetingRow(meeting, "No agency is asked anything yet")
    words = f"{standing.sent} of {count(standing.owed, 'return')} in"
    if standing.sent == standing.owed:
        return MeetingRow(meeting, words)
    return MeetingRow(meeting, f"{words}, {due}", late)


def own_row(meeting: Meeting, own: Asked | None, due: str, late: bool) -> MeetingRow:
    if own is None:
        return MeetingRow(meeting)
    if own.seat.sent_at is not None:
        more = f". {count(own.waiting, 'more answer')} asked of you since" if own.waiting else ""
        return MeetingRow(meeting, f"Your return is sent{more}")
    return MeetingRow(meeting, f"Your return: {due}", late) if own.asks_anything else MeetingRow(meeting)


def due_words(day: dt.date, today: dt.date) -> str:
    """due today, due tomorrow, due Thursday, due 3 September 2026, was due 3 September 2026"""
    ahead = (day - today).days
    if ahead < 0:
        return f"was due {date_words(day)}"
    if ahead <= 1:
        return "due tomorrow" if ahead else "due today"
    return f"due {day:%A}" if ahead <= THIS_WEEK else f"due {date_words(day)}"
