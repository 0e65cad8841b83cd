"""People as they are typed: the caller, somebody affected, a subject."""

from typing import Any, ClassVar

from crispy_forms_gds.layout import Div, Field
from django import forms
from django.urls import reverse

from cases.enums import LinkRole, Vulnerability
from cases.forms.parts import PartsForm, line
from cases.models import Person
from cases.services.keys import split_postcode
from cases.services.people import PersonEntry
from csp.core.forms import DayField, NameField

FOUND_BY = ("name", "phone", "address")
WHAT_PEOPLE_TELL = (
    "person", "name", "phone", "email", "address", "known_as", "born_on", "language", "vulnerability",
    "contact_warning", "do_not_disclose",
)  # fmt: skip


class PersonPart(PartsForm):
    """One person, known or new. Three boxes offer who is known already while they are typed in."""

    person = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = NameField(label="Name", required=False, max_length=160)
    phone = line("Phone", 30, inputmode="tel")
    email = forms.EmailField(
        label="Email", required=False, max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    address = line("Address and postcode", 300)
    known_as = line("Also known as", 160)
    born_on = DayField(label="Date of birth, such as 3 9 1984", required=False, allow_future=False)
    language = line("Interpreter or format, such as Polish", 60)
    vulnerability = forms.MultipleChoiceField(
        label="What makes harm worse for them",
        choices=Vulnerability,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    contact_warning = line("Warning for staff, such as a dog", 300)
    do_not_disclose = forms.BooleanField(label="Never show where they live outside the team", required=False)

    parts: ClassVar[dict[str, list[Any]]] = {
        "person": [
            Field("person"),
            Div(Field("name"), Field("phone"), Field("address"), Field("email"), css_class="app-log__person"),
        ],
        "more": [
            Div(Field("known_as"), Field("born_on"), Field("language"), css_class="app-fields"),
            Field.checkboxes("vulnerability", small=True),
            Field("contact_warning"),
            Field.checkbox("do_not_disclose", small=True),
        ],
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for by in FOUND_BY:
            attrs = self.fields[by].widget.attrs
            attrs["data-combobox"] = reverse("people:suggest", args=[by])
            attrs["data-combobox-into"] = "person"
            attrs["data-combobox-prefix"] = f"{self.prefix}-" if self.prefix else ""
            # A known person's number or address may be put right without their becoming somebody new.
            attrs |= {} if by == "name" else {"data-combobox-hold": ""}

    def clean_person(self) -> int | None:
        pk = self.cleaned_data["person"]
        if pk is None or self.user is None:
            return None
        people = Person.objects.filter(partnership=self.partnership, pk=pk)
        if not people.visible_to(self.user).exists():
            raise forms.ValidationError("Choose the person again, or enter them as somebody new")
        return pk

    def says_somebody(self) -> bool:
        return any(self.cleaned_data.get(name) for name in WHAT_PEOPLE_TELL)

    def entry(self, role: LinkRole, **more: Any) -> PersonEntry:
        told = {
            name: self.cleaned_data[name] for name in WHAT_PEOPLE_TELL if name not in ("person", "address")
        }
        address, postcode = split_postcode(self.cleaned_data["address"])
        return PersonEntry(
            role=role,
            person_id=self.cleaned_data["person"],
            address=address,
            postcode=postcode,
            **told | {"vulnerability": tuple(told["vulnerability"])},
            **more,
        )


AFFECTED = (LinkRole.VICTIM, LinkRole.CHILD, LinkRole.WITNESS)


class AffectedForm(PersonPart):
    role = forms.ChoiceField(
        label="They are",
        choices=[(role.value, role.label) for role in AFFECTED],
        initial=LinkRole.VICTIM,
        required=False,
    )

    parts: ClassVar[dict[str, list[Any]]] = {"role": [Field("role")]}

    def clean_role(self) -> LinkRole:
        return LinkRole(self.cleaned_data["role"] or LinkRole.VICTIM)


class SubjectForm(PersonPart):
    role = LinkRole.SUBJECT


class ToldForm(PartsForm):
    """Another agency the caller has told."""

    agency = line("Agency", 120)
    agency_reference = line("Its reference", 60)

    parts: ClassVar[dict[str, list[Any]]] = {
        "told": [Div(Field("agency"), Field("agency_reference"), css_class="app-fields")]
    }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("agency_reference") and not cleaned.get("agency"):
            self.add_error("agency", "Enter the agency that gave this reference")
        return cleaned
