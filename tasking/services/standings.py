"""How far the returns of some meetings are, as one reader may know it: a line of a list for each meeting."""

from collections.abc import Sequence
from dataclasses import dataclass

from csp.agencies.models import User
from tasking.models import Meeting, MeetingPartner
from tasking.models.asked import Asked, asked_of


@dataclass(frozen=True)
class Standing:
    """For the team that runs the meeting: all agencies. For another: its own return."""

    owed: int = 0
    """An agency that is asked nothing owes none."""
    sent: int = 0
    own: Asked | None = None


def standings(meetings: Sequence[Meeting], user: User) -> dict[int, Standing]:
    """By meeting, of those that are being prepared. A handful of queries, however many there are."""
    prepared = {each.pk: each for each in meetings if each.is_prepared}
    visible = MeetingPartner.objects.visible_to(user).sitting().filter(meeting__in=prepared)
    seats = [
        seat
        for seat in visible.select_related("partner").order_by("pk")
        if seat.partner_id != prepared[seat.meeting_id].lead_id
    ]
    for seat in seats:
        seat.meeting = prepared[seat.meeting_id]
    asked = asked_of(seats, user)
    return {
        pk: _standing([asked[seat.pk] for seat in seats if seat.meeting_id == pk], user) for pk in prepared
    }


def _standing(asked: list[Asked], user: User) -> Standing:
    owing = [each for each in asked if each.seat.sent_at or each.asks_anything]
    own = next((each for each in asked if each.seat.partner_id in user.partner_ids), None)
    return Standing(len(owing), sum(each.seat.sent_at is not None for each in owing), own)
