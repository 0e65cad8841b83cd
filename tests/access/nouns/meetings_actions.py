"""Actions that `minutes_meeting` gave to housing, both late. One was escalated to its lead."""

import datetime as dt

from django.utils import timezone

from tasking.enums import EscalationLevel, ItemKind
from tasking.models import Escalation, ItemAction
from tests.access.nouns.meetings_minutes import of_minutes
from tests.access.roles import TEAM
from tests.factories.actions import ActionFactory
from tests.factories.agencies import PartnerFactory
from tests.factories.cases import PlaceFactory
from tests.factories.tasking import AgendaItemFactory

TABLE = """
== Actions that meetings gave
meetings:action_board                GET  ok  ok  ok  ok  ok  ok  no  no  no  no  ok  in
meetings:actions                     GET  ok  ok  ok  ok  --  ok  --  --  --  --  --  in
meetings:escalate                    GET  ok  ok  --  no  --  no  --  --  --  --  --  in
meetings:escalate                    POST ok  ok  --  no  --  no  --  --  --  --  --  in
"""
ASKED = "put a gate at the end of the towpath"
BECAUSE = "the gate was promised in the spring"
ARGUMENTS = {
    "meetings:actions": of_minutes,
    "meetings:escalate": lambda world: [world.late_action.reference],
}
MAY_READ = {words: frozenset(TEAM | {"housing", "lead"}) for words in (ASKED, BECAUSE)}


def records(world):
    taken_further = _late(world, world.partners["housing"], text="Cut the hedge")
    Escalation.objects.create(
        action=taken_further,
        level=EscalationLevel.AGENCY_LEAD,
        reason=BECAUSE,
        by=world.users["officer"],
        at=world.now,
    )
    return {"late_action": _late(world, world.partners["housing"], text=ASKED)}


def grow(world, number):
    """Another for housing, escalated as well, and one for another agency."""
    more = _late(world, world.partners["housing"])
    for level in EscalationLevel:
        Escalation.objects.create(action=more, level=level, reason=f"Waits {number}", at=world.now)
    _late(world, PartnerFactory(partnership=world.team.partnership, name=f"Asked agency {number}"))


def _late(world, owner, **fields):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    item = AgendaItemFactory(
        meeting=world.minutes_meeting, kind=ItemKind.PLACE, place=PlaceFactory(lead=world.team)
    )
    action = ActionFactory(lead=world.team, owner=owner, due_on=yesterday, **fields)
    ItemAction.objects.create(item=item, action=action)
    return action


LISTS = """
officer meetings:action_board
housing meetings:action_board
"""
PAGES = """
manager meetings:action_board
officer meetings:actions
housing meetings:actions
"""
