"""Asking the team that leads a case for access, and its answer."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cases.forms.sharing import AskForm, DeclineForm
from cases.models import AccessRequest, Case
from cases.services import access_requests
from cases.views.case_sharing import TAB, back_to_tab
from cases.views.case_shell import CaseShell, open_case
from csp.agencies.access import StaffRequest
from csp.agencies.enums import ShareLevel
from csp.agencies.models import User
from csp.core.errors import RuleBroken


@require_http_methods(["GET", "POST"])
def ask(request: StaffRequest, reference: str) -> HttpResponse:
    """For an agency that knows of the case, and for one that sees a part of it."""
    known = Case.objects.known_to(request.user).select_related("lead")
    case = get_object_or_404(known, reference=reference)
    if access_requests.asker_of(case, request.user) is None:
        raise PermissionDenied
    form = AskForm(request.POST or None)
    if form.is_valid():
        level, why = ShareLevel(form.cleaned_data["level"]), form.cleaned_data["why"]
        try:
            access_requests.ask(case=case, level=level, why=why, by=request.user, at=timezone.now())
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{case.lead} has been asked. We shall tell you when they answer")
            return redirect(case)
    return render(request, "cases/sharing_ask.html", {"case": case, "form": form})


@require_POST
def withdraw(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    own = AccessRequest.objects.filter(case__in=Case.objects.known_to(request.user))
    asked = get_object_or_404(own, pk=pk, case__reference=reference)
    if asked.partner_id not in request.user.partner_ids:
        raise PermissionDenied
    try:
        access_requests.withdraw(asked=asked, by=request.user, at=timezone.now())
    except RuleBroken as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "Your request is withdrawn")
    return redirect(asked.case)


@require_http_methods(["GET", "POST"])
def decline(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    shell, asked = open_request(request, reference, pk)
    form = DeclineForm(request.POST or None)

    def does(*, case: Case, by: User, at: dt.datetime, answer: str) -> None:
        access_requests.decline(asked=asked, answer=answer, by=by, at=at)

    title = f"Decline the request of {asked.partner}"
    intro = f"{asked.asked_by} asked: {asked.why}"
    done = f"{asked.partner} is told that you decline"
    return back_to_tab(request, shell, form, title=title, does=does, done=done, intro=intro)


@require_POST
def accept_by_naming(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """The agency holds the restricted case: who asked is named on it."""
    shell, asked = open_request(request, reference, pk)
    try:
        access_requests.accept_by_naming(asked=asked, by=request.user, at=shell.at)
    except RuleBroken as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"{asked.asked_by} is named on {shell.case}")
    return redirect(TAB, reference=reference)


def open_request(request: StaffRequest, reference: str, pk: int) -> tuple[CaseShell, AccessRequest]:
    shell = open_case(request, reference, "cases.share", active=TAB)
    asked = AccessRequest.objects.select_related("partner", "asked_by")
    return shell, get_object_or_404(asked, pk=pk, case=shell.case)
