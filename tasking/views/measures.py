"""What is counted of meetings, by period. Each figure opens the records that it counts."""

import csv
import io
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Min
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from csp.agencies.access import StaffRequest
from csp.agencies.measures import (
    Breakdown,
    Figure,
    Measure,
    find_measure,
    measures_of,
)
from csp.agencies.models import Partnership
from csp.audit.services import exported
from csp.core.calendar import Period, local_day
from csp.core.keyset import page_of
from csp.core.record_rows import row_of, with_what_is_shown
from csp.core.spreadsheet import safe_cell
from tasking.forms.measures import MeasuresFilter
from tasking.measures import ROOM
from tasking.models import Meeting

HEAD = ("Period", "Meetings", "Measure", "Counted by", "Of", "Number", "Unit", "Part", "What the part is")


@dataclass(frozen=True)
class Shown:
    """A figure and the address of what it counts."""

    figure: Figure
    words: str
    url: str


@dataclass(frozen=True)
class Table:
    breakdown: Breakdown
    rows: list[Shown]


@dataclass(frozen=True)
class Block:
    measure: Measure
    whole: Shown
    tables: list[Table]


def _counted_for(request: StaffRequest) -> Partnership:
    here = request.partnership
    if here is None or not request.user.has_perm("meetings.measures", here):
        raise PermissionDenied
    return here


def _chosen(request: StaffRequest, partnership: Partnership) -> MeasuresFilter:
    """From the year of the first meeting to this one, the newest first."""
    today = timezone.localdate()
    first = Meeting.objects.held().filter(partnership=partnership).aggregate(at=Min("starts_at"))["at"]
    year = Period.year_of(today, partnership.year_start)
    oldest = Period.year_of(local_day(first), partnership.year_start) if first else year
    years = [year]
    while years[-1].first > oldest.first:
        years.append(years[-1].back())
    return MeasuresFilter(request.GET, years=years)


def _blocks(partnership: Partnership, chosen: MeasuresFilter) -> list[Block]:
    return [_block(measure, partnership, chosen) for measure in measures_of(ROOM)]


def _block(measure: Measure, partnership: Partnership, chosen: MeasuresFilter) -> Block:
    asked = (partnership, chosen.span, chosen.only)
    wanted = [each for each in measure.breakdowns if each.name not in chosen.only]
    tables = [
        Table(each, [_shown(measure, figure, chosen, each) for figure in measure.figures_by(each, *asked)])
        for each in wanted
    ]
    return Block(measure, _shown(measure, measure.figure(*asked), chosen), tables)


def _shown(
    measure: Measure, figure: Figure, chosen: MeasuresFilter, breakdown: Breakdown | None = None
) -> Shown:
    query = chosen.query | ({breakdown.name: figure.key} if breakdown else {})
    url = reverse("meetings:measure_records", args=[measure.name])
    return Shown(figure, measure.words(figure.number), f"{url}?{urlencode(query)}")


@require_safe
def measures(request: StaffRequest) -> HttpResponse:
    partnership = _counted_for(request)
    chosen = _chosen(request, partnership)
    context = {
        "form": chosen,
        "period": chosen.span,
        "blocks": _blocks(partnership, chosen),
        "export_url": f"{reverse('meetings:measures_export')}?{urlencode(chosen.query)}",
    }
    return render(request, "tasking/measures.html", context)


@require_safe
def records(request: StaffRequest, name: str) -> HttpResponse:
    """What one figure counts, as far as the reader may open it."""
    partnership = _counted_for(request)
    measure = find_measure(name)
    if measure is None or measure.room != ROOM:
        raise Http404
    chosen = _chosen(request, partnership)
    only = {each.name: request.GET[each.name] for each in measure.breakdowns if request.GET.get(each.name)}
    try:
        figure = measure.figure(partnership, chosen.span, only)
        found: Any = measure.records_of(partnership, chosen.span, only)
    except ValueError as wrong:
        raise Http404 from wrong
    visible = with_what_is_shown(found.visible_to(request.user))
    page = page_of(visible, request, "-pk")
    destroyed = measure.destroyed(partnership, chosen.span, only)
    context = {
        "measure": measure,
        "figure": figure,
        "number": measure.words(figure.number),
        "period": chosen.span,
        "page": page,
        "rows": [row_of(record) for record in page.rows],
        "hidden": figure.number - visible.count() - destroyed,
        "destroyed": destroyed,
        "back": f"{reverse('meetings:measures')}?{urlencode(chosen.query)}",
        "cut": [f"{each.label}: {_words(each, only[each.name], found)}" for each in _cut(measure, only)],
    }
    return render(request, "tasking/measure_records.html", context)


def _cut(measure: Measure, only: dict[str, str]) -> list[Breakdown]:
    return [each for each in measure.breakdowns if each.name in only]


def _words(breakdown: Breakdown, key: str, found: Any) -> str:
    """What the key is called, from the records that have it."""
    first = found.order_by().values_list(breakdown.key, breakdown.words).first()
    return breakdown.label_of(*first) if first else dict(breakdown.choices).get(key, "none")


@require_safe
def export(request: StaffRequest) -> HttpResponse:
    """The same figures as a CSV file. That they left is recorded."""
    partnership = _counted_for(request)
    chosen = _chosen(request, partnership)
    rows = _rows(chosen, _blocks(partnership, chosen))
    exported(request.user, "meeting_measure", rows=len(rows), partnership=partnership, **chosen.query)
    text = io.StringIO()
    csv.writer(text).writerows([safe_cell(cell) for cell in row] for row in (HEAD, *rows))
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"meeting-measures-{partnership.slug}-{chosen.query['period']}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rows(chosen: MeasuresFilter, blocks: list[Block]) -> list[tuple[str, ...]]:
    of = dict(chosen.fields["kind"].choices)[chosen.meetings]  # type: ignore[attr-defined]
    found: list[tuple[str, ...]] = []
    for block in blocks:
        figures = [("", block.whole.figure)]
        figures += [(table.breakdown.label, row.figure) for table in block.tables for row in table.rows]
        for by, figure in figures:
            part = ("", "") if figure.part is None else (str(figure.part), _part_words(block.measure))
            label = figure.label if by else "All"
            found.append(
                (str(chosen.span), of, block.measure.label, by, label, str(figure.number),
                 block.measure.unit, *part)
            )  # fmt: skip
    return found


def _part_words(measure: Measure) -> str:
    return measure.part.label if measure.part else ""
