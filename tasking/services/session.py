"""A meeting while it is held: begun, moved along its agenda, and ended."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from csp.agencies.models import User
from csp.audit.services import record
from csp.core.errors import RuleBroken
from tasking.enums import ItemKind, ItemStatus, MeetingStatus
from tasking.models import AgendaItem, Meeting
from tasking.services.endings import Ending, apply_ending, must_fit
from tasking.services.meetings import lock_meeting, tell_screens

NOT_DISCUSSED = "There was no time to discuss it"
NOT_DECIDED = "The meeting did not say what happens to it"


class CannotHold(RuleBroken): ...


@transaction.atomic
def begin(*, meeting: Meeting, by: User, at: dt.datetime) -> Meeting:
    """In session from now on, at its first item. Begun twice it is begun once. Raises `CannotHold`."""
    current = lock_meeting(meeting)
    if current.is_in_session:
        return current
    if not current.is_prepared:
        raise CannotHold(f"{current} is {current.get_status_display().lower()} and cannot begin")
    current.move_to(MeetingStatus.IN_SESSION)
    current.begun_at = at
    current.current_item = current.items.tabled().in_order().first()
    current.save(update_fields=["status", "begun_at", "current_item"])
    record("meeting.begun", by=by, target=current)
    tell_screens(current)
    return current


@transaction.atomic
def take_up(*, item: AgendaItem, by: User, at: dt.datetime) -> AgendaItem:
    """It is discussed now, and everybody's screen follows. Raises `CannotHold`."""
    meeting = lock_meeting(item.meeting)
    if not meeting.is_in_session:
        raise CannotHold(f"{meeting} is not in session")
    current = AgendaItem.objects.get(pk=item.pk)
    if current.status == ItemStatus.WITHDRAWN:
        raise CannotHold(f"{current} was taken off the agenda")
    if meeting.current_item_id != current.pk:
        meeting.current_item = current
        meeting.save(update_fields=["current_item"])
        record("agenda_item.taken_up", by=by, target=current, meeting=meeting.reference)
        tell_screens(meeting)
    return current


def undecided(meeting: Meeting) -> list[AgendaItem]:
    """Items of which it is not said whether they stay. Standing items stand on each agenda anyhow."""
    items = AgendaItem.objects.filter(meeting=meeting, status=ItemStatus.TABLED)
    return list(items.exclude(kind=ItemKind.STANDING).select_related("case").in_order())


@transaction.atomic
def end(*, meeting: Meeting, endings: Mapping[int, Ending], by: User, at: dt.datetime) -> Meeting:
    """The minutes are in draft from now on. An undecided item of which nothing is said stays on.

    `endings` by the key of the item. Raises `CannotHold`, `CannotEndItem`.
    """
    current = lock_meeting(meeting)
    if current.status == MeetingStatus.MINUTES_DRAFT:
        return current
    if not current.is_in_session:
        raise CannotHold(f"{current} is not in session")
    open_ends = undecided(current)
    for item in open_ends:
        because = NOT_DECIDED if item.discussed_at else NOT_DISCUSSED
        ending = endings.get(item.pk) or Ending(status=ItemStatus.STAYS, because=because)
        must_fit(ending, item, at)
        apply_ending(item, ending, by=by)
    current.move_to(MeetingStatus.MINUTES_DRAFT)
    current.closed_at, current.current_item = at, None
    current.save(update_fields=["status", "closed_at", "current_item"])
    record("meeting.ended", by=by, target=current, undecided=len(open_ends))
    tell_screens(current)
    return current
