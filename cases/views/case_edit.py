"""Changing what a case says, and an agency's own reference for it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.forms.cases import EditCaseForm, ReferenceForm, seen_of
from cases.services import case_edits
from cases.services.case_edits import CaseDetails
from cases.services.prints import ChangedMeanwhile, mine_over, read_seen
from cases.views.case_shell import CaseShell, open_case
from cases.views.case_verbs import verb_page
from csp.agencies.access import StaffRequest
from csp.agencies.models import Partner
from csp.core.errors import RuleBroken

FIELD_WORDS = {
    "title": "Title",
    "summary": "What is going on",
    "categories": "Kind",
    "where": "Postcode or address",
    "area": "Ward or local area",
    "referring_partner": "Agency that it came from",
}


@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.edit")
    case = shell.case
    form = EditCaseForm(request.POST or None, case=case, details=case_edits.details_of(case))
    changes: list[dict[str, str]] = []
    if form.is_valid():
        typed, seen = form.details(), read_seen(form.cleaned_data["seen"])
        try:
            case_edits.edit_case(case=case, details=typed, seen=seen, by=request.user, at=timezone.now())
        except ChangedMeanwhile as clash:
            both = mine_over(clash.details, typed, case_edits.prints_of(typed), seen)
            form = EditCaseForm(case=case, details=both)
            form.initial["seen"] = seen_of(clash.details)
            changes = changed_words(clash)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"Case {case} changed")
            return redirect(case)
    context = {"case": case, "form": form, "changes": changes, "intro": ""}
    context["title"] = "Change what the case says"
    return render(request, "cases/case_verb.html", context)


def changed_words(clash: ChangedMeanwhile) -> list[dict[str, str]]:
    return [{"what": FIELD_WORDS[name], "now": said(clash.details, name)} for name in clash.fields]


def said(details: CaseDetails, name: str) -> str:
    value: Any = getattr(details, name)
    if name == "categories":
        return ", ".join(category.label for category in value) or "None"
    return str(value or "Nothing")


@require_http_methods(["GET", "POST"])
def reference(request: StaffRequest, reference: str) -> HttpResponse:
    """Each agency that sees the case keeps its own reference for it."""
    shell = open_case(request, reference)
    partner = own_partner(request, shell)
    known = shell.case.agency_references.filter(partner=partner).first()
    form = ReferenceForm(request.POST or None, initial={"reference": known.reference if known else ""})
    return verb_page(
        request,
        shell,
        form,
        title="Our own reference",
        does=lambda **typed: case_edits.put_reference(partner=partner, **typed),
        done="Your reference for {} is saved",
        intro=f"What {partner} calls this case. Only {partner} and the agency that leads it see this.",
    )


def own_partner(request: StaffRequest, shell: CaseShell) -> Partner:
    """For whom the reader acts here: of their partners that see the case, the one they sit at now."""
    seats = [seat.partner for seat in request.user.seats if seat.partner_id in request.user.partner_ids]
    groups = set(shell.case.permission_rows.values_list("group", flat=True))
    mine = [partner for partner in seats if partner.group_id in groups]
    if not mine:
        raise PermissionDenied
    return next((partner for partner in mine if partner == request.partner), mine[0])
