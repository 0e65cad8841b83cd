"""The partnership's year at a glance, and the same as files."""

import io
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from csp.agencies.access import StaffRequest
from csp.agencies.models import Partnership
from csp.audit.services import exported
from csp.core.spreadsheet import ODS_TYPE, Row, figure, write_csv, write_ods
from performance.forms.measures import MONTHLY, QUARTERLY, DashboardFilter
from performance.services.dashboard import Asked, build, sheets
from performance.services.dashboard_parts import Dashboard, Sheet
from performance.services.small_numbers import sees_small_numbers
from performance.views.asked_period import asked_period
from performance.views.doors import partnership_for
from performance.views.downloads import downloads_of

ALL = "all"
FORMATS = ("csv", "ods")


def _asked(request: StaffRequest) -> tuple[Partnership, DashboardFilter, Dashboard]:
    partnership = partnership_for(request)
    form = asked_period(request, partnership, DashboardFilter)
    asked = Asked(
        partnership,
        form.span,
        timezone.localdate(),
        monthly=form.monthly,
        small=sees_small_numbers(request.user, partnership),
        opens=request.user.has_perm("performance.open_records", partnership),
    )
    return partnership, form, build(asked)


@require_safe
def dashboard(request: StaffRequest) -> HttpResponse:
    partnership, form, found = _asked(request)
    context = {
        "form": form,
        "found": found,
        "partnership": partnership,
        "small": sees_small_numbers(request.user, partnership),
        "pictures": [(each, _downloads(form, each.name)) for each in found.pictures],
        "tables": [(each, _downloads(form, each.name)) for each in found.tables],
        "downloads": _downloads(form, ALL),
        "measures_url": f"{reverse('performance:measures')}?{urlencode(form.query)}",
    }
    return render(request, "performance/dashboard.html", context)


def _downloads(form: DashboardFilter, what: str) -> list[dict[str, str]]:
    return downloads_of(reverse("performance:download"), form.query | {"what": what})


@require_safe
def download(request: StaffRequest) -> HttpResponse:
    """One chart or table, or all of them, as the reader sees them. That they left is recorded."""
    partnership, form, found = _asked(request)
    what, file_format = request.GET.get("what", ALL), request.GET.get("format", FORMATS[0])
    wanted = [each for each in sheets(found) if what in (ALL, each.name)]
    if not wanted or file_format not in FORMATS:
        raise Http404
    rows = sum(len(each.rows) - 1 for each in wanted)
    detail: dict[str, Any] = {
        "period": form.query["period"],
        "trends": MONTHLY if form.monthly else QUARTERLY,
        "table": what,
        "format": file_format,
    }
    exported(request.user, "performance_figures", rows=rows, partnership=partnership, **detail)
    about = [settings.MARKING, f"Performance of {partnership}", str(form.span)]
    body, content_type = WRITERS[file_format](wanted, about)
    response = HttpResponse(body, content_type=content_type)
    name = f"performance-{partnership.slug}-{form.query['period']}-{what}.{file_format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _csv(wanted: list[Sheet], about: list[str]) -> tuple[bytes, str]:
    """What the file is, and one table below the other, each with its title and period."""
    body = io.BytesIO()
    rows: list[list[str]] = [[line] for line in about]
    for sheet in wanted:
        rows += [[], [sheet.title, about[-1]], *sheet.rows]
    write_csv(body, rows)
    return body.getvalue(), "text/csv; charset=utf-8"


def _ods(wanted: list[Sheet], about: list[str]) -> tuple[bytes, str]:
    body = io.BytesIO()
    sheets: list[tuple[str, list[Row]]] = [("About this file", [[line] for line in about])]
    sheets += [(each.title, [[each.title, about[-1]], *map(_cells, each.rows)]) for each in wanted]
    write_ods(body, sheets)
    return body.getvalue(), ODS_TYPE


def _cells(row: list[str]) -> Row:
    return [row[0], *map(figure, row[1:])]


WRITERS: dict[str, Callable[[list[Sheet], list[str]], tuple[bytes, str]]] = {"csv": _csv, "ods": _ods}
