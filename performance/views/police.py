"""What the police counted here, month by month, and of which files."""

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from csp.agencies.access import StaffRequest
from csp.agencies.models import Area, Partnership
from csp.audit.services import exported
from csp.core.charts import Chart, Line, line_chart
from csp.core.keyset import page_of
from performance.forms.police import PoliceFilter
from performance.models import PoliceFile, PoliceUpload
from performance.services.police_trend import ASB, FIELDS, Trend, crime_types, months_loaded, trend
from performance.views.doors import EXPLORE, MAKE, partnership_for
from performance.views.downloads import downloads_of, table_response

UPLOADS_SHOWN, FILES_SHOWN = 5, 12
NOT_LOADED = "not loaded"
UNIT = "incidents"


def asked(request: StaffRequest, here: Partnership) -> tuple[PoliceFilter, Trend]:
    loaded = months_loaded(here)
    areas = Area.objects.filter(partnership=here, kind__in=FIELDS).order_by("kind", "name", "pk")
    form = PoliceFilter(request.GET, types=crime_types(here), areas=list(areas), loaded=loaded)
    return form, trend(here, form.chosen_months, loaded, area=form.chosen_area, crime_type=form.chosen_type)


@require_safe
def police(request: StaffRequest) -> HttpResponse:
    here = partnership_for(request, EXPLORE)
    form, found = asked(request, here)
    makes = request.user.has_perm(MAKE, here)
    uploads = PoliceUpload.objects.visible_to(request.user).filter(partnership=here)
    files = PoliceFile.objects.filter(partnership=here).select_related("loaded_by")
    rows = found.rows if form.chosen_type or not found.rows else [*found.rows, found.total]
    context = {
        "form": form,
        "trend": found,
        "rows": rows,
        "chart": chart_of(form, found),
        "downloads": downloads_of(reverse("performance:police_download"), form.query),
        "files": page_of(files.annotate(kept=Count("incidents")), request, "-month", "-pk", size=FILES_SHOWN),
        "uploads": uploads.select_related("progress", "by").order_by("-at", "-pk")[:UPLOADS_SHOWN]
        if makes
        else [],
        "makes": makes,
    }
    return render(request, "performance/police.html", context)


def chart_of(form: PoliceFilter, found: Trend) -> Chart | None:
    if not found.months:
        return None
    where = f" in {form.chosen_area}" if form.chosen_area else ""
    labels = [f"{month:%b %Y}" for month in found.months]
    if form.chosen_type:
        lines = [Line(form.chosen_type, found.row(form.chosen_type).numbers)]
        return line_chart(f"{form.chosen_type}{where}", UNIT, labels, lines)
    lines = [Line(ASB, found.row(ASB).numbers), Line("All other types", found.without(ASB))]
    return line_chart(f"Incidents that the police recorded{where}", UNIT, labels, lines)


@require_safe
def download(request: StaffRequest) -> HttpResponse:
    """The same table as a file. That it left is recorded."""
    here = partnership_for(request, EXPLORE)
    form, found = asked(request, here)
    head = ["Crime type", *(f"{month:%Y-%m}" for month in found.months)]
    rows = [
        [row.crime_type, *(NOT_LOADED if number is None else str(number) for number in row.numbers)]
        for row in found.rows
    ]
    exported(request.user, "police_incident", rows=len(rows), partnership=here, **form.query)
    return table_response(f"Police incidents {here.slug}", [head, *rows], request.GET.get("format", ""))
