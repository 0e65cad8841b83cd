"""Who a case is shared with, and sharing it: fill in, see it as they will, confirm."""

import copy
import datetime as dt
import re
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import resolve
from django.views.decorators.http import require_http_methods, require_safe

from cases.enums import RequestStatus
from cases.forms.sharing import EndShareForm, LevelForm, ShareForm
from cases.models import AccessRequest, CaseShare
from cases.services import case_sharing
from cases.services.case_sharing import AsSeen
from cases.views.case_shell import CaseShell, open_case
from cases.views.case_verbs import verb_page
from cases.views.sharing_page import SharingPage
from csp.agencies.access import StaffRequest
from csp.agencies.enums import ShareLevel
from csp.agencies.models import User
from csp.agencies.services import sharing
from csp.agencies.services.agreements import shortcomings
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken

TAB = "cases:sharing"
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
"""None runs in the preview."""


@require_safe
def shares(request: StaffRequest, reference: str) -> HttpResponse:
    """What is shared, what was, who asks for more; for an agency, the terms of its own share."""
    shell = open_case(request, reference, active=TAB)
    return render(request, "cases/sharing.html", {"shell": shell, "page": SharingPage(shell)})


@require_http_methods(["GET", "POST"])
def share(request: StaffRequest, reference: str) -> HttpResponse:
    """Three faces of one address: the form, the preview, and back to the form with everything in it."""
    shell = open_case(request, reference, "cases.share", active=TAB)
    asked = request_answered(request, shell)
    if request.method == "GET":
        form = ShareForm(case=shell.case, at=shell.at, asked=asked, initial=from_request(asked))
        return show_form(request, shell, form, asked)
    form = ShareForm(request.POST, case=shell.case, at=shell.at, asked=asked)
    if "change" in request.POST or not form.is_valid():
        return show_form(request, shell, form, asked)
    try:
        if "confirm" in request.POST:
            return confirmed(request, shell, form, asked)
        seen = preview(request, shell, form, asked)
    except RuleBroken as problem:
        form.add_error(None, str(problem))
        return show_form(request, shell, form, asked)
    return render(request, "cases/sharing_preview.html", preview_context(shell, form, seen, asked))


def request_answered(request: StaffRequest, shell: CaseShell) -> AccessRequest | None:
    """The request that the share would answer, named in `?request=`."""
    number = request.GET.get("request", "")
    if not number.isdecimal() or len(number) > 18:
        return None
    waiting = AccessRequest.objects.select_related("partner", "asked_by")
    return get_object_or_404(waiting, pk=number, case=shell.case, status=RequestStatus.WAITING)


def from_request(asked: AccessRequest | None) -> dict[str, Any]:
    return {"partner": asked.partner_id, "level": asked.level, "purpose": asked.why} if asked else {}


def show_form(
    request: StaffRequest, shell: CaseShell, form: ShareForm, asked: AccessRequest | None
) -> HttpResponse:
    page = SharingPage(shell)
    context = {"shell": shell, "form": form, "asked": asked, "there": page.open, "protected": page.protected}
    return render(request, "cases/sharing_new.html", context)


def confirmed(
    request: StaffRequest, shell: CaseShell, form: ShareForm, asked: AccessRequest | None
) -> HttpResponse:
    made = case_sharing.share_case(
        case=shell.case, terms=form.terms(), by=request.user, at=shell.at, asked=asked
    )
    messages.success(request, f"{shell.case} is shared with {made.to_partner}. We have told them by e-mail")
    return redirect(TAB, reference=shell.case.reference)


def preview(request: StaffRequest, shell: CaseShell, form: ShareForm, asked: AccessRequest | None) -> AsSeen:
    terms = form.terms()

    def show(user: User) -> str:
        return page_as(request, shell, user)

    return case_sharing.as_seen_by(
        case=shell.case, terms=terms, show=show, by=request.user, at=shell.at, asked=asked
    )


def page_as(request: StaffRequest, shell: CaseShell, user: User) -> str:
    """The real page of the case, drawn for the stand-in."""
    theirs = copy.copy(request)
    theirs.method, theirs.GET, theirs.POST = "GET", QueryDict(), QueryDict()
    theirs.user, theirs.partner = user, user.seats[0].partner
    theirs.__dict__.pop("_messages", None)  # those wait for the person at the screen
    address = shell.case.get_absolute_url()
    theirs.path = theirs.path_info = address
    view = resolve(address)
    theirs.resolver_match = view
    drawn = view.func(theirs, **view.kwargs).content.decode()
    return SCRIPT.sub("", drawn)


def preview_context(
    shell: CaseShell, form: ShareForm, seen: AsSeen, asked: AccessRequest | None
) -> dict[str, Any]:
    terms = form.terms()
    warnings = shortcomings(terms.agreement, terms.partner, local_day(shell.at)) if terms.agreement else []
    return {
        "shell": shell,
        "form": form,
        "terms": terms,
        "level": terms.level.label,
        "in_full": terms.level >= ShareLevel.FULL,
        "seen": seen,
        "warnings": warnings,
        "asked": asked,
    }


@require_http_methods(["GET", "POST"])
def change_share(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    shell, shared = open_share(request, reference, pk)
    initial = {"level": shared.level, "purpose": shared.purpose}
    form = LevelForm(request.POST or None, initial=initial)

    def does(*, case: Any, by: User, at: dt.datetime, level: int, **terms: str) -> None:
        sharing.change_level(share=shared, level=ShareLevel(level), by=by, at=at, **terms)

    title = f"How much {shared.to_partner} sees"
    return back_to_tab(request, shell, form, title=title, does=does, done="What they see is changed")


@require_http_methods(["GET", "POST"])
def end_share(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    shell, shared = open_share(request, reference, pk)
    form = EndShareForm(request.POST or None)

    def does(*, case: Any, by: User, at: dt.datetime, reason: str) -> None:
        sharing.end_share(share=shared, reason=reason, by=by, at=at)

    return back_to_tab(
        request,
        shell,
        form,
        title=f"End the share with {shared.to_partner}",
        does=does,
        done=f"{shared.to_partner} no longer sees it",
        intro="They lose it and its reports at once, but for reports shared with them by themselves.",
    )


def open_share(request: StaffRequest, reference: str, pk: int) -> tuple[CaseShell, CaseShare]:
    shell = open_case(request, reference, "cases.share", active=TAB)
    shares = CaseShare.objects.select_related("to_partner", "record__lead")
    return shell, get_object_or_404(shares, pk=pk, record=shell.case)


def back_to_tab(request: StaffRequest, shell: CaseShell, form: Any, **page: Any) -> HttpResponse:
    """A small page of one verb, which comes back here."""
    answer = verb_page(request, shell, form, **{"changes": [], **page})
    done = answer.status_code == 302
    return redirect(TAB, reference=shell.case.reference) if done else answer
