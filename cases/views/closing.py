"""Closing a case, agreeing to it, and opening it again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_POST

from cases import notifications
from cases.enums import CaseStatus, ContactKind
from cases.forms.cases import ReasonForm
from cases.forms.closing import LETTER, CloseForm, initial_of
from cases.models import Closure
from cases.services import closing
from cases.services.closing import Hindrance
from cases.views.case_contact import look_of, shown_as_pdf
from cases.views.case_shell import CaseShell, open_case
from cases.views.case_verbs import verb_page
from csp.agencies.access import StaffRequest
from csp.core.errors import RuleBroken

LOOKS = {"again", "look", "pdf"}
"""Buttons that show the letter, and close nothing."""


@require_http_methods(["GET", "POST"])
def close(request: StaffRequest, reference: str) -> HttpResponse:
    """What stands in the way, and how it ends. Where a manager has to agree, the same page asks them."""
    shell = open_case(request, reference, "cases.edit")
    if shell.case.status == CaseStatus.PENDING:
        return render(request, "cases/closing_proposed.html", proposal_of(shell))
    if not shell.case.is_at_work:
        messages.error(request, not_now(shell))
        return redirect(shell.case)
    before = initial_of(closing.last_refusal(shell.case))
    form = CloseForm(request.POST or None, case=shell.case, at=shell.at, initial=before)
    answer: HttpResponse | dict[str, Any] | None = None
    if form.is_valid():
        try:
            answer = pressed(request, shell, form)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
    if isinstance(answer, HttpResponse):
        return answer
    return render(request, "cases/closing_form.html", page_of(shell, form) | (answer or {}))


def not_now(shell: CaseShell) -> str:
    if shell.case.status == CaseStatus.ON_HOLD:
        return f"{shell.case} is on hold. Release it first"
    return f"{shell.case} is {shell.case.get_status_display().lower()} and cannot be closed"


def page_of(shell: CaseShell, form: CloseForm) -> dict[str, Any]:
    hindrances = closing.hindrances(shell.case, shell.at)
    return {
        "shell": shell,
        "form": form,
        "hindrances": [(each, page_for(shell, each)) for each in hindrances],
        "must_wait": any(each.stops for each in hindrances),
        "needs_second": closing.needs_second(shell.case, shell.user),
        "refused": closing.last_refusal(shell.case),
        "read_letter": False,
        "preview": None,
    }


def page_for(shell: CaseShell, hindrance: Hindrance) -> str:
    try:
        return reverse(hindrance.page, args=[shell.case.reference])
    except NoReverseMatch:
        return shell.case.get_absolute_url()


def pressed(request: StaffRequest, shell: CaseShell, form: CloseForm) -> HttpResponse | dict[str, Any]:
    """Close it if it can close. Before a letter goes, its writer sees it: the words, then how it looks."""
    ending, letter = form.ending(), form.cleaned_data.get("letter", "")
    looks = LOOKS & request.POST.keys()
    if not looks:
        closing.refuse_unless_ready(shell.case, ending.reason, shell.at)
    if "again" in looks or ((looks or form.wants_letter) and not letter):
        written = {"reason": ending.reason, "done": ending.note}
        words = notifications.case_words(shell.case, ContactKind.CLOSURE, at=shell.at, **written)
        return {"form": with_letter(shell, request, words), "read_letter": True}
    if looks:
        drafted = closing.closure_letter(case=shell.case, letter=letter, by=request.user, at=shell.at)
        return shown_as_pdf(drafted) if "pdf" in looks else {"preview": look_of(drafted)}
    closure = closing.propose_closing(case=shell.case, ending=ending, by=request.user, at=shell.at)
    waits = closure.approved_at is None
    messages.success(
        request, f"A manager is asked to close {shell.case}" if waits else f"{shell.case} is closed"
    )
    return redirect(shell.case)


def with_letter(shell: CaseShell, request: StaffRequest, words: str) -> CloseForm:
    """What was typed, with the letter that it makes."""
    data = request.POST.copy()
    data["told"], data["letter"] = LETTER, words
    return CloseForm(data, case=shell.case, at=shell.at)


def proposal_of(shell: CaseShell) -> dict[str, Any]:
    closure = Closure.objects.select_related("proposed_by").get(
        case=shell.case, refused_at=None, reopened_at=None
    )
    words = {"label": "Why should it not close yet?", "missing": "Enter why it should not close yet"}
    form = ReasonForm(None, **words, submit="Do not close it")
    form.helper.form_action = reverse("cases:close_refuse", args=[shell.case.reference])
    return {
        "shell": shell,
        "closure": closure,
        "outcomes": [outcome.label for outcome in closure.outcomes.order_by("position", "label")],
        "may_answer": shell.may("cases.manage") and closure.proposed_by_id != shell.user.pk,
        "form": form,
    }


@require_POST
def approve(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.manage")
    try:
        closing.approve_closing(case=shell.case, by=request.user, at=shell.at)
    except RuleBroken as problem:
        messages.error(request, str(problem))
        return redirect("cases:close", reference=reference)
    messages.success(request, f"{shell.case} is closed")
    return redirect(shell.case)


@require_POST
def refuse(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.manage")
    words = {"label": "Why should it not close yet?", "missing": "Enter why it should not close yet"}
    form = ReasonForm(request.POST, **words, submit="Do not close it")
    return verb_page(
        request,
        shell,
        form,
        title="Do not close it yet",
        does=closing.refuse_closing,
        done="{} stays open",
    )


@require_http_methods(["GET", "POST"])
def reopen(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.edit")
    words = {
        "label": "Why is it opened again?",
        "missing": "Enter why it is opened again",
        "submit": "Reopen it",
    }
    form = ReasonForm(request.POST or None, **words)
    return verb_page(
        request,
        shell,
        form,
        title="Reopen this case",
        does=closing.reopen,
        done="{} is open again",
        intro="Risk must be scored again, and the complainant hears from you. The closing stays on record.",
    )
