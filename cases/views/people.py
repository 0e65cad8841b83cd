"""Finding people and places, cut to what the searcher may see. Each search and each look is recorded."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cases.forms.people import FOUND_BY
from cases.models import Person, Place
from cases.services.keys import split_postcode
from cases.services.people import kept_of
from cases.services.search import (
    PersonQuery,
    contact_open_to,
    find_places,
    open_places,
    opens_place,
    search_people,
)
from cases.views.known import details_to_fill, replaced_by
from cases.views.person_page import PersonPage
from cases.views.person_shown import PersonShown
from cases.views.place_page import PlacePage
from csp.agencies.access import StaffRequest, get_permitted
from csp.audit.services import looked_at, searched

MOST_FOUND = 25
MOST_SUGGESTED = 6


def check_may_search(request: StaffRequest) -> None:
    if request.partnership is None or not request.user.has_perm("people.search"):
        raise PermissionDenied


def searched_text(request: StaffRequest) -> str:
    return " ".join(request.GET.get("q", "").replace("\x00", "").split())[:200]


@require_safe
def search(request: StaffRequest) -> HttpResponse:
    """By name, however it is spelt, phone number, e-mail or address."""
    check_may_search(request)
    text = searched_text(request)
    rows = found_people(request, text)
    context = {
        "text": text,
        "rows": rows,
        "most": len(rows) == MOST_FOUND,
        "may_merge": request.user.has_perm("people.merge"),
    }
    return render(request, "cases/person_search.html", context)


def found_people(request: StaffRequest, text: str) -> list[dict[str, object]]:
    """Those a search finds, as this reader may see them. That they searched is recorded."""
    if not text:
        return []
    found = search_people(user=request.user, partnership=request.partnership, text=text, limit=MOST_FOUND)
    searched(request.user, "person", text, hits=len(found), partnership=request.partnership)
    open_contact = contact_open_to(request.user, [match.person for match in found])
    return [
        {"reasons": match.reasons, "shown": PersonShown(match.person, match.person.pk in open_contact)}
        for match in found
    ]


@require_POST
def suggest(request: StaffRequest, by: str) -> JsonResponse:
    """Who is known by what is being typed into one box of a form."""
    check_may_search(request)
    if by not in FOUND_BY:
        raise Http404
    typed = request.POST.get("q", "").replace("\x00", "").strip()[:200]
    address, postcode = split_postcode(typed)
    query = PersonQuery(
        name=typed if by == "name" else "",
        phone=typed if by == "phone" else "",
        address=address if by == "address" else "",
        postcode=postcode if by == "address" else "",
    )
    found = search_people(
        user=request.user, partnership=request.partnership, query=query, limit=MOST_SUGGESTED
    )
    people = [match.person for match in found]
    if people:
        searched(request.user, "person", typed, hits=len(people), partnership=request.partnership)
    fill = details_to_fill(request.user, people)
    results = [suggestion(person, by, fill[person.pk]) for person in people]
    return JsonResponse({"results": results})


def suggestion(person: Person, by: str, fill: dict[str, str]) -> dict[str, object]:
    label = person.name if by == "name" else fill.get(by, person.name)
    about = [person.name, person.known_as, fill.get("address", ""), fill.get("phone", "")]
    hint = " · ".join(each for each in about if each and each != label)
    return {
        "value": str(person.pk),
        "label": label,
        "hint": hint,
        "fill": fill,
        "replace": replaced_by(person),
    }


@require_safe
def person(request: StaffRequest, pk: int) -> HttpResponse:
    """Whoever was found to be somebody else is shown as that one."""
    known = get_object_or_404(Person.objects.select_related("merged_into"), pk=pk)
    if known.merged_into is not None:
        kept = get_permitted(Person.objects.all(), request.user, "people.view", pk=kept_of(known).pk)
        return redirect("people:detail", pk=kept.pk)
    people = Person.objects.select_related("place", "partnership")
    record = get_permitted(people, request.user, "people.view", pk=pk)
    looked_at(request.user, record)
    page = PersonPage(record, request.user)
    return render(request, "cases/person_detail.html", {"person": record, "page": page, "shown": page.shown})


@require_safe
def places(request: StaffRequest) -> HttpResponse:
    """By address or postcode: places of reports that the searcher may read in full."""
    check_may_search(request)
    text = searched_text(request)
    found = found_places(request, text)
    return render(request, "cases/place_search.html", {"text": text, "found": found})


def found_places(request: StaffRequest, text: str) -> list[Place]:
    if not text:
        return []
    address, postcode = split_postcode(text)
    near = find_places(partnership=request.partnership, address=address, postcode=postcode)
    seen = set(open_places(request.user, near).values_list("pk", flat=True))
    found = [place for place in near if place.pk in seen]
    searched(request.user, "place", text, hits=len(found), partnership=request.partnership)
    return found


@require_safe
def place(request: StaffRequest, pk: int) -> HttpResponse:
    record = Place.objects.select_related("ward", "local_area").filter(pk=pk).first()
    if record is None or not opens_place(request.user, record):
        raise Http404
    looked_at(request.user, record)
    page = PlacePage(record, request.user, timezone.now())
    return render(request, "cases/place_detail.html", {"place": record, "page": page})
