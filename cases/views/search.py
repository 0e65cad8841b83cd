"""The one search box: a reference opens its record, anything else finds cases, reports, people and places."""

import re
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.models import Case, Place, Report
from cases.services.everything import Found, Hit, find_words
from cases.services.keys import split_postcode
from cases.services.search import contact_open_to, find_places, open_places, search_people
from cases.views.people import check_may_search, searched_text
from cases.views.person_shown import PersonShown
from csp.agencies.access import StaffRequest
from csp.audit.services import searched

REFERENCE = re.compile(r"[A-Z0-9]{1,6}-[A-Z]-\d\d-\d{6}")
PAGES = ((Report, "reports:detail"), (Case, "cases:detail"))
PEOPLE, PLACES = 8, 6
TITLES = {
    "reference": "References of agencies",
    "case": "Cases",
    "report": "Reports",
    "note": "Notes",
    "evidence": "Evidence",
}
MORE = {"case": ("cases:list", {"tab": "open"}), "report": ("reports:list", {"tab": "all"})}
"""Where a kind has a list that takes the same words."""


@require_safe
def everything(request: StaffRequest) -> HttpResponse:
    check_may_search(request)
    text = searched_text(request)
    if REFERENCE.fullmatch(text.upper()):
        return open_reference(request, text.upper())
    if not text:
        return render(request, "cases/search.html", {"text": ""})
    found = find_words(user=request.user, partnership=request.partnership, text=text)
    rows, places = people_found(request, text), places_found(request, text)
    hits = found.number + len(rows) + len(places)
    searched(request.user, "record", text, hits=hits, partnership=request.partnership)
    context = {"text": text, "groups": groups_of(found, text), "rows": rows, "places": places, "hits": hits}
    return render(request, "cases/search.html", context)


def open_reference(request: StaffRequest, reference: str) -> HttpResponse:
    """A reference that they may not see and one that never was look the same. What they may only know to
    exist opens the page that says so, and how to ask for more.
    """
    for model, page in PAGES:
        if model.objects.visible_to(request.user).filter(reference=reference).exists():
            return redirect(page, reference=reference)
    if Case.objects.known_to(request.user).filter(reference=reference, restricted=False).exists():
        return redirect("cases:detail", reference=reference)
    messages.info(request, f"There is no {reference} that you can see")
    return render(request, "cases/search.html", {"text": reference})


def people_found(request: StaffRequest, text: str) -> list[dict[str, Any]]:
    found = search_people(user=request.user, partnership=request.partnership, text=text, limit=PEOPLE)
    open_contact = contact_open_to(request.user, [match.person for match in found])
    return [
        {"reasons": match.reasons, "shown": PersonShown(match.person, match.person.pk in open_contact)}
        for match in found
    ]


def places_found(request: StaffRequest, text: str) -> list[Place]:
    address, postcode = split_postcode(text)
    near = find_places(partnership=request.partnership, address=address, postcode=postcode)
    seen = set(open_places(request.user, near).values_list("pk", flat=True)) if near else set()
    return [place for place in near if place.pk in seen][:PLACES]


def groups_of(found: Found, text: str) -> list[dict[str, Any]]:
    """Each kind with something in it, best kind of match first."""
    return [
        {
            "title": TITLES[kind],
            "kind": kind,
            "hits": [{"hit": hit, "url": url_of(hit)} for hit in hits],
            "more": kind in found.more,
            "more_url": more_url(kind, text) if kind in found.more else "",
        }
        for kind, hits in found.hits.items()
        if hits
    ]


def url_of(hit: Hit) -> str:
    return reverse("reports:detail" if hit.kind == "report" else "cases:detail", args=[hit.reference])


def more_url(kind: str, text: str) -> str:
    if kind not in MORE:
        return ""
    name, query = MORE[kind]
    return f"{reverse(name)}?{urlencode(query | {'q': text})}"
