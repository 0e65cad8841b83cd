"""A meeting from plan to papers: its date, the agencies invited, and its way to the session."""

import datetime as dt

from django.db import transaction
from django.db.models import F

from csp.agencies.enums import ShareLevel
from csp.agencies.models import Partner, User
from csp.agencies.services import sharing
from csp.audit.services import record
from csp.core.calendar import add_working_days, local_day
from csp.core.errors import RuleBroken
from csp.core.references import MEETING, next_reference
from tasking import tasks
from tasking.enums import ItemKind, MeetingStatus
from tasking.models import Meeting, MeetingPartner, Series

COPIED = ("partnership", "lead", "area", "chair", "deputy", "minutes_long", "venue", "join_link")
"""What a meeting takes from its series. Later changes of the series leave it as it is."""


class CannotChangeMeeting(RuleBroken): ...


def lock_meeting(meeting: Meeting) -> Meeting:
    """The meeting as it is now, held until the transaction ends."""
    locked = Meeting.objects.select_for_update(of=("self",)).select_related("series", "lead", "partnership")
    return locked.get(pk=meeting.pk)


def deadlines(series: Series, day: dt.date) -> dict[str, dt.date]:
    """The working days by which referrals, returns, papers and minutes are due for a meeting on `day`."""
    return {
        "referrals_due_on": add_working_days(day, -series.referrals_days),
        "returns_due_on": add_working_days(day, -series.returns_days),
        "papers_due_on": add_working_days(day, -series.papers_days),
        "minutes_due_on": add_working_days(day, series.minutes_days),
    }


@transaction.atomic
def plan_meeting(*, series: Series, starts_at: dt.datetime, by: User | None, at: dt.datetime) -> Meeting:
    """A meeting of the series, open to the agencies invited to it."""
    meeting = Meeting.objects.create(
        reference=next_reference(series.partnership.code, MEETING, local_day(starts_at).year),
        series=series,
        starts_at=starts_at,
        **{name: getattr(series, name) for name in COPIED},
        **deadlines(series, local_day(starts_at)),
    )
    seats = {seat.partner: seat.person for seat in series.invited.select_related("partner", "person")}
    for partner in dict.fromkeys([series.lead, *seats]):
        _seat(meeting, partner, seats.get(partner))
    record("meeting.planned", by=by, target=meeting, starts_at=starts_at.isoformat())
    return meeting


@transaction.atomic
def invite(
    *, meeting: Meeting, partner: Partner, person: User | None, by: User, at: dt.datetime
) -> MeetingPartner:
    """One more agency. Items stay closed to it until they are tabled for it; standing ones are open."""
    current = lock_meeting(meeting)
    must_be_before(current)
    if partner.partnership_id != current.partnership_id:
        raise CannotChangeMeeting(f"{partner} is not in this partnership")
    if partner.left_on and partner.left_on <= local_day(at):
        raise CannotChangeMeeting(f"{partner} left the partnership")
    if current.invited.sitting().filter(partner=partner).exists():
        raise CannotChangeMeeting(f"{partner} is invited already")
    seat = _seat(current, partner, person)
    for item in current.items.filter(kind=ItemKind.STANDING):
        sharing.grant(record=item, partner=partner, level=ShareLevel.CONTRIBUTE)
    record("meeting.agency_invited", by=by, target=current, partner=partner)
    tell_screens(current)
    tell(current, "invited", partner=partner, at=at)
    return seat


def _seat(meeting: Meeting, partner: Partner, person: User | None) -> MeetingPartner:
    """One whose agency was invited before and sent its return is there already."""
    sharing.grant(record=meeting, partner=partner, level=ShareLevel.CONTRIBUTE)
    seat, _ = MeetingPartner.objects.update_or_create(
        meeting=meeting, partner=partner, defaults={"person": person}
    )
    return seat


def must_be_before(meeting: Meeting) -> None:
    if not meeting.is_before:
        raise CannotChangeMeeting(
            f"{meeting} is {meeting.get_status_display().lower()}: this cannot change now"
        )


@transaction.atomic
def open_agenda(*, meeting: Meeting, by: User | None, at: dt.datetime) -> Meeting:
    """Agencies can refer and answer from now on. Carried-over and standing items come on by themselves."""
    from tasking.services.carrying import bring_in  # noqa: PLC0415 -- items are above meetings

    current = lock_meeting(meeting)
    if current.status != MeetingStatus.AGENDA_OPEN:
        _move(current, MeetingStatus.AGENDA_OPEN, "meeting.agenda_opened", by)
        bring_in(meeting=current, by=by, at=at)
    return current


@transaction.atomic
def send_papers(*, meeting: Meeting, by: User, at: dt.datetime) -> Meeting:
    return _move(lock_meeting(meeting), MeetingStatus.PAPERS_OUT, "meeting.papers_sent", by)


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, reason: str, by: User, at: dt.datetime) -> Meeting:
    current = lock_meeting(meeting)
    must_be_before(current)
    if not reason.strip():
        raise CannotChangeMeeting("Enter why the meeting is cancelled")
    current.cancelled_because = reason
    _move(current, MeetingStatus.CANCELLED, "meeting.cancelled", by, reason)
    tell_screens(current)
    tell(current, "cancelled", at=at)
    return current


def _move(meeting: Meeting, status: str, verb: str, by: User | None, reason: str = "") -> Meeting:
    meeting.move_to(status)
    meeting.save(update_fields=["status", "cancelled_because"])
    record(verb, by=by, target=meeting, reason=reason)
    return meeting


def tell_screens(meeting: Meeting) -> None:
    """Screens that follow the meeting look again. Call it in the transaction of the change."""
    Meeting.objects.filter(pk=meeting.pk).update(changes=F("changes") + 1)


def tell(meeting: Meeting, news: str, *, at: dt.datetime, partner: Partner | None = None) -> None:
    """By e-mail: one agency, or all that are invited beside the team that runs it."""
    tasks.tell_meeting.delay_on_commit(
        meeting_id=meeting.pk, news=news, partner_id=partner and partner.pk, key=f"{at:%Y%m%d%H%M%S%f}"
    )
