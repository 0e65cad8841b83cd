"""What has come in for a meeting, as the team that runs it sees it."""

import datetime as dt
from dataclasses import dataclass, field

from csp.agencies.models import User
from csp.core.calendar import local_day
from tasking.enums import ItemKind
from tasking.models import AgendaItem, ItemAnswer, Meeting, MeetingPartner
from tasking.models.asked import Asked, asked_of


@dataclass(frozen=True)
class SeatReturn:
    """How far one agency is."""

    seat: MeetingPartner
    asked: Asked
    today: dt.date

    @property
    def state(self) -> str:
        """A code for the colour of its tag."""
        if self.seat.sent_at:
            return "incomplete" if self.asked.items_waiting else "sent"
        if not self.asked.asks_anything:
            return "nothing"
        if self.today > self.seat.meeting.returns_due_on:
            return "late"
        return "started" if self.seat.saved_at else "waiting"

    @property
    def is_missing(self) -> bool:
        return self.state in {"late", "started", "waiting"}


@dataclass
class ItemReturns:
    """What agencies said of one item, and which of them have not."""

    item: AgendaItem
    answers: list[ItemAnswer] = field(default_factory=list)
    missing: list[MeetingPartner] = field(default_factory=list)


@dataclass
class ReturnsIn:
    seats: list[SeatReturn]
    items: list[ItemReturns]
    lead: SeatReturn | None
    today: dt.date

    @property
    def expected(self) -> list[SeatReturn]:
        return [each for each in self.seats if each.state != "nothing"]

    @property
    def sent(self) -> int:
        return sum(bool(each.seat.sent_at) for each in self.expected)

    @property
    def to_chase(self) -> list[SeatReturn]:
        return [each for each in self.seats if each.is_missing and each.seat.chased_on != self.today]


def returns_of(meeting: Meeting, user: User, at: dt.datetime) -> ReturnsIn:
    """As far as the reader may see its items: what is hidden from them is in no count."""
    seats = list(
        meeting.invited.select_related("partner", "person", "sent_by").order_by("partner__name", "pk")
    )
    for seat in seats:
        seat.meeting = meeting
    asked, today = asked_of(seats, user), local_day(at)
    rows = [SeatReturn(seat, asked[seat.pk], today) for seat in seats]
    others = [row for row in rows if row.seat.partner_id != meeting.lead_id]
    lead = next((row for row in rows if row.seat.partner_id == meeting.lead_id), None)
    return ReturnsIn(others, _by_item(meeting, user, rows), lead, today)


def _by_item(meeting: Meeting, user: User, rows: list[SeatReturn]) -> list[ItemReturns]:
    visible = AgendaItem.objects.visible_to(user).filter(meeting=meeting).tabled().select_related("case")
    items = {item.pk: ItemReturns(item) for item in visible.in_order()}
    answers = ItemAnswer.objects.visible_to(user).filter(item__in=items, seat__sent_at__isnull=False)
    for answer in answers.exclude(known="").select_related("seat__partner").order_by("seat__partner__name"):
        items[answer.item_id].answers.append(answer)
    answered = {(answer.seat_id, pk) for pk, each in items.items() for answer in each.answers}
    for row in rows:
        for pk in row.asked.items:
            if (row.seat.pk, pk) not in answered and row.seat.partner_id != meeting.lead_id:
                items[pk].missing.append(row.seat)
    return [each for each in items.values() if each.item.kind != ItemKind.STANDING or each.answers]
