"""Moving a case along, and choosing who works on it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cases.forms.cases import AssignForm, HoldForm, MoveForm, ReasonForm
from cases.services import statuses
from cases.services.cases import outstanding_actions
from cases.views.case_shell import open_case
from cases.views.case_verbs import verb_page
from csp.agencies.access import StaffRequest
from csp.core.errors import RuleBroken


@require_http_methods(["GET", "POST"])
def move(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.edit")
    form = MoveForm(request.POST or None, case=shell.case)
    intro = f"It is {shell.case.get_status_display()} now."
    return verb_page(
        request, shell, form, title="Move it on", does=statuses.move, done="{} moved on", intro=intro
    )


@require_http_methods(["GET", "POST"])
def hold(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.edit")
    form = HoldForm(request.POST or None)
    intro = "Use this when nothing can be done for now. Its clocks go on, and you are reminded on the day."
    return verb_page(
        request, shell, form, title="Put it on hold", does=statuses.hold, done="{} is on hold", intro=intro
    )


@require_http_methods(["GET", "POST"])
def release(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.edit")
    words = {"label": "Why does work go on?", "missing": "Enter why work goes on", "submit": "Release it"}
    form = ReasonForm(request.POST or None, **words)
    intro = f"On hold because: {shell.case.hold_reason}" if shell.case.hold_reason else ""
    return verb_page(
        request,
        shell,
        form,
        title="Release it from hold",
        does=statuses.release,
        done="{} is off hold",
        intro=intro,
    )


@require_http_methods(["GET", "POST"])
def assign(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.edit")
    form = AssignForm(request.POST or None, case=shell.case)
    who = shell.case.officer
    intro = f"{who} works on it now." if who else "Nobody works on it yet."
    return verb_page(
        request,
        shell,
        form,
        title="Choose who works on it",
        does=statuses.assign,
        done="Somebody else works on {} now",
        intro=intro,
    )


@require_POST
def take(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.edit")
    try:
        statuses.take(case=shell.case, by=request.user, at=timezone.now())
    except RuleBroken as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"You work on {shell.case} now")
    return redirect(shell.case)


@require_http_methods(["GET", "POST"])
def cancel(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.edit")
    words = {"label": "Why should it not be a case?", "missing": "Enter why", "submit": "Cancel the case"}
    form = ReasonForm(request.POST or None, **words)
    waiting = outstanding_actions(shell.case).count()
    intro = (
        "Cancel what should never have been a case, such as one opened by mistake. It cannot be opened again."
        " Close it instead if work was done, or merge it into the case that it belongs to."
    )
    if waiting:
        intro += f" Actions still to do: {waiting}. They must be ended first."
    return verb_page(
        request,
        shell,
        form,
        title="Cancel this case",
        does=statuses.cancel,
        done="{} is cancelled",
        intro=intro,
    )
