"""The triage queue: one list, its filters, and who takes what."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from cases.forms.queue import AssignForm, SaveFilterForm
from cases.models import Report
from cases.services import claims
from cases.services.staff import colleagues
from cases.views.queue_page import TABS, Queue
from csp.agencies.access import StaffRequest, get_permitted
from csp.agencies.services.filters import filters_for
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken
from csp.core.keyset import page_of
from csp.core.pagination import capped_count

ROOM = "reports"


@require_safe
def queue(request: StaffRequest) -> HttpResponse:
    """What waits for triage, highest risk and nearest clock first; or what was decided, newest first."""
    if request.partner is None or not request.user.has_perm("reports.list"):
        raise PermissionDenied
    seen = Queue.read(request.user, request.partnership, request.partner, request.GET)
    page = page_of(seen.reports, request, *seen.order)
    context = {
        "queue": seen,
        "page": page,
        "rows": seen.rows_of(page.rows),
        "count": capped_count(seen.reports),
        "tabs": tabs(request, seen),
        "save_form": SaveFilterForm(initial={"query": seen.filters_only}),
        "clear_url": f"?tab={seen.tab}",
    }
    return render(request, "cases/queue.html", context)


def tabs(request: StaffRequest, seen: Queue) -> list[dict[str, Any]]:
    """The three lists, then saved filters: the user's own and what colleagues share."""
    saved = request.GET.get("saved", "")
    lists = [
        {"label": label, "url": f"?tab={tab}", "active": seen.tab == tab and not saved}
        for tab, label in TABS.items()
    ]
    own = filters_for(request.user, ROOM, request.partner)
    return lists + [
        {"label": each.name, "url": f"?{each.query}&saved={each.pk}", "active": saved == str(each.pk)}
        for each in own
    ]


def back_to(request: StaffRequest, report: Report) -> HttpResponse:
    """To the page the button was on."""
    then = request.POST.get("next", "")
    if then and url_has_allowed_host_and_scheme(then, {request.get_host()}, request.is_secure()):
        return redirect(then)
    return redirect("reports:detail", reference=report.reference)


@require_POST
def claim(request: StaffRequest, reference: str) -> HttpResponse:
    report = get_permitted(Report.objects.all(), request.user, "reports.claim", reference=reference)
    try:
        claims.claim(report=report, by=request.user, at=timezone.now())
    except RuleBroken as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"You have {report} now")
    return back_to(request, report)


@require_POST
def release(request: StaffRequest, reference: str) -> HttpResponse:
    report = get_permitted(Report.objects.all(), request.user, "reports.claim", reference=reference)
    try:
        claims.release(report=report, by=request.user, at=timezone.now())
    except RuleBroken as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"Nobody has {report} now. Any colleague can claim it")
    return back_to(request, report)


@require_POST
def assign(request: StaffRequest, reference: str) -> HttpResponse:
    report = get_permitted(
        Report.objects.select_related("lead"), request.user, "reports.assign", reference=reference
    )
    at = timezone.now()
    form = AssignForm(request.POST, colleagues=colleagues(report.lead, local_day(at)))
    if not form.is_valid():
        messages.error(request, "Choose a colleague to give the report to")
        return back_to(request, report)
    try:
        claims.assign(report=report, to=form.cleaned_data["officer"], by=request.user, at=at)
    except RuleBroken as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"{form.cleaned_data['officer']} has {report} now")
    return back_to(request, report)
