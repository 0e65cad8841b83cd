"""People as they are typed: the caller, somebody affected, a subject."""

import json
from typing import Any, ClassVar

from crispy_forms_gds.layout import Div, Field
from django import forms
from django.urls import reverse

from cases.enums import ContactMethod, LinkRole, Vulnerability
from cases.forms.parts import PartsForm, line
from cases.models import Person
from cases.services.keys import split_postcode
from cases.services.people import PersonEntry
from cases.services.person_edits import EARLIEST_BIRTHDAY, PersonDetails, names_in, prints_of
from csp.core.calendar import local_day
from csp.core.forms import DayField, GDSForm, NameField
from csp.core.words import date_words

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


LONGEST_NAME = 160


class EditPersonForm(GDSForm):
    """What is known about a person. What was not touched stays as it is."""

    submit_text = "Save changes"

    name = NameField(
        label="Name",
        max_length=LONGEST_NAME,
        error_messages={"required": "Enter a name, or what they are called"},
    )
    known_as = line("Known as", LONGEST_NAME)
    aliases = forms.CharField(
        label="Other names",
        help_text="One on each line: a maiden name, a street name",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "app-grows", "autocomplete": "off"}),
    )
    born_on = DayField(
        label="Date of birth",
        help_text="Such as 3 9 1984",
        required=False,
        allow_future=False,
        earliest=EARLIEST_BIRTHDAY,
    )
    gender = line("Gender", 40, hint="In their own words")
    language = line("Interpreter or format", 60, hint="Such as Polish, or large print")
    phone = line("Phone", 30, inputmode="tel")
    email = forms.EmailField(
        label="Email", required=False, max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    address = line("Address and postcode", 300)
    do_not_disclose = forms.BooleanField(label="Never show where they live outside the team", required=False)
    contact_method = forms.ChoiceField(
        label="Safe to contact by", choices=[("", "Not known"), *ContactMethod.choices], required=False
    )
    contact_when = line("When", 120)
    contact_avoid = line("What to avoid", 300, hint="Such as: never leave a message")
    contact_warning = line("Warning for staff", 300, hint="What they must know before a visit")
    vulnerability = forms.MultipleChoiceField(
        label="What makes harm worse for them",
        choices=Vulnerability,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    layout: ClassVar[list[Any]] = [
        Div(Field("name"), Field("known_as"), css_class="app-fields"),
        Field("aliases"),
        Div(Field("born_on"), Field("gender"), Field("language"), css_class="app-fields"),
        Div(Field("phone"), Field("email"), Field("address"), css_class="app-fields"),
        Field.checkbox("do_not_disclose", small=True),
        Div(Field("contact_method"), Field("contact_when"), css_class="app-fields"),
        Field("contact_avoid"),
        Field("contact_warning"),
        Field.checkboxes("vulnerability", small=True),
        Field("seen"),
    ]

    def __init__(
        self, *args: Any, details: PersonDetails, seen: PersonDetails | None = None, **kwargs: Any
    ) -> None:
        initial = {name: getattr(details, name) for name in self.base_fields if name != "seen"}
        initial |= {"aliases": "\n".join(details.aliases), "vulnerability": list(details.vulnerability)}
        super().__init__(*args, initial=initial | {"seen": json.dumps(prints_of(seen or details))}, **kwargs)
        self.before = details

    def clean_aliases(self) -> tuple[str, ...]:
        names = names_in(self.cleaned_data["aliases"], but=self.cleaned_data.get("name", ""))
        if any(len(name) > LONGEST_NAME for name in names):
            raise forms.ValidationError(f"Each other name must be {LONGEST_NAME} characters or fewer")
        return names

    def details(self) -> PersonDetails:
        told = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        if "address" not in self.changed_data:
            told["address"] = self.before.address
        return PersonDetails(**told | {"vulnerability": tuple(sorted(told["vulnerability"]))})


class MergePeopleForm(GDSForm):
    submit_text = "Make them one person"

    keep = forms.ChoiceField(
        label="Which record stays?",
        help_text="It takes over everything about the other, and fills its own gaps from it",
        widget=forms.RadioSelect,
        error_messages={"required": "Select the record that stays"},
    )
    reason = forms.CharField(
        label="Why are they the same person?",
        max_length=300,
        error_messages={"required": "Enter how you know that they are the same person"},
    )

    layout: ClassVar[list[Any]] = [Field.radios("keep"), Field("reason")]

    def __init__(self, *args: Any, one: Person, two: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keep"].choices = [  # type: ignore[attr-defined]
            (str(person.pk), f"{person.name}, known since {date_words(local_day(person.created_at))}")
            for person in (one, two)
        ]


class CaseRoleForm(GDSForm):
    submit_text = "Change role"

    role = forms.ChoiceField(
        label="In this case they are",
        choices=LinkRole.choices,
        error_messages={"required": "Select what they are in this case"},
    )

    layout: ClassVar[list[Any]] = [Field("role")]


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
