"""Tables that a reader takes away, as CSV or ODS."""

import io
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.http import urlencode
from django.utils.text import slugify

from csp.core.spreadsheet import ODS_TYPE, Row, write_csv, write_ods

CSV, ODS = "csv", "ods"
TYPES = {CSV: "text/csv; charset=utf-8", ODS: ODS_TYPE}


def downloads_of(address: str, query: dict[str, str] | None = None) -> list[dict[str, str]]:
    """The ways to both files of one table."""
    return [
        {"label": ending.upper(), "url": f"{address}?{urlencode((query or {}) | {'format': ending})}"}
        for ending in (CSV, ODS)
    ]


def table_response(title: str, rows: Sequence[Row], wanted: str) -> HttpResponse:
    """CSV unless ODS is wanted."""
    ending = ODS if wanted == ODS else CSV
    out = io.BytesIO()
    if ending == ODS:
        write_ods(out, [(title[:30], rows)])
    else:
        write_csv(out, rows)
    response = HttpResponse(out.getvalue(), content_type=TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="{slugify(title)}.{ending}"'
    return response
