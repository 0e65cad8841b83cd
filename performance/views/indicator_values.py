"""Values of an indicator: typed in, restated, or uploaded as a table."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from csp.agencies.access import StaffRequest
from csp.core.errors import RuleBroken
from csp.core.text import count
from performance.forms.indicators import RestateForm, ValueForm, ValuesForm
from performance.models import Indicator, IndicatorValue
from performance.services import indicators as service
from performance.services.indicator_import import ADD, RESTATE, WRONG, Line, read_lines, take_in
from performance.services.spans import period_of
from performance.views.doors import MAKE
from performance.views.indicators import indicator_of


def entered_indicator(request: StaffRequest, pk: int) -> Indicator:
    return indicator_of(request, pk, MAKE)


@require_http_methods(["GET", "POST"])
def value_new(request: StaffRequest, pk: int) -> HttpResponse:
    found, at = entered_indicator(request, pk), timezone.now()
    form = ValueForm(request.POST or None, at=at, initial={"source": found.source})
    standing: IndicatorValue | None = None
    if form.is_valid():
        try:
            service.add_value(indicator=found, period=form.period, given=form.given(), by=request.user, at=at)
        except service.ValueThereAlready as problem:
            standing = problem.standing
            form.add_error("period", str(problem))
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"The value for {form.period} is added")
            return redirect(found)
    context = {"indicator": found, "form": form, "standing": standing}
    return render(request, "performance/indicator_value_new.html", context)


@require_http_methods(["GET", "POST"])
def restate(request: StaffRequest, pk: int, value: int) -> HttpResponse:
    found = entered_indicator(request, pk)
    given = get_object_or_404(found.values.select_related("indicator", "by"), pk=value)
    period = period_of(given.first_on, given.last_on, found.partnership.year_start)
    form = RestateForm(request.POST or None, initial={"source": given.source})
    if form.is_valid():
        try:
            service.restate(value=given, given=form.given(), by=request.user, at=timezone.now())
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"The value for {period} is restated. The one before stays to be seen")
            return redirect(found)
    context = {"indicator": found, "form": form, "value": given, "period": period}
    return render(request, "performance/indicator_restate.html", context)


@require_http_methods(["GET", "POST"])
def upload(request: StaffRequest, pk: int) -> HttpResponse:
    """A table is checked first and shown. What was sent stays in the box, where it can be corrected."""
    found, at = entered_indicator(request, pk), timezone.now()
    form = ValuesForm(request.POST or None, request.FILES or None, initial={"source": found.source})
    lines: list[Line] = []
    if form.is_valid():
        try:
            lines = _lines(found, form, at)
            if "save" in request.POST and not form.cleaned_data["file"] and not _wrong(lines):
                kept = take_in(indicator=found, lines=lines, by=request.user, at=at)
                messages.success(request, f"{count(kept, 'value')} kept")
                return redirect(found)
        except RuleBroken as problem:
            form = _filled(form, problem=str(problem))
        else:
            form = _filled(form, ready=0 if _wrong(lines) else len(_kept(lines)))
    context = {"indicator": found, "form": form, "wrong": _wrong(lines), "lines": lines, "kept": _kept(lines)}
    return render(request, "performance/indicator_upload.html", context)


def _lines(found: Indicator, form: ValuesForm, at: dt.datetime) -> list[Line]:
    given = form.cleaned_data
    service.must_be_entered(found)
    return read_lines(indicator=found, text=form.table, source=given["source"], as_of=given["as_of"], at=at)


def _filled(form: ValuesForm, *, ready: int = 0, problem: str | SafeString = "") -> ValuesForm:
    """The form with the table in its box, to be looked over or corrected."""
    said: dict[str, Any] = {name: form.data.get(name, "") for name in ("source", "as_of")}
    filled = ValuesForm(said | {"text": form.table}, ready=ready)
    filled.is_valid()
    if problem:
        filled.add_error("text", problem)
    return filled


def _wrong(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line.does == WRONG]


def _kept(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line.does in (ADD, RESTATE)]
