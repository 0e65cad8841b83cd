"""What the next meetings ask of an agency, and how many returns are in."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from csp.actions.navigation import seats_here
from csp.agencies.models import Partnership, User
from csp.agencies.navigation import Need, Panel, register_need, register_panel
from csp.core.calendar import end_of_day, local_day, working_days_between
from tasking.enums import PREPARED
from tasking.models import Meeting, MeetingPartner
from tasking.models.asked import Asked, asked_of

MOST = 10


def own_seats(user: User, partnership: Partnership, at: dt.datetime) -> QuerySet[MeetingPartner]:
    """Of the user's agencies at meetings that are being prepared, but not at those they run themselves."""
    here = seats_here(user, partnership)
    seats = MeetingPartner.objects.sitting().filter(partner__in=here, meeting__status__in=PREPARED)
    return seats.filter(meeting__starts_at__gt=at).exclude(meeting__lead__in=here)


def returns_asked(user: User, partnership: Partnership, at: dt.datetime) -> list[Asked]:
    seats = own_seats(user, partnership, at).select_related("meeting__series", "partner")
    ordered = seats.order_by("meeting__starts_at", "pk")[:MOST]
    return list(asked_of(ordered, user).values())


def return_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    """One line for each meeting that waits: who is asked nothing more is left in peace."""
    today = local_day(at)
    for asked in returns_asked(user, partnership, at):
        meeting = asked.seat.meeting
        if not asked.waiting and (asked.seat.sent_at or not asked.asks_anything):
            continue
        yield Need(
            url=reverse("meetings:return", args=[meeting.reference]),
            title=f"{meeting.series} {when_words(meeting, today)}: {waiting_words(asked)}",
            detail=f"For {asked.seat.partner}",
            due_at=end_of_day(meeting.returns_due_on),
            late=meeting.returns_due_on < today,
            tag="Return",
        )


def when_words(meeting: Meeting, today: dt.date) -> str:
    days = working_days_between(today, meeting.day)
    if meeting.day == today:
        return "today"
    return f"in {days} working day{'' if days == 1 else 's'}"


def waiting_words(asked: Asked) -> str:
    """3 actions and 6 items wait for your answer"""
    counts = ((asked.actions_waiting, "action"), (asked.items_waiting, "item"))
    parts = [f"{n} {noun}{'' if n == 1 else 's'}" for n, noun in counts if n]
    if not parts:
        return "everything is answered. Send it"
    return f"{' and '.join(parts)} wait{'s' if asked.waiting == 1 else ''} for your answer"


def next_meeting(user: User, partnership: Partnership, at: dt.datetime) -> Panel | None:
    """When it is; for the team that runs it how many returns are in, for an agency how its own stands."""
    here = seats_here(user, partnership)
    coming = Meeting.objects.visible_to(user).prepared().filter(starts_at__gt=at, partnership=partnership)
    meeting = coming.select_related("series").order_by("starts_at", "pk").first()
    if meeting is None:
        return None
    seats = list(meeting.invited.sitting().select_related("partner"))
    for seat in seats:
        seat.meeting = meeting
    context = {"meeting": meeting, "when": when_words(meeting, local_day(at)), **_standing(seats, here, user)}
    return Panel("Next meeting", "tasking/_panel_next_meeting.html", context)


def _standing(seats: list[MeetingPartner], here: set[int], user: User) -> dict[str, Any]:
    """An agency that is asked nothing owes no return, so it is in no count."""
    if not seats or seats[0].meeting.lead_id not in here:
        own = next((seat.sent_at for seat in seats if seat.partner_id in here), None)
        return {"runs": False, "own_sent_at": own}
    others = [seat for seat in seats if seat.partner_id != seat.meeting.lead_id]
    asked = asked_of(others, user)
    owing = [seat for seat in others if seat.sent_at or asked[seat.pk].asks_anything]
    return {"runs": True, "invited": len(owing), "sent": sum(seat.sent_at is not None for seat in owing)}


def join_in() -> None:
    register_need(return_needs, own_seats)
    register_panel(next_meeting, position=20)
