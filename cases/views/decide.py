"""Deciding about a report, and undoing it the same day."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.forms.decide import DecideForm, UndoForm
from cases.models import Decision, Report
from cases.services import decisions, undoing
from cases.services.decisions import AlreadyDecided
from cases.views.triage_page import neighbours_in_list, next_to_decide, told_before_deciding
from csp.agencies.access import StaffRequest, get_permitted
from csp.core.errors import RuleBroken

WITH = ("partnership", "lead", "officer", "place", "ward", "local_area", "likely_duplicate_of")
NOT_SAVED = "{}. What you typed is below, and nothing of it was saved"


@require_http_methods(["GET", "POST"])
def decide(request: StaffRequest, reference: str) -> HttpResponse:
    reports = Report.objects.select_related(*WITH)
    report = get_permitted(reports, request.user, "reports.triage", reference=reference)
    at = timezone.now()
    if request.method == "GET" and not report.awaits_triage:
        return redirect("reports:detail", reference=report.reference)
    form = DecideForm(request.POST or None, report=report, user=request.user, at=at)
    if not report.awaits_triage:
        form.add_error(None, NOT_SAVED.format(decisions.who_decided(report)))
    elif form.is_valid():
        try:
            decision = decisions.decide(report=report, verdict=form.verdict(), by=request.user, at=at)
        except AlreadyDecided as problem:
            form.add_error(None, NOT_SAVED.format(problem))
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, what_happened(decision))
            return go_on(request, report)
    return render(request, "cases/decide.html", page(request, report, form))


def page(request: StaffRequest, report: Report, form: DecideForm) -> dict[str, Any]:
    return {
        "report": report,
        "form": form,
        "told": told_before_deciding(report, form.at),
        "neighbours": neighbours_in_list(request, report),
    }


def what_happened(decision: Decision) -> str:
    """What was done and what becomes of the caller, in one sentence each."""
    contact = decision.contacts.first()
    done = f"{decision.report}: {decision.get_outcome_display().lower()}"
    if decision.case is not None:
        done += f", {decision.case}"
    if decision.referred_to is not None:
        done += f", {decision.referred_to}"
    ways = {
        "email": "An e-mail is on its way to the caller",
        "letter": "A letter to the caller waits to be posted",
        "phone": "The caller waits to be phoned",
    }
    return f"{done}. {ways[contact.method] if contact else 'The caller is not told'}"


def go_on(request: StaffRequest, report: Report) -> HttpResponse:
    """To the next report of the list from which this one was opened."""
    following = next_to_decide(request, report)
    if following is None:
        messages.info(request, "Nothing else waits for you in this list")
        return redirect("reports:list")
    address = reverse("reports:detail", args=[following.reference])
    query = request.GET.urlencode()
    return redirect(f"{address}?{query}" if query else address)


@require_http_methods(["GET", "POST"])
def undo(request: StaffRequest, reference: str) -> HttpResponse:
    report = get_permitted(Report.objects.all(), request.user, "reports.undo_decision", reference=reference)
    form = UndoForm(request.POST or None)
    if form.is_valid():
        try:
            left = undoing.undo(
                report=report, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
            )
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"The decision about {report} is undone. It waits for triage again")
            for words in left:
                messages.warning(request, words)
            return redirect("reports:detail", reference=report.reference)
    decision = report.decisions.select_related("by", "case", "referred_to").filter(undone_at=None).first()
    context = {"report": report, "form": form, "decision": decision}
    return render(request, "cases/decision_undo.html", context)
