"""What the team writes into a report: its sections and comments on them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cases.services.prints import ChangedMeanwhile, mine_over
from csp.agencies.access import StaffRequest, get_permitted
from csp.core.errors import RuleBroken
from performance.forms.reports import SectionForm
from performance.models import PerformanceReport, ReportComment
from performance.services import report_writing as service
from performance.services.report_sections import BY_NAME
from performance.services.report_writing import Words
from performance.views.reports import SHOWN_WITH, comment_form, page

WRITES = "performance.write_report"


def _found(request: StaffRequest, pk: int) -> PerformanceReport:
    rows = PerformanceReport.objects.select_related(*SHOWN_WITH)
    return get_permitted(rows, request.user, WRITES, pk=pk)


@require_http_methods(["GET", "POST"])
def section(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    report = _found(request, pk)
    found = get_object_or_404(report.sections, name=name)
    kind = BY_NAME[found.name]
    given: dict[str, Any] = {"titles": list(report.sections.values_list("name", flat=True))}
    form = SectionForm(request.POST or None, words=service.words_of(found), **given)
    changes: list[dict[str, str]] = []
    if form.is_valid():
        typed, seen = form.words(), form.seen_prints()
        try:
            service.write_section(section=found, words=typed, seen=seen, by=request.user, at=timezone.now())
        except ChangedMeanwhile as clash:
            both = mine_over(clash.details, typed, service.prints_of(typed), seen)
            form = SectionForm(words=both, now=clash.details, **given)
            changes = changes_of(clash.fields, clash.details)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{kind.title} is saved")
            return redirect(f"{report.get_absolute_url()}#{found.name}")
    context = {"report": report, "section": found, "kind": kind, "form": form, "changes": changes}
    return render(request, "performance/report_section.html", context)


def changes_of(fields: list[str], now: Words) -> list[dict[str, str]]:
    says = {
        "narrative": ("What it says", now.narrative or "nothing"),
        "included": ("Printed", "yes" if now.included else "no"),
        "position": ("Where it stands", str(now.position)),
    }
    return [{"what": says[each][0], "now": says[each][1]} for each in fields]


@require_POST
def comment(request: StaffRequest, pk: int) -> HttpResponse:
    report = _found(request, pk)
    form = comment_form(report, request.POST)
    if form.is_valid():
        try:
            service.comment(report=report, by=request.user, at=timezone.now(), **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Your comment is added")
            return redirect(f"{report.get_absolute_url()}#comments")
    return page(request, report, form)


@require_POST
def settle(request: StaffRequest, pk: int, comment: int) -> HttpResponse:
    report = _found(request, pk)
    found = get_object_or_404(ReportComment, report=report, pk=comment)
    service.settle(comment=found, by=request.user, at=timezone.now())
    messages.success(request, "The comment is settled")
    return redirect(f"{report.get_absolute_url()}#comments")
