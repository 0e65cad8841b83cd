"""What somebody sees who may know that a record exists, and nothing else."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from cases.models import AccessRequest, Case, Report
from cases.services.access_requests import asker_of
from csp.agencies.access import StaffRequest
from csp.audit.services import looked_at

View = Callable[..., HttpResponse]


def or_existence(model: Any) -> Callable[[View], View]:
    """The page of a record; for who may only know of it, its reference, who leads it and how to ask."""

    def around(view: View) -> View:
        @wraps(view)
        def page(request: StaffRequest, reference: str) -> HttpResponse:
            try:
                return view(request, reference)
            except Http404:
                return existence_page(request, model, reference)

        return page

    return around


def existence_page(request: StaffRequest, model: Any, reference: str) -> HttpResponse:
    known = model.objects.known_to(request.user).select_related("lead", "partnership")
    record = get_object_or_404(known, reference=reference)
    looked_at(request.user, record, level="existence")
    case = record if model is Case else case_known(request, record)
    asker = asker_of(case, request.user) if case else None
    context = {
        "record": record,
        "case": case,
        "asker": asker,
        "asked": newest_request(case, asker) if asker else None,
        "may_break_glass": request.user.has_perm("cases.break_glass", case) if case else False,
    }
    return render(request, "cases/sharing_existence.html", context)


def case_known(request: StaffRequest, report: Report) -> Case | None:
    """The case through which the report is known of."""
    return Case.objects.known_to(request.user).filter(reports=report).first()


def newest_request(case: Case | None, asker: Any) -> AccessRequest | None:
    return AccessRequest.objects.filter(case=case, partner=asker).order_by("-asked_at", "-pk").first()
