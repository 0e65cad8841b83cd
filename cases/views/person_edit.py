"""Putting right what is known about a person."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.enums import ContactMethod, Vulnerability
from cases.forms.people import EditPersonForm
from cases.models import Person
from cases.services import person_edits
from cases.services.person_edits import PersonDetails
from cases.services.prints import ChangedMeanwhile, mine_over, read_seen
from csp.agencies.access import StaffRequest, get_permitted
from csp.agencies.models import User
from csp.core.errors import RuleBroken
from csp.core.words import date_words

FIELD_WORDS = {
    "name": "Name",
    "known_as": "Known as",
    "aliases": "Other names",
    "born_on": "Date of birth",
    "phone": "Phone",
    "email": "Email",
    "address": "Address",
    "contact_method": "Safe to contact by",
    "contact_when": "When to contact them",
    "contact_avoid": "What to avoid",
    "contact_warning": "Warning for staff",
    "vulnerability": "What makes harm worse for them",
    "language": "Interpreter or format",
    "gender": "Gender",
    "do_not_disclose": "Do not disclose where they live",
}


@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    people = Person.objects.select_related("place", "partnership")
    person = get_permitted(people, request.user, "people.edit", pk=pk)
    form = EditPersonForm(request.POST or None, details=person_edits.details_of(person))
    changes: list[dict[str, str]] = []
    if form.is_valid():
        typed, seen = form.details(), read_seen(form.cleaned_data["seen"])
        try:
            saved = person_edits.edit_person(
                person=person, details=typed, seen=seen, by=request.user, at=timezone.now()
            )
        except ChangedMeanwhile as clash:
            both = mine_over(clash.details, typed, person_edits.prints_of(typed), seen)
            form = EditPersonForm(details=both, seen=clash.details)
            changes = [{"what": FIELD_WORDS[name], "now": said(clash.details, name)} for name in clash.fields]
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            say_saved(request, saved, request.user)
            return redirect("people:detail", pk=person.pk)
    return render(request, "cases/person_edit.html", {"person": person, "form": form, "changes": changes})


def say_saved(request: StaffRequest, person: Person, user: User) -> None:
    messages.success(request, f"What is known about {person} is saved")
    if report := person_edits.incident_before_birth(person, user):
        messages.warning(
            request,
            f"Check the date of birth: report {report} tells of something before they were born",
        )


def said(details: PersonDetails, name: str) -> str:
    value: Any = getattr(details, name)
    match name:
        case "vulnerability":
            return ", ".join(str(Vulnerability(each).label) for each in value) or "Nothing"
        case "aliases":
            return ", ".join(value) or "None"
        case "born_on":
            return date_words(value) if value else "Not known"
        case "contact_method":
            return str(ContactMethod(value).label) if value else "Not known"
        case "do_not_disclose":
            return "Yes" if value else "No"
    return str(value or "Nothing")
