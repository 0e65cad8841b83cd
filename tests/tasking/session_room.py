"""A meeting in session with people of three agencies, for the tests of the session."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from csp.agencies.enums import Role
from csp.agencies.models import Partner, User
from tasking.enums import ItemKind, MeetingStatus
from tasking.models import AgendaItem, Meeting
from tasking.services import attendance, session
from tasking.services.meetings import tell_screens
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, PlaceFactory
from tests.factories.casework import CaseNamedFactory
from tests.factories.tasking import AgendaItemFactory, MeetingFactory, SeriesFactory


@dataclass
class Room:
    """`item` is about a place, open to housing and the police, and discussed now."""

    meeting: Meeting
    item: AgendaItem
    officer: User
    housing: Partner
    landlord: User
    police: Partner
    constable: User

    def accept(self, *users: User) -> None:
        for user in users:
            attendance.accept_statement(meeting=self.meeting, by=user, at=NOON)

    def add(self, **fields: Any) -> AgendaItem:
        """Another item at the end of the agenda, about a place unless something else is said."""
        if not {"kind", "case"} & set(fields):
            fields |= {"kind": ItemKind.PLACE, "place": PlaceFactory(lead=self.meeting.lead)}
        last = self.meeting.items.aggregate(last=Max("position"))["last"]
        return AgendaItemFactory(meeting=self.meeting, position=(last or 0) + 1, **fields)

    def hidden_item(self, how: str, **fields: Any) -> AgendaItem:
        """`closed`, or about a `restricted` case on which the officer alone is named."""
        if how == "closed":
            return self.add(title="Operation Merganser", closed=True, **fields)
        case = CaseFactory(
            lead=self.meeting.lead, title="Threats", restricted=True, restricted_because="It is sensitive"
        )
        CaseNamedFactory(case=case, user=self.officer)
        return self.add(title="Operation Merganser", kind=ItemKind.CASE, case=case, **fields)

    def now(self, item: AgendaItem) -> None:
        session.take_up(item=item, by=self.officer, at=NOON)

    def record(self, **fields: Any) -> None:
        """As if it had been written of the item, without the way there."""
        AgendaItem.objects.filter(pk=self.item.pk).update(**fields)
        tell_screens(self.meeting)


def a_room() -> Room:
    series = SeriesFactory()
    housing, police = PartnerFactory.create_batch(2, partnership=series.partnership)
    meeting = MeetingFactory(series=series, status=MeetingStatus.IN_SESSION, invite=[housing, police])
    item = AgendaItemFactory(
        meeting=meeting, position=1, title="Bikes on the towpath", gist="Every night after ten",
        kind=ItemKind.PLACE, place=PlaceFactory(lead=meeting.lead), open_to=[housing, police],
    )  # fmt: skip
    meeting.current_item = item
    meeting.save(update_fields=["current_item"])
    return Room(
        meeting, item, user_at(meeting.lead, Role.OFFICER), housing, user_at(housing), police, user_at(police)
    )
