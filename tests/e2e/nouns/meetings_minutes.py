from django.utils import timezone

from tasking.enums import ItemKind, MeetingStatus
from tasking.models import Meeting
from tasking.services.meetings import plan_meeting
from tasking.services.tabling import add_item
from tests.e2e.nouns.meetings import meeting

WHO = {
    "meetings:minutes": "manager",
    "meetings:minutes_opening": "officer",
    "meetings:minute_edit": "officer",
}
NO_PAGE = {"meetings:minutes_approve"}


def written_up() -> Meeting:
    """One that is over, with an item of which something was noted."""
    series, now = meeting().series, timezone.now()
    found = series.meetings.filter(status=MeetingStatus.MINUTES_DRAFT).first()
    if found is None:
        found = plan_meeting(series=series, starts_at=now, by=None, at=now)
        add_item(
            meeting=found, kind=ItemKind.STANDING, title="Modern slavery", by=None, at=now,
            discussion="Nothing new", minute="Nothing new",
        )  # fmt: skip
        Meeting.objects.filter(pk=found.pk).update(
            status=MeetingStatus.MINUTES_DRAFT, begun_at=now, closed_at=now
        )
    return found


def _reference() -> str:
    return written_up().reference


def _item() -> str:
    return written_up().items.in_order().first().reference


ARGUMENTS = {
    "meetings:minutes": (_reference,),
    "meetings:minutes_opening": (_reference,),
    "meetings:minute_edit": (_item,),
}
