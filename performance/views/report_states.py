"""The steps of a report, each a button."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from csp.agencies.access import StaffRequest, get_permitted
from csp.core.errors import RuleBroken
from performance.forms.reports import RestateForm
from performance.models import PerformanceReport
from performance.services import report_states as service

WRITES, SIGNS = "performance.write_report", "performance.sign_off_report"


def _found(request: StaffRequest, pk: int, perm: str) -> PerformanceReport:
    rows = PerformanceReport.objects.select_related("partnership", "restates")
    return get_permitted(rows, request.user, perm, pk=pk)


def _step(
    request: StaffRequest, pk: int, perm: str, step: Callable[..., Any], done: str, **more: str
) -> HttpResponse:
    report = _found(request, pk, perm)
    try:
        step(report=report, by=request.user, at=timezone.now(), **more)
    except RuleBroken as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, done)
    return redirect(report)


@require_POST
def submit(request: StaffRequest, pk: int) -> HttpResponse:
    return _step(request, pk, WRITES, service.submit, "The report waits for a manager to sign it off")


@require_POST
def send_back(request: StaffRequest, pk: int) -> HttpResponse:
    return _step(request, pk, WRITES, service.send_back, "The report is a draft again")


@require_POST
def sign_off(request: StaffRequest, pk: int) -> HttpResponse:
    done = "The report is signed off. Its figures and words stay as they are, and its PDF is being made"
    return _step(request, pk, SIGNS, service.sign_off, done, seen=request.POST.get("seen", ""))


@require_POST
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    return _step(request, pk, SIGNS, service.reopen, "The report is a draft again. Its figures count anew")


@require_POST
def publish(request: StaffRequest, pk: int) -> HttpResponse:
    done = "The report is published. The board and everybody else who reads performance can open it"
    return _step(request, pk, SIGNS, service.publish, done)


@require_http_methods(["GET", "POST"])
def restate(request: StaffRequest, pk: int) -> HttpResponse:
    """A published report stays as it is. Whoever finds a mistake publishes another that says so."""
    report = _found(request, pk, SIGNS)
    form = RestateForm(request.POST or None)
    if form.is_valid():
        try:
            made = service.restate(report=report, by=request.user, at=timezone.now(), **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{made} is begun. It takes the other's place once it is published")
            return redirect(made)
    return render(request, "performance/report_restate.html", {"report": report, "form": form})
