from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from csp.agencies.access import StaffRequest
from csp.agencies.measures import all_measures
from performance.forms.housing import HousingFilter
from performance.services.housing import (
    for_every_1000_homes,
    housing_count,
    housing_measure,
    providers_of,
)
from performance.services.periods import choices, first_day
from performance.services.small_numbers import Shown, sees_small_numbers
from performance.views.doors import EXPLORE, partnership_for


@require_safe
def count(request: StaffRequest) -> HttpResponse:
    """Cases of each housing provider, and for every 1,000 homes where it is said how many there are."""
    partnership = partnership_for(request, EXPLORE)
    today = timezone.localdate()
    periods = choices(first_day(partnership, all_measures(), today), today, partnership.year_start)
    form = HousingFilter(request.GET, periods=periods, providers=providers_of(partnership))
    small = sees_small_numbers(request.user, partnership)
    table = housing_count(partnership, form.span, small=small)
    agency, homes = form.cleaned_data.get("agency"), form.cleaned_data.get("homes")
    opens = request.user.has_perm("performance.open_records", partnership)
    context = {
        "form": form,
        "period": form.span,
        "measure": housing_measure(),
        "rows": [
            {"shown": row, "url": _records(form, row) if opens else "", "rate": _rate(row, homes)}
            for row in table.rows
            if agency in ("", None, row.key)
        ],
        "total": table.total,
        "total_url": _records(form) if opens else "",
        "agency": agency,
        "homes": homes,
    }
    return render(request, "performance/housing.html", context)


def _rate(row: Shown | None, homes: int | None) -> Any:
    if row is None or row.number is None or not homes:
        return None
    return for_every_1000_homes(row.number, homes)


def _records(form: HousingFilter, row: Shown | None = None) -> str:
    query = {"period": form.query["period"]} | ({"agency": row.key} if row else {})
    return f"{reverse('performance:records', args=[housing_measure().name])}?{urlencode(query)}"
