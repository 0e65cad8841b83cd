"""The minutes of `minutes_meeting`, in draft: its team writes them, and agencies read none of it yet."""

from tests.access.roles import TEAM

TABLE = """
== Minutes in draft
meetings:minutes                     GET  ok  ok  ok  ok  --  ok  --  --  --  --  --  in
meetings:minutes_opening             GET  ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:minutes_opening             POST ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:minute_edit                 GET  ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:minute_edit                 POST ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:minutes_approve             POST no  >>  no  no  --  no  --  --  --  --  --  in
"""
NOTED = "the landlord has the keys already"


def of_minutes(world):
    return [world.minutes_meeting.reference]


ARGUMENTS = {
    "meetings:minutes": of_minutes,
    "meetings:minutes_opening": of_minutes,
    "meetings:minutes_approve": of_minutes,
    "meetings:minute_edit": lambda world: [world.minutes_item.reference],
}
MAY_READ = {NOTED: TEAM}


def records(world):
    world.minutes_item.discussion = NOTED
    world.minutes_item.save(update_fields=["discussion"])
    return {}


PAGES = """
officer meetings:minutes
"""
