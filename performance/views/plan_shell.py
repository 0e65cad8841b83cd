"""What every page about a plan begins with: who reads it, and who makes it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from cases.services.prints import ChangedMeanwhile
from csp.agencies.access import StaffRequest
from performance.models import Plan, PlanAction, Priority
from performance.views.doors import must_explore_some


def read_plan(request: StaffRequest, pk: int) -> Plan:
    """403 for those who read no plans at all, 404 for those who read others."""
    must_explore_some(request)
    found = Plan.objects.visible_to(request.user).select_related("partnership")
    return get_object_or_404(found, pk=pk)


def made_plan(request: StaffRequest, pk: int) -> Plan:
    plan = read_plan(request, pk)
    must_make(request, plan)
    return plan


def read_action(request: StaffRequest, pk: int) -> PlanAction:
    must_explore_some(request)
    return get_object_or_404(shown(PlanAction.objects.visible_to(request.user)), pk=pk)


def made_priority(request: StaffRequest, pk: int) -> Priority:
    must_explore_some(request)
    plans = Plan.objects.visible_to(request.user)
    priority = get_object_or_404(Priority.objects.select_related("plan__partnership"), pk=pk, plan__in=plans)
    must_make(request, priority.plan)
    return priority


def shown(actions: QuerySet[PlanAction]) -> QuerySet[PlanAction]:
    return actions.select_related("plan__partnership", "priority", "person").prefetch_related(
        "leads", "measures"
    )


def must_make(request: StaffRequest, plan: Plan) -> None:
    if not request.user.has_perm("performance.make", plan.partnership):
        raise PermissionDenied


def changes_of(clash: ChangedMeanwhile, form: Any) -> list[dict[str, str]]:
    """What somebody else saved meanwhile, in the words of the form."""
    return [
        {
            "what": str(form.headings.get(name) or form.fields[name].label),
            "now": form.said(name, clash.details),
        }
        for name in clash.fields
    ]


def form_page(request: StaffRequest, form: Any, title: str, **more: Any) -> HttpResponse:
    """A page with one form. `more`: the plan, what the page leads back to, and what changed meanwhile."""
    usual: dict[str, Any] = {"plan": None, "changes": [], "thing": "", "priority_url": ""}
    usual["back"] = more.get("plan")
    return render(request, "performance/plan_form.html", {**usual, **more, "form": form, "title": title})
