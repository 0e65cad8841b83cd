"""The agenda before and during the meeting: its order and times, what an item says, and taking one off."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar

from django.db import transaction

from cases.models import Category
from cases.services.prints import Prints, prints, refuse_unseen
from csp.agencies.models import Area, User
from csp.audit.services import record
from csp.core.errors import RuleBroken
from csp.core.text import count
from tasking.enums import ItemStatus
from tasking.models import AgendaItem, Meeting, ReferralGroup
from tasking.services.meetings import lock_meeting, tell_screens
from tasking.services.tabling import end_item_share

MOST_MINUTES = 240


class CannotChangeAgenda(RuleBroken): ...


class Listed(Protocol):
    pk: int

    @property
    def is_closed_part(self) -> bool: ...


L = TypeVar("L", bound=Listed)


def arranged(items: Sequence[L], wanted: Sequence[int]) -> list[L]:
    """`items` with those in `wanted` in that order and each of the others in its place, the closed part last.

    Whoever arranges the agenda may not see all of it: what they do not name stays where it is.
    """
    rank = {pk: place for place, pk in reversed(list(enumerate(wanted)))}
    found: list[L] = []
    for part in (False, True):
        here = [item for item in items if item.is_closed_part is part]
        named = iter(sorted((item for item in here if item.pk in rank), key=lambda item: rank[item.pk]))
        found += [next(named) if item.pk in rank else item for item in here]
    return found


def must_be_open(meeting: Meeting) -> None:
    if not (meeting.is_before or meeting.is_in_session):
        raise CannotChangeAgenda(
            f"{meeting} is {meeting.get_status_display().lower()}: its agenda cannot change now"
        )


@transaction.atomic
def arrange(
    *, meeting: Meeting, order: Sequence[int], minutes: Mapping[int, int], by: User, at: dt.datetime
) -> list[AgendaItem]:
    """The items that `order` names in that order, and the times given. Raises `CannotChangeAgenda`."""
    current = lock_meeting(meeting)
    must_be_open(current)
    if any(not 0 <= each <= MOST_MINUTES for each in minutes.values()):
        raise CannotChangeAgenda(f"Enter a time between 0 and {MOST_MINUTES} minutes")
    before = on_agenda(current)
    after = arranged(before, order)
    moved = after != before
    timed = [item for item in before if minutes.get(item.pk, item.minutes) != item.minutes]
    for item in timed:
        item.minutes = minutes[item.pk]
    AgendaItem.objects.bulk_update(timed, ["minutes"])
    if moved:
        place(after)
    if moved or timed:
        record("meeting.agenda_arranged", by=by, target=current, moved=moved, timed=len(timed))
        tell_screens(current)
    return after


def on_agenda(meeting: Meeting) -> list[AgendaItem]:
    return list(meeting.items.tabled().in_order().select_related("case"))


def place(items: Sequence[AgendaItem]) -> None:
    """Number them in this order."""
    moved = [(item, position) for position, item in enumerate(items, start=1) if item.position != position]
    for item, position in moved:
        item.position = position
    AgendaItem.objects.bulk_update([item for item, _ in moved], ["position"])


def numbers(meeting: Meeting) -> dict[int, int]:
    """The numbers of the open part, alike for every reader. What is in the closed part has none."""
    open_part = meeting.items.tabled().in_open_part().in_order().values_list("pk", flat=True)
    return {pk: number for number, pk in enumerate(open_part, start=1)}


def time_words(planned: int, available: int) -> str:
    """How the times of the items fit the meeting's length."""
    total = f"{planned} of {count(available, 'minute')}"
    if planned > available:
        return f"{total}: {count(planned - available, 'minute')} over"
    return (
        f"{total}: {count(available - planned, 'minute')} left" if planned < available else f"{total}: full"
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class ItemDetails:
    """What an item says before it is discussed, in the shape in which it is typed."""

    title: str
    gist: str = ""
    wanted: str = ""
    tried: str = ""
    minutes: int = 10
    group: ReferralGroup | None = None
    issue: Category | None = None
    area: Area | None = None
    closed: bool = False


NAMES = [field.name for field in dataclasses.fields(ItemDetails)]


def details_of(item: AgendaItem) -> ItemDetails:
    return ItemDetails(**values_of(item))


def values_of(thing: AgendaItem | ItemDetails) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in NAMES}


def prints_of(details: ItemDetails) -> Prints:
    """By the keys of what was chosen: its name may change meanwhile."""
    return prints({name: getattr(value, "pk", value) for name, value in values_of(details).items()})


@transaction.atomic
def edit_item(
    *, item: AgendaItem, details: ItemDetails, seen: Mapping[str, str], by: User, at: dt.datetime
) -> AgendaItem:
    """`seen` are the prints of what the editor had before them. Raises `ChangedMeanwhile`."""
    meeting = lock_meeting(item.meeting)
    must_be_open(meeting)
    current = _lock_item(item)
    was, becomes = prints_of(details_of(current)), prints_of(details)
    refuse_unseen(was, seen, details_of(current), "item")
    changed = [name for name in NAMES if becomes[name] != was[name]]
    if not changed:
        return current
    for name in changed:
        setattr(current, name, getattr(details, name))
    current.version += 1
    current.save(update_fields=[*changed, "version"])
    record("agenda_item.edited", by=by, target=current, fields=changed)
    tell_screens(meeting)
    return current


@transaction.atomic
def withdraw_item(*, item: AgendaItem, reason: str, by: User, at: dt.datetime) -> AgendaItem:
    """Off the agenda before it is discussed. What was opened for it closes."""
    meeting = lock_meeting(item.meeting)
    must_be_open(meeting)
    current = _lock_item(item)
    if not reason.strip():
        raise CannotChangeAgenda("Enter why it comes off the agenda")
    if meeting.current_item_id == current.pk:
        raise CannotChangeAgenda(f"{current} is being discussed now. Go to another item first")
    current.move_to(ItemStatus.WITHDRAWN)
    current.status_because = reason
    current.save(update_fields=["status", "status_because"])
    for shared in current.shares.filter(ended_at=None).select_related("case_share", "record__meeting"):
        end_item_share(shared, reason=f"Taken off the agenda: {reason}", by=by, at=at)
    record("agenda_item.withdrawn", by=by, target=current, reason=reason)
    tell_screens(meeting)
    return current


def _lock_item(item: AgendaItem) -> AgendaItem:
    locked = AgendaItem.objects.select_for_update(of=("self",)).select_related("case", "meeting")
    current = locked.get(pk=item.pk)
    if current.status == ItemStatus.WITHDRAWN:
        raise CannotChangeAgenda(f"{current} was taken off the agenda already")
    return current
