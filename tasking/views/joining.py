"""The way from cases, people and places to their meetings."""

from cases.views.case_shell import Tab, register_tab
from cases.views.ways import Way, register_way

REFER = Way("Refer to a meeting", "meetings:refer_case", "meetings.refer_subject")


def join_in() -> None:
    register_tab(Tab("Meetings", "meetings:of_case"))
    for start in ("case", "person", "place"):
        register_way(start, REFER)
