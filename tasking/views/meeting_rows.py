"""A meeting as a line of a list: when it is, how it stands, and what it wants of the reader."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from csp.agencies.models import User
from csp.core.calendar import local_day
from csp.core.words import date_words
from tasking.enums import MeetingStatus
from tasking.models import Meeting

THIS_WEEK = 6


@dataclass(frozen=True)
class MeetingRow:
    meeting: Meeting
    wants: str
    late: bool


def rows_of(meetings: Iterable[Meeting], user: User, at: dt.datetime) -> list[MeetingRow]:
    """The meetings come with `with_returns`."""
    today = local_day(at)
    return [row_of(each, user, today) for each in meetings]


def row_of(meeting: Meeting, user: User, today: dt.date) -> MeetingRow:
    runs = meeting.lead_id in user.partner_ids
    if meeting.is_prepared:
        return returns_row(meeting, today, runs=runs)
    if meeting.status == MeetingStatus.MINUTES_DRAFT and runs:
        late = meeting.minutes_due_on < today
        return MeetingRow(meeting, f"Minutes {due_words(meeting.minutes_due_on, today)}", late)
    return MeetingRow(meeting, "", late=False)


def returns_row(meeting: Meeting, today: dt.date, *, runs: bool) -> MeetingRow:
    due, late = due_words(meeting.returns_due_on, today), meeting.returns_due_on < today
    told: MeetingReturns = meeting  # type: ignore[assignment]  # by `with_returns`
    if runs and told.returns_owed:
        missing = told.returns_in < told.returns_owed
        words = f"{told.returns_in} of {told.returns_owed} returns in"
        return MeetingRow(meeting, f"{words}, {due}" if missing else words, late and missing)
    if told.owes_return:
        return MeetingRow(meeting, f"Your return {due}", late)
    return MeetingRow(meeting, "Your return is sent" if told.sent_return else "", late=False)


class MeetingReturns(Meeting):
    """What `with_returns` adds."""

    returns_owed: int
    returns_in: int
    owes_return: bool
    sent_return: bool

    class Meta:
        abstract = True


def due_words(day: dt.date, today: dt.date) -> str:
    """due today, due tomorrow, due Thursday, due 3 September 2026, was due 3 September 2026"""
    ahead = (day - today).days
    if ahead < 0:
        return f"was due {date_words(day)}"
    if ahead <= 1:
        return "due tomorrow" if ahead else "due today"
    return f"due {day:%A}" if ahead <= THIS_WEEK else f"due {date_words(day)}"
