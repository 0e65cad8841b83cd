"""What can change about a meeting before it begins: when, where, who chairs, and which agencies come."""

import dataclasses
import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Model

from cases.services.prints import Prints, prints, refuse_unseen
from csp.agencies.models import Partner, User
from csp.agencies.services import sharing
from csp.audit.services import record
from csp.core.calendar import local_day
from tasking.models import AgendaItem, AgendaItemGroupPermission, ItemShare, Meeting, MeetingPartner
from tasking.services.meetings import (
    CannotChangeMeeting,
    deadlines,
    lock_meeting,
    must_be_before,
    tell,
    tell_screens,
)
from tasking.services.planning import must_suit
from tasking.services.tabling import untable_for

WHEN_AND_WHERE = frozenset({"starts_at", "minutes_long", "venue", "join_link"})


@dataclasses.dataclass(frozen=True, kw_only=True)
class MeetingDetails:
    starts_at: dt.datetime
    minutes_long: int
    venue: str
    join_link: str
    chair: User | None
    deputy: User | None


NAMES = tuple(field.name for field in dataclasses.fields(MeetingDetails))


def details_of(meeting: Meeting) -> MeetingDetails:
    return MeetingDetails(**{name: getattr(meeting, name) for name in NAMES})


def prints_of(details: MeetingDetails) -> Prints:
    said = {name: getattr(details, name) for name in NAMES}
    said["starts_at"] = details.starts_at.astimezone(dt.UTC)
    return prints({name: value.pk if isinstance(value, Model) else value for name, value in said.items()})


@transaction.atomic
def change_meeting(
    *, meeting: Meeting, details: MeetingDetails, seen: Mapping[str, str], by: User, at: dt.datetime
) -> Meeting:
    """With another day go other deadlines. Raises `CannotChangeMeeting`, `CannotPlan`, `ChangedMeanwhile`."""
    current = lock_meeting(meeting)
    must_be_before(current)
    before = details_of(current)
    was, becomes = prints_of(before), prints_of(details)
    refuse_unseen(was, seen, before, "meeting")
    changed = {name for name in was if becomes[name] != was[name]}
    if not changed:
        return current
    if "starts_at" in changed:
        must_suit(current.series, details.starts_at, at, but=current)
    if details.chair and details.chair == details.deputy:
        raise CannotChangeMeeting("Choose a deputy who is somebody else than the chair")
    _write(current, details)
    record("meeting.changed", by=by, target=current, fields=sorted(changed))
    tell_screens(current)
    if changed & WHEN_AND_WHERE:
        tell(current, "changed", at=at)
    return current


def _write(meeting: Meeting, details: MeetingDetails) -> None:
    values = {name: getattr(details, name) for name in NAMES}
    if local_day(details.starts_at) != meeting.day:
        values |= deadlines(meeting.series, local_day(details.starts_at))
    for name, value in values.items():
        setattr(meeting, name, value)
    meeting.save(update_fields=values)


@transaction.atomic
def uninvite(*, meeting: Meeting, partner: Partner, reason: str, by: User, at: dt.datetime) -> None:
    """The agency sees neither the meeting nor its items any longer. A return that it sent stays on record.

    Raises `CannotChangeMeeting`.
    """
    current = lock_meeting(meeting)
    must_be_before(current)
    if partner.pk == current.lead_id:
        raise CannotChangeMeeting(f"{partner} runs this meeting")
    if not reason.strip():
        raise CannotChangeMeeting("Enter why they are no longer invited")
    seat = current.invited.sitting().filter(partner=partner).first()
    if seat is None:
        raise CannotChangeMeeting(f"{partner} is not invited to {current}")
    _close_items(current, partner, reason, by, at)
    sharing.revoke(record=current, partner=partner)
    if seat.sent_at is None:
        MeetingPartner.objects.filter(pk=seat.pk).delete()
    record("meeting.agency_uninvited", by=by, target=current, partner=partner, reason=reason)
    tell_screens(current)
    tell(current, "uninvited", partner=partner, at=at)


def _close_items(meeting: Meeting, partner: Partner, reason: str, by: User, at: dt.datetime) -> None:
    """What was tabled for it, and the standing items, which are open to every agency invited."""
    shares = ItemShare.objects.filter(record__meeting=meeting, to_partner=partner, ended_at=None)
    for share in shares.select_related("record__meeting").order_by("pk"):
        untable_for(item=share.record, partner=partner, reason=reason, by=by, at=at)
    held = AgendaItemGroupPermission.objects.filter(group=partner.group_id).values("content_object")
    for item in AgendaItem.objects.filter(pk__in=held, meeting=meeting):
        sharing.revoke(record=item, partner=partner)
