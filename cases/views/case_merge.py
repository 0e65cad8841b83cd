"""Merging two cases that are one, and making two of them again."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.forms.cases import OtherCaseForm, ReasonForm
from cases.models import Case
from cases.services import merging
from cases.views.case_shell import CaseShell, open_case
from csp.agencies.access import StaffRequest, get_permitted
from csp.core.errors import RuleBroken

MOST_OFFERED = 5
WORDS = {"label": "Why are they one case?", "missing": "Enter why they are one case", "submit": "Merge them"}
UNDO_WORDS = {
    "label": "Why are they two cases after all?",
    "missing": "Enter why they are two cases",
    "submit": "Make them two cases again",
}


@require_http_methods(["GET", "POST"])
def choose(request: StaffRequest, reference: str) -> HttpResponse:
    """Which case shall become part of this one?"""
    shell = open_case(request, reference, "cases.edit")
    form = OtherCaseForm(request.POST or None, user=request.user)
    if form.is_valid():
        gone = form.cleaned_data["other"]
        try:
            merging.refuse_merge(shell.case, gone)
        except RuleBroken as problem:
            form.add_error("other", str(problem))
        else:
            return redirect("cases:merge_confirm", reference=reference, other=gone.reference)
    context = {"case": shell.case, "form": form, "alike": alike(shell)}
    return render(request, "cases/case_merge.html", context)


def alike(shell: CaseShell) -> Any:
    """Open cases of the same team at the same place."""
    case = shell.case
    if case.place_id is None:
        return []
    open_ones = Case.objects.visible_to(shell.user).open().filter(lead=case.lead_id, place=case.place_id)
    return open_ones.exclude(pk=case.pk).order_by("-opened_at")[:MOST_OFFERED]


@require_http_methods(["GET", "POST"])
def confirm(request: StaffRequest, reference: str, other: str) -> HttpResponse:
    """What a merge means, before it is done."""
    shell = open_case(request, reference, "cases.edit")
    gone = get_permitted(Case.objects.select_related("lead"), request.user, "cases.edit", reference=other)
    form = ReasonForm(request.POST or None, **WORDS)
    if form.is_valid():
        try:
            merging.merge(kept=shell.case, gone=gone, by=request.user, at=timezone.now(), **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{gone} is part of {shell.case} now")
            return redirect(shell.case)
    shown = merging.preview(kept=shell.case, gone=gone, at=timezone.now())
    context = {"case": shell.case, "form": form, "preview": shown}
    return render(request, "cases/case_merge_confirm.html", context)


@require_http_methods(["GET", "POST"])
def undo(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    shell = open_case(request, reference, "cases.edit")
    merges = shell.case.merges.select_related("kept", "gone").filter(
        gone__in=Case.objects.visible_to(request.user)
    )
    merge = get_object_or_404(merges, pk=pk)
    if not request.user.has_perm("cases.edit", merge.gone):
        raise PermissionDenied
    form = ReasonForm(request.POST or None, **UNDO_WORDS)
    if form.is_valid():
        try:
            merging.undo_merge(merge=merge, by=request.user, at=timezone.now(), **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{merge.gone} is a case of its own again")
            return redirect(merge.gone)
    intro = (
        f"{merge.gone} was merged into {shell.case} because: {merge.reason}. It goes back to where it stood."
    )
    said = {"title": "Make them two cases again", "intro": intro, "changes": []}
    context = {"case": shell.case, "form": form, **said}
    return render(request, "cases/case_verb.html", context)
