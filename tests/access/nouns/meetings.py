"""Meetings, to which the police and housing are invited and health is not, and what is on their agendas.

`item` is about the case of the world and tabled for housing alone; `patrol_item` is about a place, tabled for
the police. Another meeting is in session, and of a third the minutes are in draft: each with an item about a
place, open to the police and to housing.
"""

from csp.agencies.enums import ShareLevel
from csp.agencies.services import sharing
from tasking.enums import ItemKind, MeetingStatus
from tests.access.roles import TEAM
from tests.factories.cases import PlaceFactory
from tests.factories.tasking import AgendaItemFactory, MeetingFactory, SeriesFactory

TABLE = """
== Meetings: dates, places and agencies
meetings:list                        GET  ok  ok  ok  ok  ok  ok  no  no  no  no  ok  in
meetings:detail                      GET  ok  ok  ok  ok  --  ok  --  --  --  --  --  in
"""
ITEM_GIST = "shouting at the flats every night"
PATROL_GIST = "bikes race along the towpath"
ROLES_OF_ITEM = TEAM | {"housing", "lead"}
ROLES_OF_PATROL = TEAM | {"police"}
INVITED = TEAM | {"police", "housing", "lead"}
TERMS = {
    "gateway": "cda_115",
    "purpose": "Joint Tasking Meeting",
    "necessity": "They hold the tenancy",
    "consent": "not_needed",
}


def of_meeting(world):
    return [world.meeting.reference]


ARGUMENTS = {"meetings:detail": of_meeting}
MAY_READ = {ITEM_GIST: frozenset(ROLES_OF_ITEM), PATROL_GIST: frozenset(ROLES_OF_PATROL)}


def records(world):
    police, housing = world.partners["police"], world.partners["housing"]
    series = SeriesFactory(lead=world.team, name="Tasking", invite=[police, housing])
    given = {"series": series, "invite": [police, housing]}
    meeting = MeetingFactory(**given)
    session = MeetingFactory(**given, status=MeetingStatus.IN_SESSION)
    minutes = MeetingFactory(**given, status=MeetingStatus.MINUTES_DRAFT)
    item = AgendaItemFactory(
        meeting=meeting, kind=ItemKind.CASE, case=world.case, title="Neighbours", gist=ITEM_GIST
    )
    patrol = AgendaItemFactory(
        meeting=meeting, kind=ItemKind.PLACE, place=PlaceFactory(lead=world.team), title="Towpath",
        gist=PATROL_GIST,
    )  # fmt: skip
    for each, partner in ((item, housing), (patrol, police)):
        sharing.share(
            record=each, to_partner=partner, level=ShareLevel.CONTRIBUTE, by=None, at=world.now, **TERMS
        )
    return {
        "series": series,
        "meeting": meeting,
        "session_meeting": session,
        "minutes_meeting": minutes,
        "item": item,
        "patrol_item": patrol,
        "session_item": _open_item(session, police, housing),
        "minutes_item": _open_item(minutes, police, housing),
    }


def _open_item(meeting, *partners):
    return AgendaItemFactory(
        meeting=meeting, kind=ItemKind.PLACE, place=PlaceFactory(lead=meeting.lead), open_to=partners
    )


def grow(world, number):
    """Another meeting, another item of the one there is, and another agency at it."""
    MeetingFactory(series=world.series, invite=[world.partners["police"], world.partners["housing"]])
    for meeting in (world.meeting, world.session_meeting, world.minutes_meeting):
        _open_item(meeting, world.partners["police"], world.partners["housing"])


LISTS = """
officer meetings:list
housing meetings:list
"""
PAGES = """
officer meetings:detail
housing meetings:detail
"""
READING = {"meeting.viewed"}
