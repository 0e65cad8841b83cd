"""The one thing that a reader of a meeting's page will most likely do next."""

import datetime as dt
from dataclasses import dataclass

from tasking.enums import MeetingStatus
from tasking.views.meeting_shell import MeetingShell


@dataclass(frozen=True)
class Step:
    """`posts`: it changes something, so it is a form and no link."""

    label: str
    url_name: str
    posts: bool = False


OPEN_AGENDA = Step("Open the agenda", "meetings:open_agenda", posts=True)
ARRANGE = Step("Prepare the agenda", "meetings:agenda")
READ_AGENDA = Step("Read the agenda", "meetings:agenda")
BEGIN = Step("Begin the meeting", "meetings:session")
RUN = Step("Go on with the meeting", "meetings:session")
FOLLOW = Step("Follow the meeting", "meetings:session")
ANSWER = Step("Answer what is asked of you", "meetings:return")
SOON = dt.timedelta(hours=1)
PAPERS = Step("Read the papers", "meetings:packs")
WRITE_UP = Step("Write up the minutes", "meetings:minutes")
READ_MINUTES = Step("Read the minutes", "meetings:minutes")


def next_step(shell: MeetingShell) -> Step | None:
    """None where there is nothing to do, such as on a meeting that was cancelled."""
    if shell.meeting.status == MeetingStatus.CANCELLED:
        return None
    if shell.meeting.status == MeetingStatus.APPROVED:
        return READ_MINUTES
    return of_team(shell) if shell.runs else of_agency(shell)


def of_team(shell: MeetingShell) -> Step | None:
    meeting = shell.meeting
    if meeting.status == MeetingStatus.PLANNED:
        return OPEN_AGENDA
    if meeting.is_in_session:
        return RUN
    if meeting.is_prepared:
        return BEGIN if meeting.starts_at - shell.at <= SOON else ARRANGE
    return WRITE_UP


def of_agency(shell: MeetingShell) -> Step | None:
    meeting = shell.meeting
    if meeting.is_in_session:
        return FOLLOW
    if not meeting.is_prepared:
        return None
    if shell.seat is not None and shell.seat.sent_at is None:
        return ANSWER
    return PAPERS if meeting.status == MeetingStatus.PAPERS_OUT else READ_AGENDA
