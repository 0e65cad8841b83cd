"""The minutes of a meeting: drafted from what was recorded, put in order, and approved by the chair."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from cases.services.prints import prints, refuse_unseen
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.errors import RuleBroken
from tasking import tasks
from tasking.enums import MeetingStatus
from tasking.models import AgendaItem, Meeting
from tasking.services.carrying import carry_over
from tasking.services.meetings import lock_meeting, tell_screens


class CannotWriteMinutes(RuleBroken): ...


def must_be_draft(meeting: Meeting) -> None:
    if meeting.is_approved:
        raise CannotWriteMinutes(
            f"The minutes of {meeting} are approved and stay as they are. Put a correction on the next agenda"
        )
    if meeting.status != MeetingStatus.MINUTES_DRAFT:
        raise CannotWriteMinutes(f"{meeting} has not ended yet: its minutes are written after it")


@transaction.atomic
def write_minute(
    *, item: AgendaItem, text: str, seen: Mapping[str, str], by: User, at: dt.datetime
) -> AgendaItem:
    """What the minutes say of an item in place of the note that was taken; empty, the note stands again.

    `seen` is the print of what was there before. Raises `CannotWriteMinutes`, `ChangedMeanwhile`.
    """
    meeting = lock_meeting(item.meeting)
    must_be_draft(meeting)
    current = AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    refuse_unseen(prints({"text": current.minute_words}), seen, current.minute_words, "minute")
    if text == current.minute_words:
        return current
    current.minute = text
    current.version += 1
    current.save(update_fields=["minute", "version"])
    record("agenda_item.minuted", by=by, target=current, meeting=meeting.reference)
    tell_screens(meeting)
    return current


@transaction.atomic
def write_opening(
    *, meeting: Meeting, text: str, seen: Mapping[str, str], by: User, at: dt.datetime
) -> Meeting:
    """What the minutes say before the first item. Raises `CannotWriteMinutes`, `ChangedMeanwhile`."""
    current = lock_meeting(meeting)
    must_be_draft(current)
    refuse_unseen(prints({"text": current.opening}), seen, current.opening, "opening")
    current.opening = text
    current.save(update_fields=["opening"])
    record("meeting.opening_written", by=by, target=current)
    return current


@transaction.atomic
def approve_minutes(*, meeting: Meeting, by: User, at: dt.datetime) -> Meeting:
    """They stay as they are from now on, and each agency reads its part. Approved twice is approved once."""
    current = lock_meeting(meeting)
    if current.is_approved:
        return current
    must_be_draft(current)
    _settle(current)
    current.move_to(MeetingStatus.APPROVED)
    current.approved_at, current.approved_by = at, by
    current.save(update_fields=["status", "approved_at", "approved_by"])
    record("meeting.minutes_approved", by=by, target=current)
    tasks.tell_meeting.delay_on_commit(
        meeting_id=current.pk, news="approved", partner_id=None, key="approved"
    )
    _bring_on(current, by, at)
    return current


def _bring_on(meeting: Meeting, by: User, at: dt.datetime) -> None:
    """What stays goes to the agendas that are open already. Others bring it in when they open."""
    following = Meeting.objects.filter(series=meeting.series_id, starts_at__gt=meeting.starts_at)
    for each in following.filter(status=MeetingStatus.AGENDA_OPEN).order_by("starts_at"):
        carry_over(meeting=each, by=by, at=at)


def _settle(meeting: Meeting) -> None:
    """The note that stood for a minute becomes the minute."""
    items = list(meeting.items.tabled().filter(minute="").exclude(discussion=""))
    for item in items:
        item.minute = item.discussion
    AgendaItem.objects.bulk_update(items, ["minute"])
