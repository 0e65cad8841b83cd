"""Tools and powers used in a case: the list, one of them, its sheet, and drafting it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cases.enums import ESCALATION, InterventionKind
from cases.forms.powers import KindForm, PowerEntry
from cases.models import Intervention
from cases.services import interventions
from cases.services.power_rules import limit_words, rules_on, source_words
from cases.services.power_sheet import power_sheet
from cases.views.case_shell import CaseShell, open_case
from cases.views.power_page import TAB, PowerShown, by_kind, find_power
from csp.agencies.access import StaffRequest
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken

SHOWN_AGAIN = {"add": "conditions", "copy": "copy"}
"""Buttons that save nothing: another row, or what the power before says."""


@require_safe
def power_list(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.read", active=TAB)
    context = {"shell": shell, "groups": by_kind(shell), "may_add": may_add(shell)}
    return render(request, "cases/power_list.html", context)


def may_add(shell: CaseShell) -> bool:
    return shell.case.is_open and shell.user.has_perm("cases.contribute", shell.case)


@require_safe
def power(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    shell = open_case(request, reference, "cases.read", active=TAB)
    shown = find_power(request, shell, pk)
    return render(request, "cases/power.html", {"shell": shell, "shown": shown})


@require_safe
def sheet(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """The conditions of a served power on paper, for who must keep to them and who watches."""
    shell = open_case(request, reference, "cases.contribute", active=TAB)
    shown = find_power(request, shell, pk, "powers.edit")
    if not shown.has_sheet:
        raise Http404
    pdf = power_sheet(power=shown.power, by=request.user, at=shell.at)
    headers = {"Content-Disposition": f'inline; filename="{shell.case.reference}-power-{pk}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


@require_safe
def choose(request: StaffRequest, reference: str) -> HttpResponse:
    """Which power? Then come the questions that it needs."""
    shell = open_case(request, reference, "cases.contribute", active=TAB)
    form = KindForm(request.GET if "kind" in request.GET or "go" in request.GET else None)
    if form.is_valid():
        return redirect("cases:power_add", reference=reference, kind=form.cleaned_data["kind"])
    groups = [
        {"heading": heading, "kinds": [(str(kind.value), kind.label) for kind in kinds]}
        for heading, kinds in ESCALATION
    ]
    return render(request, "cases/power_choose.html", {"shell": shell, "form": form, "groups": groups})


@require_http_methods(["GET", "POST"])
def add(request: StaffRequest, reference: str, kind: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.contribute", active=TAB)
    if kind not in InterventionKind.values:
        raise Http404
    entry = entry_for(request, shell, kind)
    if submitted(request) and entry.is_valid():
        try:
            made = interventions.add_power(
                case=shell.case,
                details=entry.details(),
                token=entry.form.cleaned_data["token"],
                by=request.user,
                at=shell.at,
            )
        except RuleBroken as problem:
            entry.refuse(problem)
        else:
            messages.success(request, f"{made} saved as a draft. Record it as served when it has been")
            return redirect("cases:power", reference=reference, pk=made.pk)
    return render(request, "cases/power_edit.html", page(shell, kind, entry))


@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    shell = open_case(request, reference, "cases.contribute", active=TAB)
    shown = find_power(request, shell, pk, "powers.edit")
    entry = entry_for(request, shell, shown.power.kind, shown.power)
    if submitted(request) and entry.is_valid():
        try:
            interventions.change_power(
                power=shown.power, details=entry.details(), by=request.user, at=shell.at
            )
        except RuleBroken as problem:
            entry.refuse(problem)
        else:
            messages.success(request, "The draft is changed")
            return redirect("cases:power", reference=reference, pk=pk)
    return render(request, "cases/power_edit.html", page(shell, shown.power.kind, entry, shown))


def submitted(request: StaffRequest) -> bool:
    return request.method == "POST" and not any(name in request.POST for name in SHOWN_AGAIN)


def entry_for(
    request: StaffRequest, shell: CaseShell, kind: str, power: Intervention | None = None
) -> PowerEntry:
    given: dict[str, Any] = {"case": shell.case, "kind": kind, "user": request.user, "at": shell.at}
    if submitted(request):
        return PowerEntry(**given, power=power, sent=request.POST)
    if request.method == "POST":
        button = next(what for name, what in SHOWN_AGAIN.items() if name in request.POST)
        return PowerEntry(**given, power=power, typed=request.POST, button=button)
    return PowerEntry(**given, power=power)


def page(shell: CaseShell, kind: str, entry: PowerEntry, shown: PowerShown | None = None) -> dict[str, Any]:
    rules = rules_on(shell.case.partnership, local_day(shell.at))
    limits = [
        {"words": limit_words(rule), "source": source_words(rule)} for rule in rules if rule.kind == kind
    ]
    label = InterventionKind(kind).label
    return {"shell": shell, "kind": label, "entry": entry, "shown": shown, "limits": limits}
