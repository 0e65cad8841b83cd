"""Many cases at once: choose them in the list, look them over, then do it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.filters import CaseList
from cases.forms.case_list import BulkAssignForm, BulkChaseForm
from cases.services import bulk
from cases.services.case_list import NOBODY
from cases.services.staff import colleagues
from csp.agencies.access import StaffRequest
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken
from csp.core.text import count


def check_may_work(request: StaffRequest) -> None:
    if request.partner is None or not request.user.has_perm("cases.list_work", request.partner):
        raise PermissionDenied


def references_of(request: StaffRequest) -> list[str]:
    """The cases whose boxes are ticked, or the first of a whole list."""
    given = request.POST if request.method == "POST" else request.GET
    if (query := given.get("list")) is None:
        return given.getlist("case")
    seen = CaseList.read(request.user, request.partnership, request.partner, QueryDict(query))
    found = seen.cases.order_by(*seen.wanted.order).values_list("reference", flat=True)
    return list(found[: bulk.MOST])


def back_to_list(request: StaffRequest, problem: str) -> HttpResponse:
    messages.error(request, problem)
    return redirect("cases:list")


@require_http_methods(["GET", "POST"])
def assign(request: StaffRequest) -> HttpResponse:
    check_may_work(request)
    now = timezone.now()
    try:
        choice = bulk.choose(references_of(request), request.user)
    except RuleBroken as problem:
        return back_to_list(request, str(problem))
    people = {str(each.pk): each for each in colleagues(request.partner, local_day(now))}
    form = BulkAssignForm(request.POST or None, colleagues=list(people.values()))
    if choice.cases and form.is_valid():
        chosen = form.cleaned_data["officer"]
        outcome = bulk.assign_cases(
            references=choice.references,
            officer=None if chosen == NOBODY else people[chosen],
            by=request.user,
            at=now,
            reason=form.cleaned_data["reason"],
        )
        who = "nobody" if chosen == NOBODY else people[chosen]
        return done(request, outcome, f"{count(len(outcome.done), 'case')} given to {who}")
    return render(request, "cases/case_bulk_assign.html", {"form": form, "choice": choice})


@require_http_methods(["GET", "POST"])
def chase(request: StaffRequest) -> HttpResponse:
    check_may_work(request)
    now = timezone.now()
    try:
        choice = bulk.choose(references_of(request), request.user)
    except RuleBroken as problem:
        return back_to_list(request, str(problem))
    if request.method == "POST" and choice.cases:
        outcome = bulk.chase_cases(references=choice.references, by=request.user, at=now)
        return done(request, outcome, f"Agencies are reminded on {count(len(outcome.done), 'case')}")
    late = bulk.late_actions(choice.cases, request.user, now)
    context = {"form": BulkChaseForm(), "choice": choice, "late": late}
    return render(request, "cases/case_bulk_chase.html", context | {"any": any(e.is_to_remind for e in late)})


def done(request: StaffRequest, outcome: bulk.Outcome, words: str) -> HttpResponse:
    """Back to the list where all went well; else say which were left, and why."""
    if outcome.done:
        messages.success(request, words)
    if not outcome.left:
        return redirect("cases:list")
    context: dict[str, Any] = {"outcome": outcome}
    return render(request, "cases/case_bulk_done.html", context)
