"""The pages of a case that say what it is and what is asked: the overview, and its actions."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.models import Case
from cases.services.cases import hung_on
from cases.views.case_overview import Overview
from cases.views.case_shell import open_case
from cases.views.existence import or_existence
from cases.views.neighbours import cases_beside
from csp.actions.models import Action
from csp.agencies.access import StaffRequest

MOST_ACTIONS = 100


@require_safe
@or_existence(Case)
def detail(request: StaffRequest, reference: str) -> HttpResponse:
    """What is going on, who is at risk, what happens next, what has been done, who may see it."""
    shell = open_case(request, reference)
    beside = cases_beside(request, shell.case)
    context = {"shell": shell, "page": Overview(shell), "neighbours": beside}
    return render(request, "cases/case_detail.html", context)


@require_safe
def actions(request: StaffRequest, reference: str) -> HttpResponse:
    """Every action of the case and its parts that the reader may see."""
    shell = open_case(request, reference, active="cases:actions")
    hung = Action.objects.visible_to(request.user).filter(hung_on(shell.case))
    hung = hung.select_related("owner", "lead", "person")
    context = {
        "shell": shell,
        "outstanding": hung.outstanding().order_by("due_on", "pk")[:MOST_ACTIONS],
        "ended": hung.ended().order_by("-ended_at", "-pk")[:MOST_ACTIONS],
        "may_give": shell.case.is_open and request.user.has_perm("actions.give"),
    }
    return render(request, "cases/case_actions.html", context)
