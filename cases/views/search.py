"""The one search box: a reference opens its record, anything else finds people and places."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cases.models import Case, Report
from cases.views.people import found_people, found_places, searched_text
from csp.agencies.access import StaffRequest

REFERENCE = re.compile(r"[A-Z0-9]{1,6}-[A-Z]-\d\d-\d{6}")
PAGES = ((Report, "reports:detail"), (Case, "cases:detail"))


@require_safe
def everything(request: StaffRequest) -> HttpResponse:
    if request.partnership is None or not request.user.has_perm("people.search"):
        raise PermissionDenied
    text = searched_text(request)
    if REFERENCE.fullmatch(text.upper()):
        return open_reference(request, text.upper())
    context = {"text": text, "rows": found_people(request, text), "places": found_places(request, text)}
    return render(request, "cases/search.html", context)


def open_reference(request: StaffRequest, reference: str) -> HttpResponse:
    """A reference that they may not see and one that never was look the same."""
    for model, page in PAGES:
        if model.objects.visible_to(request.user).filter(reference=reference).exists():
            return redirect(page, reference=reference)
    messages.info(request, f"There is no {reference} that you can see")
    return render(request, "cases/search.html", {"text": reference, "rows": [], "places": []})
