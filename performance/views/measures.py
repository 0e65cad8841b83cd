"""Every measure with its rule, and what one figure counts."""

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from csp.agencies.access import StaffRequest
from csp.agencies.measures import Measure, Part, find_measure
from csp.agencies.models import Partnership, User
from csp.core.calendar import Period
from csp.core.keyset import page_of
from csp.core.record_rows import row_of, with_what_is_shown
from performance.forms.measures import MONTHLY, PeriodFilter
from performance.services.figure_lists import Cut, addresses, figure_of
from performance.services.measure_list import Listed, listed
from performance.services.periods import is_month, key_of
from performance.services.small_numbers import sees_small_numbers
from performance.services.unlisted import unlisted
from performance.views.asked_period import asked_period
from performance.views.doors import partnership_for

KEY = re.compile(r"[\w-]{1,40}")
LONGEST_NUMBER = 18


@dataclass(frozen=True)
class Room:
    name: str
    measures: list[Listed]


@require_safe
def measures(request: StaffRequest) -> HttpResponse:
    """All that is counted: what each figure counts and what it can be counted by."""
    partnership = partnership_for(request)
    form = asked_period(request, partnership, PeriodFilter)
    found = listed(
        partnership,
        form.span,
        small=sees_small_numbers(request.user, partnership),
        opens=request.user.has_perm("performance.open_records", partnership),
    )
    rooms = [Room(name, list(of)) for name, of in groupby(found, key=lambda each: each.measure.room)]
    return render(request, "performance/measures.html", {"form": form, "period": form.span, "rooms": rooms})


@require_safe
def records(request: StaffRequest, name: str) -> HttpResponse:
    """What one figure counts, as far as the reader may open it."""
    partnership = partnership_for(request, "performance.open_records")
    measure = find_measure(name)
    if measure is None:
        raise Http404
    form = asked_period(request, partnership, PeriodFilter, months=True)
    cut = _cut(request, measure)
    small = sees_small_numbers(request.user, partnership)
    try:
        figure = figure_of(measure, partnership, form.span, cut, small=small)
        found = measure.records_of(partnership, form.span, cut.only)
    except ValueError as wrong:
        raise Http404 from wrong
    visible = with_what_is_shown(measure.open_to(request.user, found, cut.only))
    page: Any = page_of(visible, request, "-pk")
    missed = _missed(request.user, measure.part, found.filter(pk__in=[record.pk for record in page.rows]))
    destroyed = measure.destroyed(partnership, form.span, cut.only)
    query = form.query | cut.only
    context = {
        "measure": measure,
        "figure": figure,
        "form": form,
        "period": form.span,
        "page": page,
        "rows": [(row_of(record), record.pk in missed) for record in page.rows],
        "unlisted": unlisted(figure.whole, visible.count(), destroyed, small=small),
        "cuts": [{"label": words, "url": _without(measure, query, by)} for by, words in figure.cut_words],
        "kept": cut.only,
        "tables": addresses(figure.tables, measure, query),
        "back": f"{reverse('performance:dashboard')}?{urlencode(_dashboard_of(form.span, partnership))}",
    }
    return render(request, "performance/records.html", context)


def _dashboard_of(period: Period, partnership: Partnership) -> dict[str, str]:
    """The page that the figure stands on: of a month, its year by month."""
    if not is_month(period):
        return {"period": key_of(period)}
    return {"period": key_of(Period.year_of(period.first, partnership.year_start)), "by": MONTHLY}


def _missed(user: User, part: Part | None, listed: QuerySet[Any]) -> set[int]:
    """Which of those that are listed did not meet what was asked, as far as this person is told."""
    if part is None or not part.missed:
        return set()
    told: Any = listed
    if part.tells_the_lead:
        told = told.readable_by(user).filter(lead__in=user.partner_ids)
    met = listed.filter(part.condition)
    return set(told.exclude(pk__in=met.values("pk")).values_list("pk", flat=True))


def _cut(request: StaffRequest, measure: Measure) -> Cut:
    """Which keys of its breakdowns are asked for. 404 for a key that can be none."""
    only = {each.name: request.GET[each.name] for each in measure.breakdowns if request.GET.get(each.name)}
    if not all(_may_be_a_key(key) for key in only.values()):
        raise Http404
    return Cut(only)


def _may_be_a_key(key: str) -> bool:
    return bool(KEY.fullmatch(key)) and not (key.isdigit() and len(key) > LONGEST_NUMBER)


def _without(measure: Measure, query: dict[str, str], by: str) -> str:
    rest = {name: key for name, key in query.items() if name != by}
    return f"{reverse('performance:records', args=[measure.name])}?{urlencode(rest)}"
