"""The depersonalised export: numbers for other authorities."""

import datetime as dt
import io
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from csp.agencies.access import StaffRequest
from csp.agencies.models import Partnership
from csp.core.calendar import Period
from csp.core.spreadsheet import ODS_TYPE, write_csv, write_ods
from csp.core.text import count
from csp.core.words import moment_words
from performance.forms.depersonalised import ODS, DepersonalisedForm
from performance.forms.hotspots import month_key
from performance.services.depersonalised import Depersonalised, depersonalised, record_export
from performance.services.hotspot_choices import months_known
from performance.services.hotspots import What, whole_months
from performance.services.small_numbers import LEAST
from performance.views.doors import partnership_for

HEAD = ["Month", "Ward", "Category", "Time of day", "Reports"]


@require_http_methods(["GET", "POST"])
def export(request: StaffRequest) -> HttpResponse:
    """A form, and the file that it asks for."""
    partnership = partnership_for(request, "performance.make")
    today = timezone.localdate()
    months = months_known(partnership, What.REPORTS, today)
    form = DepersonalisedForm(
        request.POST or None, months=months, initial=_quarter_before(partnership, today)
    )
    if not form.is_valid():
        context = {"form": form, "least": LEAST}
        return render(request, "performance/depersonalised.html", context)
    given = form.cleaned_data
    first, last = given["first"], given["last"]
    found = depersonalised(partnership, first, last)
    record_export(
        partnership=partnership, first=first, last=last, recipient=given["recipient"],
        rows=len(found.rows), by=request.user,
    )  # fmt: skip
    return _file(partnership, found, given)


def _quarter_before(partnership: Partnership, today: dt.date) -> dict[str, str]:
    """What is due by the end of the quarter that runs now."""
    running = Period.quarter_of(today, partnership.year_start)
    quarter = Period.quarter_of(running.first - dt.timedelta(days=1), partnership.year_start)
    return {"first": month_key(quarter.first), "last": month_key(quarter.last)}


def _file(partnership: Partnership, found: Depersonalised, given: dict[str, Any]) -> HttpResponse:
    rows = [[f"{month:%B %Y}", ward, category, band, str(number)]
            for (month, ward, category, band), number in found.rows]  # fmt: skip
    about = [[line] for line in _about(partnership, found, given)]
    body = io.BytesIO()
    kind = given["file_format"]
    if kind == ODS:
        write_ods(body, [("About this file", about), ("Reports", [HEAD, *rows])])
    else:
        write_csv(body, [*about, HEAD, *rows])
    response = HttpResponse(
        body.getvalue(), content_type=ODS_TYPE if kind == ODS else "text/csv; charset=utf-8"
    )
    span = f"{month_key(given['first'])}-to-{month_key(given['last'])}"
    name = f"reports-depersonalised-{partnership.slug}-{span}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _about(partnership: Partnership, found: Depersonalised, given: dict[str, Any]) -> list[str]:
    are = "is" if found.held_back == 1 else "are"
    return [
        f"{partnership}: reports of anti-social behaviour, {whole_months(given['first'], given['last'])}",
        f"For {given['recipient']}. Made on {moment_words(timezone.now())}",
        "Depersonalised information under section 17A of the Crime and Disorder Act 1998",
        "A report with several categories counts once for each.",
        "Duplicates and reports of restricted cases do not count.",
        f"Groups of fewer than {LEAST} are put together without the time of day, then without the ward.",
        f"{count(found.held_back, 'group')} still had fewer and {are} not here.",
    ]
