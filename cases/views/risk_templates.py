"""The risk questions of a partnership, as its administrator reads and changes them."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.forms.risk_templates import VersionForm, question_forms, questions_in
from cases.models import RiskTemplate
from cases.services import risk_templates
from cases.services.risk_templates import highest_score
from csp.agencies.access import StaffRequest
from csp.agencies.views.set_up import administers, partnership_of
from csp.core.errors import RuleBroken


@require_safe
@administers
def template_list(request: StaffRequest) -> HttpResponse:
    """What holds, what is planned and what held before."""
    versions = RiskTemplate.objects.filter(partnership=partnership_of(request)).order_by("-starts_on")
    today = timezone.localdate()
    rows = [{"version": version, "state": state_of(version, today)} for version in versions]
    return render(request, "cases/risk_template_list.html", {"rows": rows})


def state_of(version: RiskTemplate, today: dt.date) -> str:
    if version.starts_on > today:
        return "Planned"
    return "Before" if version.ends_on and version.ends_on <= today else "In use"


@require_safe
@administers
def template_detail(request: StaffRequest, pk: int) -> HttpResponse:
    version = get_object_or_404(RiskTemplate, partnership=partnership_of(request), pk=pk)
    questions = risk_templates.as_typed(version)
    context = {
        "version": version,
        "state": state_of(version, timezone.localdate()),
        "questions": questions,
        "most": highest_score(questions),
    }
    return render(request, "cases/risk_template_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@administers
def new_version(request: StaffRequest) -> HttpResponse:
    """Begun from the version in force. Everything typed stays where something is refused."""
    here = partnership_of(request)
    now = risk_templates.template_on(here, timezone.localdate())
    initial = {"medium_from": now.medium_from, "high_from": now.high_from} if now else {}
    form = VersionForm(request.POST or None, initial=initial)
    rows = question_forms(request.POST or None, now)
    if form.is_valid() and rows.is_valid():
        try:
            made = risk_templates.start_version(
                partnership=here,
                questions=questions_in(rows),
                by=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"“{made}” is saved")
            return redirect("risk_templates:detail", pk=made.pk)
    context = {"form": form, "rows": rows, "now": now, "problems": problems_of([form, *rows.forms])}
    return render(request, "cases/risk_template_form.html", context)


def problems_of(parts: list[Any]) -> list[dict[str, str]]:
    """What is wrong anywhere on the page, each with where to put it right."""
    sent = [part for part in parts if part.is_bound]
    return [
        {"anchor": part[name].auto_id if name in part.fields else "head", "words": str(words)}
        for part in sent
        for name, found in part.errors.items()
        for words in found
    ]


@require_POST
@administers
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    version = get_object_or_404(RiskTemplate, partnership=partnership_of(request), pk=pk)
    try:
        risk_templates.cancel_version(template=version, by=request.user, at=timezone.now())
    except RuleBroken as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "The planned version is cancelled")
    return redirect("risk_templates:list")
