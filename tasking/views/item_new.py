"""Putting something on the agenda without a referral: find what it is about, then say what is asked."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.models import Case, Category, Person
from cases.services.keys import split_postcode
from cases.services.search import find_places, open_places, search_people
from csp.agencies.access import StaffRequest
from csp.audit.services import searched
from csp.core.errors import RuleBroken
from tasking.enums import ItemKind
from tasking.forms.agenda import FindForm, ItemForm
from tasking.services import agenda
from tasking.services.referral_subjects import CannotRefer, Subject, case_for, person_for, place_for
from tasking.services.tabling import add_item
from tasking.views.item_page import TAB
from tasking.views.meeting_shell import MeetingShell, open_meeting

MOST_FOUND = 8
LONGEST_KEY = 18


@require_http_methods(["GET", "POST"])
def new(request: StaffRequest, reference: str) -> HttpResponse:
    """`?case=`, `?person=` or `?place=` say what it is about, `?heading=1` that it is a heading."""
    shell = open_meeting(request, reference, "meetings.run", active=TAB)
    chosen = {
        name: request.GET[name] for name in ("case", "person", "place", "heading") if request.GET.get(name)
    }
    if not chosen:
        return find(request, shell)
    subject = None if "heading" in chosen else subject_of(request, chosen)
    return write(request, shell, subject)


def subject_of(request: StaffRequest, chosen: dict[str, str]) -> Subject:
    try:
        if "case" in chosen:
            return case_for(request.user, request.partnership, chosen["case"])
        name, find_it = ("person", person_for) if "person" in chosen else ("place", place_for)
        if not chosen[name].isdecimal() or len(chosen[name]) > LONGEST_KEY:
            raise Http404
        return find_it(request.user, request.partnership, int(chosen[name]))
    except CannotRefer as problem:
        raise Http404(str(problem)) from problem


def find(request: StaffRequest, shell: MeetingShell) -> HttpResponse:
    asked = request.GET.get("q") is not None
    form = FindForm(request.GET if asked else None)
    context: dict[str, Any] = {"shell": shell, "form": form, "text": ""}
    if asked and form.is_valid() and form.cleaned_data["q"]:
        context |= found(request, form.cleaned_data["q"])
    return render(request, "tasking/item_find.html", context)


def found(request: StaffRequest, text: str) -> dict[str, Any]:
    """Cases, people and places with these words, as far as the searcher may see them."""
    here: dict[str, Any] = {"user": request.user, "partnership": request.partnership}
    cases = Case.objects.visible_to(request.user).open().filter(partnership=request.partnership)
    matches = Q(reference__iexact=text) | Q(title__icontains=text)
    address, postcode = split_postcode(text)
    near = find_places(partnership=request.partnership, address=address, postcode=postcode)
    results: dict[str, Any] = {
        "cases": list(cases.filter(matches).order_by("-opened_at", "-pk")[:MOST_FOUND]),
        "people": [match.person for match in search_people(text=text, limit=MOST_FOUND, **here)],
        "places": list(open_places(request.user, near).order_by("address", "pk")[:MOST_FOUND])
        if near
        else [],
    }
    hits = sum(len(rows) for rows in results.values())
    searched(request.user, "record", text, hits=hits, partnership=request.partnership)
    return results | {"text": text, "hits": hits}


def write(request: StaffRequest, shell: MeetingShell, subject: Subject | None) -> HttpResponse:
    details = first_words(subject)
    person: Person | None = subject.person if subject else None
    form = ItemForm(
        request.POST or None, meeting=shell.meeting, details=details, seen=agenda.prints_of(details),
        person=person, submit="Put it on the agenda",
    )  # fmt: skip
    if form.is_valid():
        kind = subject.kind if subject else ItemKind.STANDING
        about: dict[str, Any] = dict(subject.columns) if subject else {}
        values = agenda.values_of(form.details())
        try:
            made = add_item(
                meeting=shell.meeting, kind=kind, by=request.user, at=timezone.now(), **about, **values
            )
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"“{made.title}” is on the agenda")
            return redirect("meetings:item_table", reference=made.reference) if subject else redirect(made)
    context = {"shell": shell, "form": form, "subject": subject}
    return render(request, "tasking/item_new.html", context)


def first_words(subject: Subject | None) -> agenda.ItemDetails:
    if subject is None:
        return agenda.ItemDetails(title="", minutes=5)
    case = subject.case
    kinds = case.categories.order_by("-risk", "position") if case else Category.objects.none()
    return agenda.ItemDetails(
        title=subject.suggested_title(),
        gist=case.summary if case else "",
        issue=kinds.first(),
        area=subject.area,
    )
