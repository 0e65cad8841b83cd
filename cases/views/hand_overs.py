"""Asking another agency to take a case over, and answering."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.enums import RequestStatus
from cases.forms.cases import AnswerForm, HandOverForm, ReasonForm
from cases.models import Case, HandOver
from cases.services import hand_overs
from cases.views.case_shell import open_case
from cases.views.case_verbs import verb_page
from csp.agencies.access import StaffRequest
from csp.audit.services import record_once
from csp.core.errors import RuleBroken

PARTIES = ("case__partnership", "case__lead", "from_partner", "to_partner", "asked_by", "answered_by")
WITHDRAW_WORDS = {
    "label": "Why do you not ask any more?",
    "missing": "Enter why you do not ask any more",
    "submit": "Withdraw the request",
}


@require_http_methods(["GET", "POST"])
def ask(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.edit")
    form = HandOverForm(request.POST or None, case=shell.case)
    return verb_page(
        request,
        shell,
        form,
        title="Hand it over to another agency",
        does=hand_overs.ask_to_take_over,
        done="They are asked to take {} over",
        intro=f"{shell.case.lead} leads it until they accept, and sees all of it after that.",
    )


@require_http_methods(["GET", "POST"])
def hand_over(request: StaffRequest, pk: int) -> HttpResponse:
    """Reference, who asks and why, and nothing else: whoever answers may not see the case yet."""
    asked = get_object_or_404(HandOver.objects.visible_to(request.user).select_related(*PARTIES), pk=pk)
    waits = asked.status == RequestStatus.WAITING
    answers = request.user.has_perm("cases.answer_hand_over", asked)
    if request.method == "POST" and not answers:
        raise PermissionDenied
    form = AnswerForm(request.POST or None) if answers and (waits or request.POST) else None
    if form is not None and form.is_valid():
        try:
            return answered(request, asked, form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
    record_once("hand_over.viewed", by=request.user, target=asked, partnership=asked.case.partnership)
    context = {"asked": asked, "form": form, "waits": waits, "may_see": may_see(request, asked)}
    context["may_withdraw"] = waits and request.user.has_perm("cases.withdraw_hand_over", asked)
    return render(request, "cases/hand_over.html", context)


def may_see(request: StaffRequest, asked: HandOver) -> bool:
    return Case.objects.visible_to(request.user).filter(pk=asked.case_id).exists()


def answered(request: StaffRequest, asked: HandOver, typed: dict[str, Any]) -> HttpResponse:
    given = {"hand_over": asked, "answer": typed["answer"], "by": request.user, "at": timezone.now()}
    if typed["decision"] == AnswerForm.DECLINE:
        hand_overs.decline(**given)
        messages.success(request, f"{asked.from_partner} learns that you do not take {asked.case} over")
        return redirect("cases:hand_over", pk=asked.pk)
    hand_overs.accept(**given, takes_it=typed["decision"] == AnswerForm.TAKE)
    messages.success(request, f"{asked.to_partner} leads {asked.case} now")
    return redirect(asked.case)


@require_http_methods(["GET", "POST"])
def withdraw(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    shell = open_case(request, reference, "cases.edit")
    asked = get_object_or_404(shell.case.hand_overs.select_related("to_partner"), pk=pk)
    form = ReasonForm(request.POST or None, **WITHDRAW_WORDS)

    def take_back(*, case: Case, **typed: Any) -> None:
        hand_overs.withdraw(hand_over=asked, **typed)

    return verb_page(
        request,
        shell,
        form,
        title=f"Do not ask {asked.to_partner} any more",
        does=take_back,
        done="{} stays with your agency",
    )
