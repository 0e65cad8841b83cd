"""Problem solving (OSARA): the sheet of a case, read and changed."""

import dataclasses
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases.forms.problem import SheetForm
from cases.models import ProblemSheet
from cases.services import problem
from cases.services.prints import ChangedMeanwhile, mine_over, read_seen
from cases.views.case_shell import open_case
from csp.agencies.access import StaffRequest
from csp.core.errors import RuleBroken

ACTIVE = "cases:problem"
HEADINGS = {
    "objective": "Objective",
    "scanning": "Scanning",
    "analysis": "Analysis",
    "response": "Response",
    "assessment": "Assessment",
}
COUNTS = ("count_what", "count_before", "count_after", "seen")


@require_safe
def sheet(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.read", active=ACTIVE)
    case = shell.case
    readable = case.family.readable_by(request.user)  # type: ignore[attr-defined]
    rows = ProblemSheet.objects.filter(case__in=readable).select_related("changed_by", "case")
    found = rows.order_by("case__merged_into", "pk").last()
    context = {
        "shell": shell,
        "case": case,
        "sheet": found,
        "parts": parts_of(problem.values_of(found)) if found else [],
        "change": problem.change_words(found.count_before, found.count_after) if found else "",
        "edits": case.is_open and request.user.has_perm("cases.contribute", case),
    }
    return render(request, "cases/problem_sheet.html", context)


def parts_of(sheet: problem.Sheet) -> list[dict[str, Any]]:
    """Each part with what is written in it, under the question it answers."""
    said = dataclasses.asdict(sheet)
    fields = SheetForm.base_fields
    return [
        {
            "heading": HEADINGS[part],
            "code": part,
            "rows": [
                {"label": fields[name].label, "value": said[name]}
                for name in names
                if name not in COUNTS and said[name]
            ],
        }
        for part, names in SheetForm.parts.items()
    ]


@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.contribute", active=ACTIVE)
    case = shell.case
    form = SheetForm(request.POST or None, sheet=problem.sheet_of(case))
    changes: list[dict[str, Any]] = []
    if form.is_valid():
        typed, seen = form.sheet(), read_seen(form.cleaned_data["seen"])
        try:
            problem.edit_sheet(case=case, sheet=typed, seen=seen, by=request.user, at=timezone.now())
        except ChangedMeanwhile as clash:
            both = mine_over(clash.details, typed, problem.prints_of(typed), seen)
            form = SheetForm(sheet=both, now=clash.details)
            changes = changed_words(clash)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, "The problem-solving sheet is saved")
            return redirect("cases:problem", reference=case.reference)
    context = {"shell": shell, "case": case, "form": form, "changes": changes, "headings": HEADINGS}
    return render(request, "cases/problem_edit.html", context)


def changed_words(clash: ChangedMeanwhile) -> list[dict[str, Any]]:
    now = dataclasses.asdict(clash.details)
    fields = SheetForm.base_fields
    return [{"what": fields[name].label, "now": now[name] or "Nothing"} for name in clash.fields]
