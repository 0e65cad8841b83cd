"""The form an officer fills while on the phone, and the one in which an agency refers."""

import datetime as dt
from typing import Any, ClassVar

from crispy_forms_gds.layout import Div, Field, Size
from django import forms

from cases.enums import CallerKind, Channel, ContactMethod, LinkRole, PersonConsent
from cases.forms.incidents import ContactPart, QuestionsPart, WhatPart
from cases.forms.parts import line
from cases.forms.people import PersonPart
from cases.forms.when_where import WhenPart, WherePart
from cases.services.people import PersonEntry
from csp.agencies.models import Partner, Partnership
from csp.core.forms import MomentField, MultipleUploadField

ENTERED_BY_HAND = (Channel.PHONE, Channel.PAPER, Channel.IN_PERSON, Channel.EMAIL)
CALLERS: dict[str, tuple[str, CallerKind, LinkRole | None]] = {
    "affected": ("It happens to them", CallerKind.PERSON, LinkRole.COMPLAINANT),
    "witness": ("Saw or heard it", CallerKind.PERSON, LinkRole.WITNESS),
    "behalf": ("Calls for someone", CallerKind.BEHALF, LinkRole.REPRESENTATIVE),
    "agency": ("Agency", CallerKind.AGENCY, LinkRole.PROFESSIONAL),
    "anonymous": ("Anonymous", CallerKind.ANONYMOUS, None),
}
"""What an officer ticks, and what a report makes of it."""

NEEDS = {
    ContactMethod.PHONE: ("phone", "Enter a phone number, or choose another safe way"),
    ContactMethod.EMAIL: ("email", "Enter an email address, or choose another safe way"),
    ContactMethod.LETTER: ("address", "Enter an address to write to, or choose another safe way"),
}
PAGE_ORDER = (
    "in_danger", "caller", "source_partner", "agency_name", "source_reference", "person", "name", "phone",
    "address", "email", "contact_method", "contact_when", "contact_avoid", "known_as", "born_on", "language",
    "vulnerability", "contact_warning", "do_not_disclose", "consent", "consent_note", "what_happened",
    "when_kind", "occurred_on", "occurred_at", "occurred_until_on", "occurred_until_at", "occurred_pattern",
    "at_callers_address", "where", "location", "latitude", "longitude", "categories", "hate", "hate_strands",
)  # fmt: skip
"""Problems are listed in the order in which the page has the boxes."""

CONTACT = ("contact_method", "contact_when", "contact_avoid")


class EntryForm(WhatPart, QuestionsPart, WhenPart, WherePart, ContactPart):
    """What both forms ask."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    attachments = MultipleUploadField(label="Files", required=False, max_files=10)

    parts: ClassVar[dict[str, list[Any]]] = {
        "files": [Field("attachments")],
    }


class LogForm(EntryForm, PersonPart):
    """Fast, in the order of a call. Only what happened has to be filled in."""

    channel = forms.ChoiceField(
        label="How it came in",
        choices=[(channel.value, channel.label) for channel in ENTERED_BY_HAND],
        initial=Channel.PHONE,
    )
    received_at = MomentField(label="When it came in", allow_future=False)
    caller = forms.ChoiceField(
        label="Caller",
        choices=[(code, label) for code, (label, _, _) in CALLERS.items()],
        initial="affected",
        widget=forms.RadioSelect,
    )
    source_partner = forms.ModelChoiceField(
        label="Which agency", queryset=Partner.objects.none(), required=False, empty_label="Not in the list"
    )
    agency_name = line("Name of the agency, if it is not in the list", 120)
    source_reference = line("Their reference", 60)
    at_callers_address = forms.BooleanField(label="Where the caller lives", required=False)

    field_order = PAGE_ORDER

    parts: ClassVar[dict[str, list[Any]]] = {
        "arrival": [Div(Field("channel"), Field("received_at"), css_class="app-fields")],
        "kind_of_caller": [
            Field.radios("caller", small=True, inline=True, legend_size=Size.SMALL),
            Div(
                Field("source_partner"),
                Field("agency_name"),
                Field("source_reference"),
                css_class="app-fields app-log__if-agency",
            ),
        ],
        "at_callers": [Field.checkbox("at_callers_address", small=True)],
    }

    def __init__(self, *args: Any, partnership: Partnership, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, partnership=partnership, **kwargs)
        partners = Partner.objects.current(today).filter(partnership=partnership)
        own = partnership.receiving_partner_id or 0
        self.fields["source_partner"].queryset = partners.exclude(pk=own).order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind = CALLERS[cleaned["caller"]][1] if "caller" in cleaned else None
        cleaned["caller_kind"] = kind
        if kind == CallerKind.ANONYMOUS and self.says_somebody():
            self.add_error(
                "caller", "Clear what you typed about the caller, or choose another kind of caller"
            )
        if kind == CallerKind.BEHALF and not cleaned.get("consent") and "consent" not in self.errors:
            self.add_error("consent", "Select whether the person affected has agreed to this report")
        if kind == CallerKind.AGENCY and not (cleaned.get("source_partner") or cleaned.get("agency_name")):
            self.add_error("source_partner", "Select the agency, or enter its name")
        self._check_safe_way(cleaned)
        self._copy_callers_address(cleaned)
        return cleaned

    def _check_safe_way(self, cleaned: dict[str, Any]) -> None:
        needs = NEEDS.get(cleaned.get("contact_method", ""))
        if needs and not cleaned.get(needs[0]) and needs[0] not in self.errors:
            self.add_error(*needs)

    def _copy_callers_address(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("at_callers_address") or cleaned.get("where"):
            return
        cleaned["where"] = cleaned.get("address", "")
        if not cleaned["where"]:
            self.add_error("address", "Enter the caller's address, or say below where it happened")

    def who_calls(self) -> PersonEntry | None:
        """Nobody where the caller stays anonymous or nothing is known of them."""
        role = CALLERS[self.cleaned_data["caller"]][2]
        if role is None or not self.says_somebody():
            return None
        contact = {name: self.cleaned_data[name] for name in CONTACT}
        return self.entry(role, is_caller=True, **contact)


class ReferForm(EntryForm):
    """An agency refers somebody it works with, and says on what ground."""

    source_reference = line("Your own reference", 60)

    parts: ClassVar[dict[str, list[Any]]] = {"reference": [Field("source_reference")]}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].label = "Has the person affected agreed to this referral?"
        self.fields["consent_note"].label = "Who agreed and how, or why you refer without it"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("consent"):
            self.add_error("consent", "Select whether the person affected has agreed to this referral")
        elif cleaned["consent"] != PersonConsent.GIVEN and not cleaned.get("consent_note"):
            self.add_error("consent_note", "Enter why you refer without their agreement")
        return cleaned
