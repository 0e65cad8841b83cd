from csp.agencies.models import Partner, User
from tasking.models import Series
from tests.e2e.nouns.meetings import meeting

OF_SERIES = ("series", "series_edit", "series_end", "series_plan")
OF_MEETING = ("meeting_change", "meeting_cancel", "meeting_invite")
WHO = {
    "meetings:series_list": "officer",
    "meetings:series_new": "officer",
    "meetings:calendar": "police",
    "meetings:feed": "police",
    **{f"meetings:{name}": "officer" for name in (*OF_SERIES, *OF_MEETING, "meeting_uninvite")},
}
NO_PAGE = {"meetings:feed_ics", "meetings:open_agenda"}
QUERIES = {"meetings:calendar": lambda: f"?month={meeting().day:%Y-%m}"}


def series() -> Series:
    officer = User.objects.get(email="officer@demo.example")
    found: Series = Series.objects.visible_to(officer).filter(kind="joint_tasking").earliest("pk")
    return found


def invited() -> Partner:
    found: Partner = meeting().invited.exclude(partner=meeting().lead_id).earliest("pk").partner
    return found


ARGUMENTS = {
    **{f"meetings:{name}": (lambda: series().pk,) for name in OF_SERIES},
    **{f"meetings:{name}": (lambda: meeting().reference,) for name in OF_MEETING},
    "meetings:meeting_uninvite": (lambda: meeting().reference, lambda: invited().pk),
}
