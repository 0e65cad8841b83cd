"""Places and people that come back, for the team: each list is cut to what its reader may open."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.services.points import Cut, repeat_people, repeat_places
from csp.agencies.access import StaffRequest
from csp.agencies.models import Partnership
from csp.audit.services import record_once
from performance.forms.repeats import RepeatsFilter
from performance.services.hotspot_choices import categories_known, months_known
from performance.services.hotspots import What, whole_months
from performance.views.doors import partnership_for

MOST_LISTED = 50


def _asked(request: StaffRequest, partnership: Partnership, *, of_people: bool) -> RepeatsFilter:
    months = months_known(partnership, What.REPORTS, timezone.localdate())
    return RepeatsFilter(
        request.GET,
        categories=categories_known(partnership, What.REPORTS),
        of_people=of_people,
        months=months,
        newest=months[0],
    )


def _cut(form: RepeatsFilter) -> Cut:
    category = form.cleaned_data.get("category")
    return Cut(whole_months(*form.months), int(category) if category else None)


def _listed(form: RepeatsFilter, found: QuerySet[Any]) -> dict[str, Any]:
    rows = list(found[: MOST_LISTED + 1])
    return {
        "form": form,
        "rows": rows[:MOST_LISTED],
        "more": len(rows) > MOST_LISTED,
        "period": whole_months(*form.months),
        "most": MOST_LISTED,
    }


@require_safe
def places(request: StaffRequest) -> HttpResponse:
    partnership = partnership_for(request, "performance.make")
    form = _asked(request, partnership, of_people=False)
    found = repeat_places(request.user, partnership, _cut(form), form.least_number)
    return render(request, "performance/repeat_places.html", _listed(form, found))


@require_safe
def people(request: StaffRequest) -> HttpResponse:
    """Names together with how often: that somebody looked is recorded."""
    partnership = partnership_for(request, "performance.make")
    form = _asked(request, partnership, of_people=True)
    found = repeat_people(request.user, partnership, _cut(form), form.least_number, subjects=form.of_subjects)
    shown = _listed(form, found) | {"subjects": form.of_subjects}
    record_once(
        "repeat_people.viewed", by=request.user, partnership=partnership, subjects=form.of_subjects,
        people=[row["person"] for row in shown["rows"]],
    )  # fmt: skip
    return render(request, "performance/repeat_people.html", shown)
