"""Series of meetings: which there are, what holds for each, and the dates to come."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases.services.prints import ChangedMeanwhile, mine_over, read_seen
from csp.agencies.access import StaffRequest, get_permitted
from csp.agencies.enums import Role
from csp.agencies.models import Partner
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken
from csp.core.text import count
from tasking.enums import BEFORE, MeetingStatus
from tasking.forms.series import EndSeriesForm, SeriesForm
from tasking.models import Meeting, Series
from tasking.services import series as service
from tasking.views.series_words import changes_of, facts_of

SHOWN_WITH = ("partnership", "lead", "area", "chair", "deputy", "agreement")
MOST_SHOWN = 12


@require_safe
def series_list(request: StaffRequest) -> HttpResponse:
    if not request.user.has_perm("meetings.list"):
        raise PermissionDenied
    at = timezone.now()
    coming = Meeting.objects.visible_to(request.user).coming(at).filter(series=OuterRef("pk"))
    found = (
        Series.objects.visible_to(request.user)
        .filter(partnership=request.partnership)
        .select_related("lead", "area")
        .annotate(
            agencies=Count("invited", distinct=True),
            next_at=Subquery(coming.order_by("starts_at").values("starts_at")[:1]),
        )
        .order_by("name", "pk")
    )
    runs = [each for each in found if each.ended_on is None or each.ended_on > local_day(at)]
    context = {
        "runs": runs,
        "ended": [each for each in found if each not in runs],
        "may_begin": request.user.has_perm("meetings.keep_series"),
    }
    return render(request, "tasking/series_list.html", context)


@require_http_methods(["GET", "POST"])
def series_new(request: StaffRequest) -> HttpResponse:
    if not request.user.has_perm("meetings.keep_series"):
        raise PermissionDenied
    lead, at = lead_for(request), timezone.now()
    form = SeriesForm(request.POST or None, lead=lead, at=at)
    if form.is_valid():
        try:
            made = service.start_series(lead=lead, details=form.details(), by=request.user, at=at)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{made} is set up. Its dates are planned next")
            return redirect("meetings:series_plan", made.pk)
    return render(request, "tasking/series_form.html", {"form": form, "lead": lead, "changes": []})


def lead_for(request: StaffRequest) -> Partner:
    """The team for which they act now, or the first here of which they are officer or manager."""
    kept = [
        seat.partner
        for seat in request.user.seats
        if seat.role in (Role.OFFICER, Role.MANAGER) and seat.partner.partnership_id == request.partnership.pk
    ]
    if not kept:
        raise PermissionDenied
    return request.partner if request.partner in kept else kept[0]


@require_safe
def series(request: StaffRequest, pk: int) -> HttpResponse:
    at = timezone.now()
    found = get_permitted(
        Series.objects.select_related(*SHOWN_WITH), request.user, "meetings.view_series", pk=pk
    )
    meetings = Meeting.objects.visible_to(request.user).filter(series=found)
    past = meetings.filter(Q(starts_at__lt=at), ~Q(status=MeetingStatus.CANCELLED))
    context = {
        "series": found,
        "facts": facts_of(found, local_day(at)),
        "lapsed": bool(found.agreement and found.agreement.has_lapsed(local_day(at))),
        "ended": found.ended_on is not None and found.ended_on <= local_day(at),
        "invited": found.invited.select_related("partner", "person").order_by("partner__name", "pk"),
        "standing": found.standing_items.order_by("position", "pk"),
        "coming": listed(meetings.coming(at)).order_by("starts_at", "pk")[:MOST_SHOWN],
        "past": listed(past).order_by("-starts_at", "-pk")[:MOST_SHOWN],
        "keeps": request.user.has_perm("meetings.keep_series", found),
    }
    return render(request, "tasking/series.html", context)


def listed(meetings: Any) -> Any:
    return meetings.select_related("series", "area")


@require_http_methods(["GET", "POST"])
def series_edit(request: StaffRequest, pk: int) -> HttpResponse:
    at = timezone.now()
    found = kept_series(request, pk)
    form = SeriesForm(request.POST or None, lead=found.lead, at=at, details=service.details_of(found))
    changes: list[dict[str, str]] = []
    if form.is_valid():
        typed, seen = form.details(), read_seen(form.cleaned_data["seen"])
        try:
            service.edit_series(series=found, details=typed, seen=seen, by=request.user, at=at)
        except ChangedMeanwhile as clash:
            both = mine_over(clash.details, typed, service.prints_of(typed), seen)
            form = SeriesForm(lead=found.lead, at=at, details=both, now=clash.details)
            changes = changes_of(clash, form)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{typed.name} is saved. Meetings planned already stay as they are")
            return redirect("meetings:series", found.pk)
    context = {"form": form, "series": found, "lead": found.lead, "changes": changes}
    return render(request, "tasking/series_form.html", context)


def kept_series(request: StaffRequest, pk: int) -> Series:
    return get_permitted(
        Series.objects.select_related(*SHOWN_WITH), request.user, "meetings.keep_series", pk=pk
    )


@require_http_methods(["GET", "POST"])
def series_end(request: StaffRequest, pk: int) -> HttpResponse:
    """Says before it is done which meetings go with it."""
    at = timezone.now()
    found = kept_series(request, pk)
    form = EndSeriesForm(request.POST or None)
    if form.is_valid():
        try:
            gone = service.end_series(series=found, by=request.user, at=at, **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{found} ends. {count(len(gone), 'meeting')} cancelled")
            return redirect("meetings:series", found.pk)
    waiting = listed(found.meetings.filter(status__in=BEFORE, starts_at__gte=at)).order_by("starts_at", "pk")
    return render(request, "tasking/series_end.html", {"form": form, "series": found, "waiting": waiting})
