"""The agenda and its items: an agency opens what is tabled for it, and the team that runs it changes it."""

from tasking.enums import ItemKind
from tasking.models import MeetingPartner
from tests.access.nouns.meetings import of_meeting
from tests.access.roles import TEAM
from tests.factories.agencies import PartnerFactory
from tests.factories.cases import CategoryFactory, PlaceFactory
from tests.factories.tasking import AgendaItemFactory, ItemAnswerFactory

TABLE = """
== The agenda and its items
meetings:agenda                      GET  ok  ok  ok  ok  --  ok  --  --  --  --  --  in
meetings:agenda_order                POST ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:agenda_move                 POST >>  >>  no  no  --  no  --  --  --  --  --  in
meetings:agenda_bring                POST >>  >>  no  no  --  no  --  --  --  --  --  in
meetings:item_new                    GET  ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:item_new                    POST ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:item                        GET  ok  ok  --  ok  --  ok  --  --  --  --  --  in
meetings:item_edit                   GET  ok  ok  --  no  --  no  --  --  --  --  --  in
meetings:item_edit                   POST ok  ok  --  no  --  no  --  --  --  --  --  in
meetings:item_table                  GET  ok  ok  --  no  --  no  --  --  --  --  --  in
meetings:item_table                  POST ok  ok  --  no  --  no  --  --  --  --  --  in
meetings:item_untable                GET  ok  ok  --  no  --  no  --  --  --  --  --  in
meetings:item_untable                POST ok  ok  --  no  --  no  --  --  --  --  --  in
meetings:item_withdraw               GET  ok  ok  --  no  --  no  --  --  --  --  --  in
meetings:item_withdraw               POST ok  ok  --  no  --  no  --  --  --  --  --  in
"""
CLOSED = "a shop that hides what it sells"
OPEN_KIND = "Gatherings of riders"


def of_item(world):
    return [world.item.reference]


ARGUMENTS = {
    **{
        f"meetings:{name}": of_meeting
        for name in ("agenda", "agenda_order", "agenda_move", "agenda_bring", "item_new")
    },
    **{f"meetings:{name}": of_item for name in ("item", "item_edit", "item_table", "item_withdraw")},
    "meetings:item_untable": lambda world: [world.item.reference, world.partners["housing"].pk],
}
MAY_READ = {CLOSED: frozenset(TEAM)}


def records(world):
    """One in the closed part, for the team alone, and one of which agencies read the kind and no more."""
    kind = CategoryFactory(lead=world.team, label=OPEN_KIND)
    return {
        name: AgendaItemFactory(
            meeting=world.meeting,
            kind=ItemKind.PLACE,
            place=PlaceFactory(lead=world.team),
            title=title,
            **more,
        )
        for name, title, more in (
            ("closed_item", CLOSED, {"closed": True}),
            ("open_item", "Riders", {"issue": kind}),
        )
    }


def grow(world, number):
    """Another agency at the meeting, which has sent what it knows of the item."""
    partner = PartnerFactory(partnership=world.team.partnership, name=f"Answering agency {number}")
    seat = MeetingPartner.objects.create(meeting=world.meeting, partner=partner, sent_at=world.now)
    ItemAnswerFactory(item=world.item, seat=seat, known="known", risks="Known to drink")


PAGES = """
officer meetings:agenda
housing meetings:agenda
officer meetings:item
housing meetings:item
officer meetings:item_table
"""
READING = {"agendaitem.viewed"}
