"""Plans and their priorities: which there are, set up, and changed."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases.services.prints import ChangedMeanwhile, mine_over, read_seen
from csp.agencies.access import StaffRequest
from csp.core.errors import RuleBroken
from performance.forms.plans import PlanForm, PriorityForm
from performance.models import Plan
from performance.services import plans as service
from performance.views.doors import EXPLORE, MAKE, partnership_for
from performance.views.plan_shell import changes_of, form_page, made_plan, made_priority


@require_safe
def plans(request: StaffRequest) -> HttpResponse:
    here = partnership_for(request, EXPLORE)
    today = timezone.localdate()
    found = Plan.objects.visible_to(request.user).filter(partnership=here)
    listed = list(
        found.annotate(
            priorities_there=Count("priorities", distinct=True), actions_there=Count("actions", distinct=True)
        ).order_by("-starts_on", "name", "pk")
    )
    context = {
        "current": [each for each in listed if each.ends_on >= today],
        "past": [each for each in listed if each.ends_on < today],
        "makes": request.user.has_perm("performance.make", here),
    }
    return render(request, "performance/plans.html", context)


@require_http_methods(["GET", "POST"])
def plan_new(request: StaffRequest) -> HttpResponse:
    here, at = partnership_for(request, MAKE), timezone.now()
    form = PlanForm(request.POST or None)
    if form.is_valid():
        try:
            made = service.start_plan(partnership=here, details=form.details(), by=request.user, at=at)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{made} is set up. Add its first priority")
            return redirect(made)
    return form_page(request, form, "Set up a plan")


@require_http_methods(["GET", "POST"])
def plan_edit(request: StaffRequest, pk: int) -> HttpResponse:
    plan, at = made_plan(request, pk), timezone.now()
    form = PlanForm(request.POST or None, details=service.details_of(plan))
    changes: list[dict[str, str]] = []
    if form.is_valid():
        typed, seen = form.details(), read_seen(form.cleaned_data["seen"])
        try:
            service.edit_plan(plan=plan, details=typed, seen=seen, by=request.user, at=at)
        except ChangedMeanwhile as clash:
            both = mine_over(clash.details, typed, service.prints_of(typed), seen)
            form = PlanForm(details=both, now=clash.details)
            changes = changes_of(clash, form)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{typed.name} is saved")
            return redirect(plan)
    return form_page(request, form, f"Change {plan}", plan=plan, changes=changes, thing="plan")


@require_http_methods(["GET", "POST"])
def priority_new(request: StaffRequest, pk: int) -> HttpResponse:
    plan, at = made_plan(request, pk), timezone.now()
    form = PriorityForm(request.POST or None, partnership=plan.partnership)
    if form.is_valid():
        try:
            made = service.add_priority(plan=plan, details=form.details(), by=request.user, at=at)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{made} is a priority of the plan")
            return redirect(plan)
    return form_page(request, form, "Add a priority", plan=plan)


@require_http_methods(["GET", "POST"])
def priority_edit(request: StaffRequest, pk: int) -> HttpResponse:
    priority, at = made_priority(request, pk), timezone.now()
    here = priority.plan.partnership
    form = PriorityForm(request.POST or None, partnership=here, details=service.priority_details(priority))
    changes: list[dict[str, str]] = []
    if form.is_valid():
        typed, seen = form.details(), read_seen(form.cleaned_data["seen"])
        try:
            service.edit_priority(priority=priority, details=typed, seen=seen, by=request.user, at=at)
        except ChangedMeanwhile as clash:
            both = mine_over(clash.details, typed, service.prints_of(typed), seen)
            form = PriorityForm(partnership=here, details=both, now=clash.details)
            changes = changes_of(clash, form)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{typed.name} is saved")
            return redirect(priority.plan)
    title = f"Change {priority}"
    return form_page(request, form, title, plan=priority.plan, changes=changes, thing="priority")
