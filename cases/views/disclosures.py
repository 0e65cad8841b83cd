"""The disclosure log: what was shared with whom, under which law and why."""

import csv
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.filters.disclosures import DisclosureFilter
from cases.services.disclosure_log import CLOSED, HEAD, MODELS, disclosures, rows
from csp.agencies.access import StaffRequest
from csp.agencies.models import Partnership
from csp.audit.services import exported, record_once
from csp.core.keyset import page_of
from csp.core.spreadsheet import safe_cell

CASES = "cases"


def partnership_answered_for(request: StaffRequest) -> Partnership:
    here = request.partnership
    if here is None or not request.user.has_perm("cases.read_disclosures", here):
        raise PermissionDenied
    return here


@require_safe
def log(request: StaffRequest) -> HttpResponse:
    """One page of it, for cases or for reports. That somebody read it is recorded."""
    partnership = partnership_answered_for(request)
    of = request.GET.get("of", CASES)
    of = of if of in MODELS else CASES
    chosen = DisclosureFilter(request.GET, partnership=partnership)
    asked: dict[str, Any] = chosen.to_record()
    record_once("disclosure.viewed", by=request.user, partnership=partnership, of=of, **asked)
    shares = chosen.wanted.narrow(disclosures(request.user, partnership, of))
    page = page_of(shares, request, "-starts_at", "-pk")
    context = {
        "page": page,
        "form": chosen,
        "of": of,
        "closed": CLOSED,
        "tabs": [tab(request, each, of) for each in MODELS],
        "export_url": f"{reverse('cases:disclosures_export')}?{request.GET.urlencode()}",
    }
    return render(request, "cases/disclosures.html", context)


def tab(request: StaffRequest, of: str, shown: str) -> dict[str, object]:
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    query["of"] = of
    return {"label": of.capitalize(), "url": f"?{query.urlencode()}", "active": of == shown}


@require_safe
def export(request: StaffRequest) -> StreamingHttpResponse:
    """The same rows as a CSV file, of cases and of reports. That they left is recorded."""
    partnership = partnership_answered_for(request)
    chosen = DisclosureFilter(request.GET, partnership=partnership)
    found = [chosen.wanted.narrow(disclosures(request.user, partnership, of)) for of in MODELS]
    number = sum(shares.count() for shares in found)
    exported(request.user, "disclosure", rows=number, partnership=partnership, **chosen.to_record())
    response = StreamingHttpResponse(
        lines(chain.from_iterable(rows(shares) for shares in found)), content_type="text/csv; charset=utf-8"
    )
    name = f"disclosures-{partnership.slug}-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class Echo:
    """A file that hands each line on instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def lines(found: Iterator[tuple[str, ...]]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(HEAD)  # so that spreadsheets read it as UTF-8
    for each in found:
        yield writer.writerow([safe_cell(cell) for cell in each])
