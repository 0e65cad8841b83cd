"""Indicators: the list, one over time, and what it is."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases.services.prints import ChangedMeanwhile, mine_over, read_seen
from csp.agencies.access import StaffRequest
from csp.agencies.measures import find_measure
from csp.audit.services import exported
from csp.core.calendar import local_day
from csp.core.charts import Chart, Line, line_chart, spark
from csp.core.errors import RuleBroken
from csp.core.words import date_words
from performance.forms.indicators import ENTERED, HOW, IndicatorForm
from performance.models import Indicator
from performance.services import indicators as service
from performance.services.indicator_series import (
    Point,
    Reading,
    alike,
    reading,
    readings,
    restated,
    series_of,
)
from performance.services.small_numbers import sees_small_numbers
from performance.views.doors import EXPLORE, MAKE, must_explore_some, partnership_for
from performance.views.downloads import downloads_of, table_response

SPARKED, CHARTED = 12, 36
HEAD = ("Period", "Value", "Source", "As of", "Note")
WITH = ("partnership", "supplied_by")


def indicator_of(request: StaffRequest, pk: int, perm: str = EXPLORE) -> Indicator:
    """403 for those who read no indicators at all or may only read, 404 for those who read others."""
    must_explore_some(request)
    visible = Indicator.objects.visible_to(request.user).select_related(*WITH)
    found: Indicator = get_object_or_404(visible, pk=pk)
    if not request.user.has_perm(perm, found.partnership):
        raise PermissionDenied
    return found


@require_safe
def indicators(request: StaffRequest) -> HttpResponse:
    here = partnership_for(request, EXPLORE)
    watched = list(Indicator.objects.filter(partnership=here).select_related(*WITH).order_by("name", "pk"))
    small = sees_small_numbers(request.user, here)
    found = readings(watched, here, local_day(timezone.now()), small=small)
    context = {"rows": [_row(each) for each in found], "makes": request.user.has_perm(MAKE, here)}
    return render(request, "performance/indicators.html", context)


def _row(found: Reading) -> dict[str, Any]:
    numbers = [_number(point) for point in alike(found.points)][-SPARKED:]
    known = [number for number in numbers if number is not None]
    return {"reading": found, "spark": spark(numbers) if len(known) > 1 else ""}


def _number(point: Point) -> float | None:
    return None if point.value is None else float(point.value)


@require_safe
def indicator(request: StaffRequest, pk: int) -> HttpResponse:
    found = indicator_of(request, pk)
    shown = reading_of(request, found)
    earlier = restated(found)
    rows = [
        {"point": point, "earlier": earlier.get(point.entered.pk, []) if point.entered else [],
         "url": _records_url(point)}
        for point in reversed(shown.points)
    ]  # fmt: skip
    context = {
        "indicator": found,
        "reading": shown,
        "rows": rows,
        "chart": chart_of(shown),
        "facts": facts_of(found),
        "counted": service.is_counted(found),
        "makes": request.user.has_perm(MAKE, found.partnership),
        "downloads": downloads_of(reverse("performance:indicator_download", args=[found.pk])),
    }
    return render(request, "performance/indicator.html", context)


def reading_of(request: StaffRequest, found: Indicator) -> Reading:
    here = found.partnership
    small = sees_small_numbers(request.user, here)
    points = series_of([found], here, local_day(timezone.now()), small=small)[found.pk]
    return reading(found, points, here)


def _records_url(point: Point) -> str:
    if not point.measure:
        return ""
    address = reverse("performance:records", args=[point.measure])
    return f"{address}?{urlencode({'period': point.key})}"


def chart_of(found: Reading) -> Chart | None:
    points = alike(found.points)[-CHARTED:]
    if len([point for point in points if point.value is not None]) < 2:
        return None
    line = Line(found.indicator.name, tuple(_number(point) for point in points))
    return line_chart(
        found.indicator.name, found.indicator.unit, [str(point.period) for point in points], [line]
    )


def facts_of(found: Indicator) -> list[dict[str, str]]:
    counted = _how_counted(found)
    facts = {
        "Counted in": found.unit,
        "Good news": found.get_better_display(),
        "What counts": found.definition,
        "Its values": counted or dict(HOW)[ENTERED],
        "Published by": found.source,
        "Supplied by": str(found.supplied_by or ""),
    }
    return [{"label": label, "value": value} for label, value in facts.items() if value]


def _how_counted(found: Indicator) -> str:
    if found.crime_type:
        return f"Rows of “{found.crime_type}” in the street-level files of the police"
    measure = find_measure(found.measure)
    return f"{measure.label}. {measure.rule}" if measure else ""


@require_safe
def indicator_download(request: StaffRequest, pk: int) -> HttpResponse:
    found = indicator_of(request, pk)
    rows = [
        (str(each.period), each.words, each.source, date_words(each.as_of) if each.as_of else "",
         each.entered.note if each.entered else "")
        for each in reading_of(request, found).points
    ]  # fmt: skip
    exported(request.user, "indicator", rows=len(rows), partnership=found.partnership, indicator=found.pk)
    return table_response(found.name, [HEAD, *rows], request.GET.get("format", ""))


@require_http_methods(["GET", "POST"])
def indicator_new(request: StaffRequest) -> HttpResponse:
    here = partnership_for(request, MAKE)
    form = IndicatorForm(request.POST or None, partnership=here)
    if form.is_valid():
        try:
            made = service.add_indicator(
                partnership=here, details=form.details(), by=request.user, at=timezone.now()
            )
        except RuleBroken as problem:
            form.add_error("name", str(problem))
        else:
            messages.success(request, f"{made} is added")
            return redirect(made)
    return render(request, "performance/indicator_form.html", {"form": form, "changes": []})


@require_http_methods(["GET", "POST"])
def indicator_edit(request: StaffRequest, pk: int) -> HttpResponse:
    found = indicator_of(request, pk, MAKE)
    here = found.partnership
    form = IndicatorForm(request.POST or None, partnership=here, details=service.details_of(found))
    changes: list[dict[str, str]] = []
    if form.is_valid():
        typed, seen = form.details(), read_seen(form.cleaned_data["seen"])
        try:
            service.change_indicator(
                indicator=found, details=typed, seen=seen, by=request.user, at=timezone.now()
            )
        except ChangedMeanwhile as clash:
            both = mine_over(clash.details, typed, service.prints_of(typed), seen)
            form = IndicatorForm(partnership=here, details=both, now=clash.details)
            changes = [_change(name, clash.details, form) for name in clash.fields]
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{typed.name} is saved")
            return redirect(found)
    context = {"form": form, "indicator": found, "changes": changes}
    return render(request, "performance/indicator_form.html", context)


def _change(name: str, details: service.IndicatorDetails, form: IndicatorForm) -> dict[str, str]:
    value: Any = getattr(details, name)
    choices = dict(getattr(form.fields[name], "choices", ())) if name != "supplied_by" else {}
    return {"what": str(form.fields[name].label), "now": str(choices.get(value, value) or "Nothing")}
