"""What a report prints beside counted figures: the plan, indicators, places and case studies."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F

from csp.agencies.models import Partnership
from csp.core.calendar import MONTHS_A_QUARTER, MONTHS_A_YEAR, Period, add_months
from csp.core.words import date_words
from performance.enums import Rating
from performance.models import (
    CaseStudy,
    Indicator,
    IndicatorValue,
    Plan,
    PlanAction,
    PlanUpdate,
    PoliceFile,
    PoliceIncident,
)
from performance.models.indicators import number_words
from performance.services.plan_updates import counted_measure
from performance.services.report_blocks import MISSING, Block
from performance.services.report_periods import is_quarter, quarters_of
from performance.services.small_numbers import LEAST
from performance.services.spans import period_of, span_words, year_before
from performance.services.year_figures import waiting_figures

TOP = 10
NO_UPDATE = "No update was given"
NOT_ASKED = "Not asked"
Span = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Asked:
    partnership: Partnership
    period: Period


def note(text: str) -> Block:
    return {"type": "note", "text": text}


def plan(asked: Asked) -> list[Block]:
    """Each action of the plan in force at the end of the period, with its last update of the period."""
    current = Plan.objects.filter(partnership=asked.partnership).current(asked.period.last)
    found = current.order_by("-starts_on", "pk").first()
    if found is None:
        return [note("No plan of the partnership was in force at the end of this period.")]
    updates = PlanUpdate.objects.filter(
        action__plan=found, quarter__gte=asked.period.first, quarter__lte=asked.period.last
    )
    latest = {each.action_id: each for each in updates.order_by("quarter", "pk")}
    actions = found.actions.select_related("priority").prefetch_related("leads", "measures")
    wanted = _wanted(found, asked)
    rows = [
        _plan_row(action, latest.get(action.pk), asked=action.pk in wanted)
        for action in actions.order_by("priority__position", "position", "pk")
    ]
    return [
        {
            "type": "plan",
            "title": f"{found.name}: {date_words(found.starts_on)} to {date_words(found.ends_on)}",
            "ratings": _ratings(rows),
            "rows": rows,
        }
    ]


def _wanted(plan: Plan, asked: Asked) -> set[int]:
    """Of which actions any quarter of the period wanted to hear."""
    quarters = quarters_of(asked.period, asked.partnership.year_start)
    return {pk for each in quarters for pk in plan.actions.all().asked_in(each).values_list("pk", flat=True)}


def _plan_row(action: PlanAction, update: PlanUpdate | None, *, asked: bool) -> dict[str, Any]:
    counted = counted_measure(action)
    return {
        "priority": action.priority.name,
        "ref": action.ref,
        "what": action.what,
        "leads": ", ".join(sorted(each.name for each in action.leads.all())) or action.lead_words,
        "rating": update.rating if update else "" if asked else "not_asked",
        "rating_words": Rating(update.rating).label if update else NO_UPDATE if asked else NOT_ASKED,
        "narrative": update.narrative if update else "",
        "value": None if update is None or update.value is None else f"{update.value.normalize():f}",
        "unit": counted.unit if counted else "",
    }


def _ratings(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = Counter(row["rating"] for row in rows)
    counted = [{"rating": key, "label": label, "number": found[key]} for key, label in Rating.choices]
    silent = [("", NO_UPDATE), ("not_asked", NOT_ASKED)]
    return [*counted, *({"rating": key, "label": label, "number": found[key]} for key, label in silent)]


def indicators(asked: Asked) -> list[Block]:
    watched = Indicator.objects.filter(partnership=asked.partnership, measure="").order_by("name", "pk")
    police = [each for each in watched if each.crime_type]
    entered = [each for each in watched if not each.crime_type]
    rows = [*(_police_rows(police, asked) if police else []), *(_entered_rows(entered, asked))]
    if not rows:
        return [note("No indicators are watched yet.")]
    return [{"type": "indicators", "title": "Indicators", "rows": rows}]


def _entered_rows(watched: list[Indicator], asked: Asked) -> list[dict[str, Any]]:
    """All of them with one question, however many."""
    earliest = add_months(asked.period.first, -MONTHS_A_YEAR)
    values = IndicatorValue.objects.filter(
        indicator__in=watched, first_on__gte=earliest, last_on__lte=asked.period.last
    )
    by_span: dict[int, dict[Span, IndicatorValue]] = defaultdict(dict)
    for each in values.standing():
        by_span[each.indicator_id][each.first_on, each.last_on] = each
    return [_indicator_row(each, by_span[each.pk], asked) for each in watched]


def _indicator_row(indicator: Indicator, values: dict[Span, IndicatorValue], asked: Asked) -> dict[str, Any]:
    """The newest figure of the period, of as much of it as there is, beside the one of the same months a
    year earlier.
    """
    inside = [each for each in values.values() if each.first_on >= asked.period.first]
    newest = max(inside, key=lambda each: (each.last_on, -each.first_on.toordinal()), default=None)
    if newest is None:
        return _row(indicator, None, None, "", indicator.source)
    start = asked.partnership.year_start
    span = period_of(newest.first_on, newest.last_on, start)
    earlier = year_before(span, start)
    year_ago = values.get((earlier.first, earlier.last))
    source = f"{newest.source}, {date_words(newest.as_of)}"
    return _row(indicator, newest.value, year_ago.value if year_ago else None, span.name, source)


def _row(indicator: Indicator, value: Any, year_ago: Any, of: str, source: str) -> dict[str, Any]:
    return {
        "label": indicator.name,
        "unit": indicator.unit,
        "of": of,
        "number": None if value is None else float(value),
        "words": MISSING if value is None else number_words(value),
        "year_ago": MISSING if year_ago is None else number_words(year_ago),
        "source": source,
    }


def _police_rows(watched: list[Indicator], asked: Asked) -> list[dict[str, Any]]:
    now, year_ago = (_police(asked.partnership, each) for each in (asked.period, asked.period.back()))
    of = span_words(asked.period.first, asked.period.last, asked.partnership.year_start)
    return [_row(each, _of_type(now, each), _of_type(year_ago, each), of, SOURCE) for each in watched]


def _of_type(counted: Counter[str] | None, indicator: Indicator) -> int | None:
    """Files in which nothing lies here say nought."""
    return None if counted is None else counted[indicator.crime_type]


SOURCE = "Police street-level files"


def _police(partnership: Partnership, period: Period) -> Counter[str] | None:
    """By crime type; None unless every month of the period is loaded."""
    months = PoliceFile.objects.filter(partnership=partnership, month__range=(period.first, period.last))
    wanted = MONTHS_A_QUARTER if is_quarter(period) else MONTHS_A_YEAR
    if months.values("month").distinct().count() < wanted:
        return None
    rows = PoliceIncident.objects.filter(
        partnership=partnership, month__range=(period.first, period.last)
    ).values_list("crime_type")
    return Counter(dict(rows.annotate(number=Count("pk")).order_by("crime_type")))


def hotspots(asked: Asked) -> list[Block]:
    """The wards with the most incidents in the police's own files, which are public."""
    rows = (
        PoliceIncident.objects.filter(
            partnership=asked.partnership,
            month__range=(asked.period.first, asked.period.last),
            ward__isnull=False,
        )
        .values(name=F("ward__name"))
        .annotate(number=Count("pk"))
        .filter(number__gte=LEAST)
        .order_by("-number", "name")[:TOP]
    )
    found = [(each["name"], each["number"]) for each in rows]
    if not found:
        return [note("No police file of this period is loaded, so there is nothing to show here.")]
    title = f"Wards with the most crime and anti-social behaviour ({SOURCE.lower()})"
    return [
        {
            "type": "chart",
            "kind": "bar",
            "title": title,
            "unit": "incidents",
            "labels": [name for name, _ in found],
            "lines": [{"label": "Incidents", "values": [number for _, number in found], "words": []}],
        },
        {
            "type": "table",
            "title": title,
            "measure": "",
            "by": "ward",
            "by_label": "Ward",
            "unit": "incidents",
            "part_label": "",
            "rows": [_ward_row(name, number) for name, number in found],
            "more": 0,
            "drawn": True,
            "whole": True,
            "total": None,
            "note": "",
        },
    ]


def _ward_row(name: str, number: int) -> Block:
    held = {"part": None, "part_words": "", "percent": None}
    return {"key": name, "label": name, "number": number, "words": f"{number:,}", **held}


def case_studies(asked: Asked) -> list[Block]:
    found = CaseStudy.objects.filter(
        partnership=asked.partnership,
        quarter__range=(asked.period.first, asked.period.last),
        checked_at__isnull=False,
    ).select_related("supplied_by")
    blocks: list[Block] = [
        {"type": "story", "title": each.title, "text": each.text, "by": each.supplied_by.name}
        for each in found.order_by("quarter", "pk")
    ]
    return blocks or [note("No case study of this period has been checked.")]


def waiting(asked: Asked) -> list[Block]:
    rows = [{"label": each["label"], "waits_for": each["waits_for"]} for each in waiting_figures()]
    return [{"type": "waiting", "title": "Figures that are not recorded here yet", "rows": rows}]


PARTS: dict[str, Callable[[Asked], list[Block]]] = {
    "plan": plan,
    "indicators": indicators,
    "hotspots": hotspots,
    "case_studies": case_studies,
    "waiting": waiting,
}
