"""Putting a report right: what it says, and who is in it."""

import dataclasses
import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.enums import LinkRole
from cases.forms.edit import (
    EditForm,
    LinkPersonForm,
    UnlinkPersonForm,
    merged,
    told_in,
    told_rows,
)
from cases.models import Report
from cases.services import edits
from cases.services.prints import ChangedMeanwhile, read_seen
from cases.services.reports import ReportDetails
from cases.views.report_words import Change, changed_words
from csp.agencies.access import StaffRequest, get_permitted
from csp.core.errors import RuleBroken


def report_to_edit(request: StaffRequest, reference: str) -> Report:
    reports = Report.objects.select_related("partnership", "lead", "place", "ward", "local_area")
    return get_permitted(reports, request.user, "reports.edit", reference=reference)


@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, reference: str) -> HttpResponse:
    report = report_to_edit(request, reference)
    before = edits.details_of(report)
    form, told = forms_for(report, before, request.POST or None)
    seen = request.POST.get("seen", "") if form.is_bound else json.dumps(edits.prints_of(before))
    changes: list[Change] = []
    if form.is_bound and form.is_valid() and told.is_valid():
        typed = dataclasses.replace(form.details(), told=told_in(told))
        try:
            edits.edit_report(
                report=report, details=typed, seen=read_seen(seen), by=request.user, at=timezone.now()
            )
        except ChangedMeanwhile as clash:
            form, told = forms_for(report, merged(clash.details, typed, read_seen(seen)))
            seen = json.dumps(edits.prints_of(clash.details))
            changes = changed_words(clash.fields, clash.details)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"Report {report} changed")
            return redirect("reports:detail", reference=report.reference)
    context = {"report": report, "form": form, "told": told, "seen": seen, "changes": changes}
    return render(request, "cases/report_edit.html", context)


def forms_for(report: Report, details: ReportDetails, data: Any = None) -> tuple[EditForm, Any]:
    form = EditForm(data, partnership=report.partnership, report=report, details=details)
    return form, told_rows(data, details)


@require_http_methods(["GET", "POST"])
def add_person(request: StaffRequest, reference: str) -> HttpResponse:
    report = report_to_edit(request, reference)
    form = LinkPersonForm(request.POST or None, user=request.user, partnership=report.partnership)
    if form.is_valid():
        entry = form.entry(LinkRole(form.cleaned_data["role"]))
        try:
            edits.add_person_to(report=report, entry=entry, by=request.user, at=timezone.now())
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{entry.role.label} added to report {report}")
            return redirect("reports:detail", reference=report.reference)
    return render(request, "cases/report_person_add.html", {"report": report, "form": form})


@require_http_methods(["GET", "POST"])
def remove_person(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    report = report_to_edit(request, reference)
    link = get_object_or_404(report.links.select_related("person"), pk=pk)
    form = UnlinkPersonForm(request.POST or None)
    if form.is_valid():
        edits.remove_person_from(
            report=report,
            link=link,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, f"{link.get_role_display()} taken out of report {report}")
        return redirect("reports:detail", reference=report.reference)
    context = {"report": report, "link": link, "form": form}
    return render(request, "cases/report_person_remove.html", context)
