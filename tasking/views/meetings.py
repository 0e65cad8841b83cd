"""The list of meetings, and one meeting: when, where, who, and the agenda as far as the reader may see it."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.filters.chips import chips_of
from csp.agencies.access import StaffRequest
from csp.agencies.models import Area
from csp.core.calendar import local_day, start_of_day
from csp.core.keyset import page_of
from tasking.enums import BEFORE, MeetingStatus
from tasking.forms.series import MeetingFilterForm
from tasking.models import Meeting, Series
from tasking.models.meetings import MeetingQuerySet
from tasking.views.meeting_rows import rows_of
from tasking.views.meeting_shell import MeetingShell, open_meeting
from tasking.views.next_step import next_step

MOST_SHOWN = 50
OPEN = (MeetingStatus.IN_SESSION, MeetingStatus.MINUTES_DRAFT)
PAST = "past"


@require_safe
def meeting_list(request: StaffRequest) -> HttpResponse:
    """What is being held or written up and what comes next; or what is over."""
    if not request.user.has_perm("meetings.list"):
        raise PermissionDenied
    at, past = timezone.now(), request.GET.get("tab") == PAST
    form = filters(request)
    found = meetings_for(request).filter(form.wanted())
    page = page_of(over(found, at), request, "-starts_at", "-pk") if past else None
    context: dict[str, Any] = {
        "tabs": tabs(past=past),
        "form": form,
        "chips": chips_of(form, request.GET, without=frozenset({"tab"})),
        "clear_url": f"?tab={PAST}" if past else "?",
        "past": past,
        "page": page,
        "groups": [] if past else groups(list(ahead(found)), request, at),
        "rows": rows_of(page.rows, request.user, at) if page else [],
    }
    return render(request, "tasking/meeting_list.html", context)


def tabs(*, past: bool) -> list[dict[str, Any]]:
    address = reverse("meetings:list")
    return [
        {"label": "Coming up", "url": address, "active": not past},
        {"label": "Past", "url": f"{address}?tab={PAST}", "active": past},
        {"label": "Calendar", "url": reverse("meetings:calendar"), "active": False},
        {"label": "Series", "url": reverse("meetings:series_list"), "active": False},
        {"label": "Actions", "url": reverse("meetings:action_board"), "active": False},
    ]


def filters(request: StaffRequest) -> MeetingFilterForm:
    """Offers what the reader has meetings of."""
    series = Series.objects.visible_to(request.user).filter(partnership=request.partnership)
    listed = list(series.order_by("name", "pk"))
    areas = Area.objects.filter(pk__in=[each.area_id for each in listed if each.area_id])
    return MeetingFilterForm(request.GET, series=listed, areas=areas.order_by("name", "pk"))


def meetings_for(request: StaffRequest) -> MeetingQuerySet:
    found = Meeting.objects.visible_to(request.user).filter(partnership=request.partnership)
    return found.select_related("series", "lead", "area")


def ahead(found: MeetingQuerySet) -> MeetingQuerySet:
    """Not over: what is open, what comes, and what was to come and was neither held nor cancelled."""
    waiting = Q(status__in=OPEN) | Q(status__in=BEFORE)
    return found.filter(waiting).order_by("starts_at", "pk")[:MOST_SHOWN]


def over(found: MeetingQuerySet, at: dt.datetime) -> MeetingQuerySet:
    cancelled = Q(status=MeetingStatus.CANCELLED, starts_at__lt=at)
    return found.filter(Q(status=MeetingStatus.APPROVED) | cancelled)


def groups(meetings: list[Meeting], request: StaffRequest, at: dt.datetime) -> list[dict[str, Any]]:
    today = start_of_day(local_day(at))
    kinds: dict[str, list[Meeting]] = {
        "Being held or written up": [each for each in meetings if each.status in OPEN],
        "Not begun, and their day has passed": [
            each for each in meetings if each.status in BEFORE and each.starts_at < today
        ],
        "Coming up": [each for each in meetings if each.status in BEFORE and each.starts_at >= today],
    }
    return [
        {"title": title, "rows": rows_of(each, request.user, at)} for title, each in kinds.items() if each
    ]


@require_safe
def detail(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_meeting(request, reference)
    seats = shell.meeting.invited.sitting().select_related("partner", "person")
    context = {
        "shell": shell,
        "meeting": shell.meeting,
        "items": shell.items,
        "seats": seats.order_by("partner__name", "pk"),
        "gone": gone_with_returns(shell),
        "deadlines": deadlines_of(shell),
        "step": next_step(shell),
        "row": rows_of([shell.meeting], shell.user, shell.at)[0],
    }
    return render(request, "tasking/meeting_detail.html", context)


def gone_with_returns(shell: MeetingShell) -> list[Any]:
    """For the team: agencies that are invited no longer, and whose return stays on record."""
    if not shell.runs:
        return []
    sent = shell.meeting.invited.exclude(sent_at=None)
    sitting = shell.meeting.invited.sitting().values("pk")
    return list(sent.exclude(pk__in=sitting).select_related("partner").order_by("partner__name"))


def deadlines_of(shell: MeetingShell) -> list[dict[str, Any]]:
    meeting, today = shell.meeting, local_day(shell.at)
    days = {
        "Referrals": meeting.referrals_due_on,
        "Returns of agencies": meeting.returns_due_on,
        "Papers": meeting.papers_due_on,
        "Minutes": meeting.minutes_due_on,
    }
    return [{"label": label, "day": day, "over": day < today} for label, day in days.items()]
