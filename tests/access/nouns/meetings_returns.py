"""Returns: what agencies answer before a meeting, and who has returned what."""

from django.utils import timezone

from tasking.models import ItemAnswer, MeetingPartner, ReturnDraft
from tests.access.nouns.meetings import of_meeting
from tests.access.roles import TEAM
from tests.factories.actions import ActionFactory

TABLE = """
== Meetings: returns of the agencies
meetings:return                      GET  ok  ok  ok  ok  --  ok  --  --  --  --  --  in
meetings:return_save                 POST >>  >>  >>  >>  --  >>  --  --  --  --  --  in
meetings:return_nothing              POST >>  >>  >>  >>  --  >>  --  --  --  --  --  in
meetings:return_send                 POST ok  ok  ok  ok  --  ok  --  --  --  --  --  in
meetings:returns                     GET  ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:returns_chase               POST >>  >>  no  no  --  no  --  --  --  --  --  in
"""
SENT = "the caretaker has seen them climb the fence"
DRAFT = "perhaps the uncle keeps the keys of the flat"
NAMES = ("return", "return_save", "return_nothing", "return_send", "returns", "returns_chase")
ARGUMENTS = {f"meetings:{name}": of_meeting for name in NAMES}
MAY_READ = {
    SENT: frozenset(TEAM | {"housing", "lead"}),
    DRAFT: frozenset(TEAM),
}
LISTS = ""
PAGES = """
officer meetings:returns
officer meetings:return
housing meetings:return
"""


def _seat(world, name):
    return MeetingPartner.objects.get(meeting=world.meeting, partner=world.partners[name])


def records(world):
    """Housing has sent its return; the team writes what it knows itself, and nobody else reads that yet."""
    housing, team = _seat(world, "housing"), _seat(world, "team")
    now = {"saved_by": None, "saved_at": timezone.now()}
    ItemAnswer.objects.create(seat=housing, item=world.item, known="known", risks=SENT, **now)
    housing.sent_at = housing.saved_at = timezone.now()
    housing.save()
    typed = {"known": "known", "risks": DRAFT}
    ReturnDraft.objects.create(seat=team, item=world.item, typed=typed, **now)
    return {}


def grow(world, number):
    """The items come with the meetings; here their answers, and an action more."""
    seat = _seat(world, "police")
    for item in world.meeting.items.exclude(answers__seat=seat)[:1]:
        typed = {"known": "known", "risks": f"Risk {number}"}
        ReturnDraft.objects.get_or_create(
            seat=seat, item=item, defaults={"typed": typed, "saved_at": timezone.now()}
        )
    housing = world.partners["housing"]
    ActionFactory(lead=world.team, owner=housing, due_on=world.meeting.day, target=world.case)
