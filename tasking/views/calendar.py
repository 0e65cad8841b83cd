"""The dates of the meetings that a person may see: month by month, and at an address for calendars."""

import calendar
import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_ratelimit.core import is_ratelimited

from csp.agencies.access import StaffRequest
from csp.core.calendar import add_months, bank_holiday_names, start_of_day
from tasking.models import CalendarFeed, Meeting
from tasking.services import calendar_feed

MONTH = re.compile(r"(2\d{3})-(0[1-9]|1[0-2])")
WRONG_ADDRESSES = "60/h"
ASKING = "120/h"


@dataclass(frozen=True)
class Day:
    day: dt.date
    in_month: bool
    is_today: bool
    holiday: str
    meetings: list[Meeting] = field(default_factory=list)

    @property
    def says_something(self) -> bool:
        """On a small screen, where the month is a list, the others are left out."""
        return self.in_month and bool(self.meetings or self.holiday)


@require_safe
def month(request: StaffRequest) -> HttpResponse:
    if not request.user.has_perm("meetings.list"):
        raise PermissionDenied
    today = timezone.localdate()
    first = month_asked(request.GET.get("month", ""), today)
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    meetings = in_days(request, weeks[0][0], weeks[-1][-1])
    shown = [[day_of(day, first, today, meetings) for day in week] for week in weeks]
    context = {
        "first": first,
        "weeks": shown,
        "empty": not any(each.says_something for week in shown for each in week),
        "before": add_months(first, -1),
        "after": add_months(first, 1),
        "now": today.replace(day=1),
    }
    return render(request, "tasking/calendar.html", context)


def month_asked(typed: str, today: dt.date) -> dt.date:
    """The first day of `2026-09`; of this month where nothing sensible is asked."""
    found = MONTH.fullmatch(typed)
    return dt.date(int(found[1]), int(found[2]), 1) if found else today.replace(day=1)


def in_days(request: StaffRequest, first: dt.date, last: dt.date) -> dict[dt.date, list[Meeting]]:
    found = Meeting.objects.visible_to(request.user).filter(
        partnership=request.partnership,
        starts_at__gte=start_of_day(first),
        starts_at__lt=start_of_day(last + dt.timedelta(days=1)),
    )
    by_day = defaultdict(list)
    for meeting in found.select_related("series", "area").order_by("starts_at", "pk"):
        by_day[meeting.day].append(meeting)
    return by_day


def day_of(day: dt.date, first: dt.date, today: dt.date, meetings: dict[dt.date, list[Meeting]]) -> Day:
    holiday = bank_holiday_names(day.year).get(day, "")
    return Day(day, day.month == first.month, day == today, holiday, meetings.get(day, []))


@never_cache
@require_http_methods(["GET", "POST"])
def feed(request: StaffRequest) -> HttpResponse:
    """Make, renew and withdraw one's own address. Its secret is shown when it is made, and never again."""
    if not request.user.has_perm("meetings.list"):
        raise PermissionDenied
    at, address = timezone.now(), ""
    if request.POST.get("do") == "withdraw":
        calendar_feed.withdraw_feed(user=request.user)
        return redirect("meetings:feed")
    if request.method == "POST":
        secret = calendar_feed.make_feed(user=request.user, at=at)
        address = settings.PUBLIC_URL + reverse("meetings:feed_ics", args=[secret])
    own = CalendarFeed.objects.filter(user=request.user).first()
    return render(request, "tasking/calendar_feed.html", {"feed": own, "address": address})


@login_not_required
@never_cache
@require_safe
def feed_ics(request: HttpRequest, token: str) -> HttpResponse:
    """What a calendar program asks for again and again. It cannot sign in: the secret is what lets it in."""
    if guesses(request, count=False):
        raise Http404
    user = calendar_feed.reader_of(token)
    if user is None:
        guesses(request, count=True)
        raise Http404
    if is_ratelimited(
        request, group="calendar-feed", key=lambda *_: str(user.pk), rate=ASKING, increment=True
    ):
        return HttpResponse(status=429, headers={"Retry-After": "3600"})
    written = calendar_feed.calendar_of(user=user, at=timezone.now())
    return HttpResponse(written, content_type="text/calendar; charset=utf-8")


def guesses(request: HttpRequest, *, count: bool) -> bool:
    """More wrong addresses from one place than mistakes would make."""
    limited: bool = is_ratelimited(
        request, group="calendar-guess", key="ip", rate=WRONG_ADDRESSES, increment=count
    )
    return limited
