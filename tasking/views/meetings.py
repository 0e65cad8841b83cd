"""The list of meetings, and one meeting: when, where, who, and the agenda as far as the reader may see it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from csp.agencies.access import StaffRequest
from tasking.enums import HELD, MeetingStatus
from tasking.models import Meeting
from tasking.views.meeting_shell import open_meeting

MOST_SHOWN = 30


@require_safe
def meeting_list(request: StaffRequest) -> HttpResponse:
    """What comes next, what is being held or written up, and what was held lately."""
    if not request.user.has_perm("meetings.list"):
        raise PermissionDenied
    now = timezone.now()
    meetings = (
        Meeting.objects.visible_to(request.user)
        .filter(partnership=request.partnership)
        .select_related("series", "lead", "area")
    )
    open_now = meetings.filter(status__in=[MeetingStatus.IN_SESSION, MeetingStatus.MINUTES_DRAFT])
    context = {
        "coming": meetings.exclude(status__in=HELD).coming(now).order_by("starts_at", "pk")[:MOST_SHOWN],
        "open_now": open_now.order_by("-starts_at", "-pk")[:MOST_SHOWN],
        "past": meetings.filter(status=MeetingStatus.APPROVED).order_by("-starts_at", "-pk")[:MOST_SHOWN],
    }
    return render(request, "tasking/meeting_list.html", context)


@require_safe
def detail(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_meeting(request, reference)
    seats = shell.meeting.invited.select_related("partner", "person").order_by("partner__name", "pk")
    context = {"shell": shell, "meeting": shell.meeting, "items": shell.items, "seats": seats}
    return render(request, "tasking/meeting_detail.html", context)
