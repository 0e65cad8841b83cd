"""The dates of a series: shown before they are planned, and one of one's own choice."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from csp.agencies.access import StaffRequest
from csp.core.calendar import add_months, local_day
from csp.core.errors import RuleBroken
from csp.core.text import count
from tasking.forms.series import PlanOneForm
from tasking.models import Series
from tasking.services import planning
from tasking.views.series import kept_series

MONTHS = (3, 6, 12)


@require_http_methods(["GET", "POST"])
def series_plan(request: StaffRequest, pk: int) -> HttpResponse:
    found, at = kept_series(request, pk), timezone.now()
    one = PlanOneForm(request.POST if "one" in request.POST else None)
    if one.is_bound:
        if one.is_valid() and (done := plan_one(request, found, one)):
            return done
    elif request.method == "POST":
        return plan(request, found)
    months = months_asked(request.GET.get("months"))
    proposals = planning.proposals(found, add_months(local_day(at), months), at)
    context = {
        "series": found,
        "months": months,
        "choices": [
            {"label": f"{each} months", "url": f"?months={each}", "active": each == months} for each in MONTHS
        ],
        "proposals": proposals,
        "new": sum(each.is_new for each in proposals),
        "one": one,
    }
    return render(request, "tasking/series_plan.html", context)


def months_asked(typed: str | None) -> int:
    return next((each for each in MONTHS if str(each) == typed), MONTHS[0])


def plan(request: StaffRequest, series: Series) -> HttpResponse:
    at = timezone.now()
    until = add_months(local_day(at), months_asked(request.POST.get("months")))
    made = planning.plan_ahead(series=series, until=until, by=request.user, at=at)
    messages.success(request, f"{count(len(made), 'meeting')} planned" if made else "No new date to plan")
    return redirect("meetings:series", series.pk)


def plan_one(request: StaffRequest, series: Series, form: PlanOneForm) -> HttpResponse | None:
    try:
        made = planning.plan_one(series=series, by=request.user, at=timezone.now(), **form.cleaned_data)
    except RuleBroken as problem:
        form.add_error("starts_at", str(problem))
        return None
    messages.success(request, f"{made} is planned")
    return redirect(made)
