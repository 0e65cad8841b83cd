"""The way from cases, people and places to their meetings."""

from cases.views.case_shell import Tab, register_tab
from cases.views.ways import Found, Way, register_list, register_way
from csp.agencies.models import User
from tasking.models import AgendaItem
from tasking.views import measure_rows
from tasking.views.case_meetings import is_draft_to

REFER = Way("Refer to a meeting", "meetings:refer_case", "meetings.refer_subject")
MOST_SHOWN = 20


def join_in() -> None:
    measure_rows.join_in()
    register_tab(Tab("Meetings", "meetings:of_case"))
    for start in ("case", "person", "place"):
        register_way(start, REFER)
    register_list("person", "Meetings", lambda pk, user: items_about(user, person=pk))
    register_list("place", "Meetings", lambda pk, user: items_about(user, place=pk))


def items_about(user: User, **subject: int) -> list[Found]:
    """Where the person or the place itself is on an agenda that the user may see, the newest first."""
    items = AgendaItem.objects.visible_to(user).filter(**subject).select_related("meeting__series")
    return [
        Found(item.title, item.get_absolute_url(), f"{item.meeting.title}: {state_of(item, user)}")
        for item in items.order_by("-meeting__starts_at", "-pk")[:MOST_SHOWN]
    ]


def state_of(item: AgendaItem, user: User) -> str:
    return (item.meeting if is_draft_to(user, item) else item).get_status_display()
