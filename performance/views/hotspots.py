"""Where and when it happens: a map with its list, charts, and what each hexagon counts."""

import io
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from csp.agencies.access import StaffRequest
from csp.audit.services import exported
from csp.core.keyset import page_of
from csp.core.record_rows import Row, row_of, with_what_is_shown
from csp.core.spreadsheet import ODS_TYPE, write_csv, write_ods
from performance.models import PoliceIncident
from performance.services.hotspots import is_hexagon, records_in
from performance.services.rounding import ROUNDED
from performance.views.doors import EXPLORE, partnership_for
from performance.views.hotspot_asking import asked
from performance.views.hotspot_page import HotspotsPage, Numbers


def _page(request: StaffRequest) -> HotspotsPage:
    partnership = partnership_for(request, EXPLORE)
    return HotspotsPage(partnership, asked(request, partnership), frozenset(request.user.partner_ids))


@require_safe
def hotspots(request: StaffRequest) -> HttpResponse:
    page = _page(request)
    return render(request, "performance/hotspots.html", {"page": page, "form": page.form})


@require_safe
def points(request: StaffRequest) -> JsonResponse:
    """What the map draws: the same hexagons as the list, and never a single point."""
    return JsonResponse(_page(request).points)


@require_safe
def records(request: StaffRequest, cell: str) -> HttpResponse:
    """What one hexagon counts, as far as the reader may read it in full. For the team."""
    partnership = partnership_for(request, "performance.make")
    form = asked(request, partnership)
    if not is_hexagon(cell):
        raise Http404
    found: Any = records_in(partnership, form.wanted, cell, request.user.partner_ids)
    number = found.count()
    is_police = found.model is PoliceIncident
    visible = found.visible_to(request.user) if is_police else found.readable_by(request.user)
    page = page_of(visible if is_police else with_what_is_shown(visible), request, "-pk")
    context = {
        "number": form.wanted.words(number),
        "period": form.wanted.period,
        "page": page,
        "rows": [_incident(each) if is_police else row_of(each) for each in page.rows],
        "hidden": number - visible.count(),
        "back": f"{reverse('performance:hotspots')}?{urlencode(form.query)}",
    }
    return render(request, "performance/hotspot_records.html", context)


def _incident(incident: PoliceIncident) -> Row:
    parts = (incident.location, f"{incident.month:%B %Y}", incident.outcome)
    return Row("", incident.crime_type, "", " · ".join(filter(None, parts)))


@require_safe
def file(request: StaffRequest) -> HttpResponse:
    """The list and the numbers of the charts as a file, or of one chart alone. That they left is recorded."""
    page = _page(request)
    charts = [each for each in page.over_time if each.key == request.GET.get("table")]
    sheets = [(each.title, _rows(page, each)) for each in charts or page.over_time]
    if not charts:
        sheets.insert(0, ("Places", list(_place_rows(page))))
    kind = "ods" if request.GET.get("format") == "ods" else "csv"
    table = charts[0].key if charts else "places"
    query = page.form.query
    asked_for = {"of": query["what"]} | {name: query[name] for name in query if name != "what"}
    rows = len(sheets[0][1]) - 1
    exported(request.user, "hotspots", rows=rows, partnership=page.partnership, table=table, **asked_for)
    body = io.BytesIO()
    if kind == "ods":
        write_ods(body, sheets)
    else:
        write_csv(body, sheets[0][1])
    content_type = ODS_TYPE if kind == "ods" else "text/csv; charset=utf-8"
    response = HttpResponse(body.getvalue(), content_type=content_type)
    parts = ["hotspots", page.partnership.slug, query["what"], *(each.key for each in charts)]
    name = f"{'-'.join(parts)}-{query['first']}-to-{query['last']}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _number_head(page: HotspotsPage) -> str:
    return "Number" if page.small else f"Number, {ROUNDED}"


def _place_rows(page: HotspotsPage) -> Iterator[list[str]]:
    yield ["Place", _number_head(page), "Latitude of the middle", "Longitude of the middle", "H3 cell"]
    for hexagon, row in page.hexagons:
        yield [row.label, _cell(row.number, row.words), *map(str, hexagon.centre), hexagon.cell]


def _rows(page: HotspotsPage, numbers: Numbers) -> list[list[str]]:
    head = [numbers.title, _number_head(page)]
    return [head, *([row.label, _cell(row.number, row.words)] for row in numbers.table.rows)]


def _cell(number: int | None, words: str) -> str:
    return words if number is None else str(number)
