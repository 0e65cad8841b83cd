"""Series, their dates, the calendar, and what the team that runs a meeting changes about it.

The address of a calendar outside is public by its secret; here it is asked with a wrong one.
"""

from tests.access.nouns.meetings import of_meeting
from tests.factories.tasking import SeriesFactory

TABLE = """
== Series of meetings, and the calendar
meetings:series_list                 GET  ok  ok  ok  ok  ok  ok  no  no  no  no  ok  in
meetings:series_new                  GET  ok  ok  no  no  no  no  no  no  no  no  ok  in
meetings:series_new                  POST ok  ok  no  no  no  no  no  no  no  no  ok  in
meetings:series                      GET  ok  ok  ok  ok  --  ok  --  --  --  --  --  in
meetings:series_edit                 GET  ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:series_edit                 POST ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:series_end                  GET  ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:series_end                  POST ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:series_plan                 GET  ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:series_plan                 POST ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:calendar                    GET  ok  ok  ok  ok  ok  ok  no  no  no  no  ok  in
meetings:feed                        GET  ok  ok  ok  ok  ok  ok  no  no  no  no  ok  in
meetings:feed                        POST ok  ok  ok  ok  ok  ok  no  no  no  no  ok  in
meetings:feed_ics                    GET  --  --  --  --  --  --  --  --  --  --  --  --
== A meeting changed before it begins
meetings:meeting_change              GET  ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:meeting_change              POST ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:meeting_cancel              GET  ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:meeting_cancel              POST ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:meeting_invite              GET  ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:meeting_invite              POST ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:meeting_uninvite            GET  ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:meeting_uninvite            POST ok  ok  no  no  --  no  --  --  --  --  --  in
meetings:open_agenda                 POST >>  >>  no  no  --  no  --  --  --  --  --  in
"""


def of_series(world):
    return [world.series.pk]


ARGUMENTS = {
    **{f"meetings:{name}": of_series for name in ("series", "series_edit", "series_end", "series_plan")},
    **{
        f"meetings:{name}": of_meeting
        for name in ("meeting_change", "meeting_cancel", "meeting_invite", "open_agenda")
    },
    "meetings:meeting_uninvite": lambda world: [world.meeting.reference, world.partners["housing"].pk],
    "meetings:feed_ics": lambda _: ["nobody-was-given-this"],
}
POSTED = {"meetings:series_plan": lambda _: {"one": "1"}}  # no date: nothing is planned


def grow(world, number):
    SeriesFactory(lead=world.team, invite=[world.partners["police"], world.partners["housing"]])


LISTS = """
officer meetings:series_list
housing meetings:series_list
"""
PAGES = """
officer meetings:series
housing meetings:series
officer meetings:series_plan
officer meetings:series_edit
officer meetings:calendar
housing meetings:calendar
officer meetings:meeting_change
officer meetings:meeting_invite
"""
