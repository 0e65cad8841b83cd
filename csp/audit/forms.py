from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.http import QueryDict

from csp.audit.enums import Kind
from csp.audit.models import Event, EventQuerySet
from csp.audit.services import fingerprints
from csp.core.calendar import end_of_day, start_of_day
from csp.core.forms import DayField, GDSForm
from csp.core.words import date_words

PARTNERS = Event._meta.get_field("partner").remote_field.model._default_manager


class EventFilter(GDSForm):
    """What the auditor looks for. What cannot be read is said beside its field and left out."""

    method = "get"
    submit_text = ""

    kind = forms.ChoiceField(label="What was done", required=False, choices=[("", "Anything"), *Kind.choices])
    person = forms.ModelChoiceField(
        get_user_model()._default_manager.none(), label="Who did it", required=False, empty_label="Anybody"
    )
    agency = forms.ModelChoiceField(
        PARTNERS.none(), label="Agency, as doer or receiver", required=False, empty_label="Any agency"
    )
    reference = forms.CharField(label="Reference", required=False, max_length=40)
    searched_for = forms.CharField(
        label="Name or words searched for",
        required=False,
        max_length=100,
        help_text="Finds searches for exactly these words",
    )
    since = DayField(label="From", required=False, allow_future=False, help_text="Such as 27 3 2026")
    until = DayField(label="To", required=False, allow_future=False)

    def __init__(self, data: QueryDict, *, partnership: Any) -> None:
        super().__init__(data)
        self.query = data
        users = get_user_model()._default_manager.filter(memberships__partner__partnership=partnership)
        self.fields["person"].queryset = users.distinct().order_by("name", "pk")  # type: ignore[attr-defined]
        self.fields["agency"].queryset = PARTNERS.filter(partnership=partnership).order_by("name")  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def chosen(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}

    def apply(self, events: EventQuerySet) -> EventQuerySet:
        chosen = self.chosen
        if day := chosen.get("since"):
            events = events.filter(at__gte=start_of_day(day))
        if day := chosen.get("until"):
            events = events.filter(at__lte=end_of_day(day))
        if partner := chosen.get("agency"):
            events = events.filter(Q(actor_partner=partner) | Q(partner=partner))
        if words := chosen.get("searched_for"):
            events = events.filter(
                kind=Kind.CONSULTATION, detail__has_key="words", detail__words__in=fingerprints(words)
            )
        exact = {"kind": "kind", "person": "actor", "reference": "reference"}
        return events.filter(**{field: chosen[name] for name, field in exact.items() if name in chosen})

    def clean_reference(self) -> str:
        return str(self.cleaned_data["reference"]).upper()

    def to_record(self) -> dict[str, Any]:
        """The filters as the event of reading keeps them: keys and codes, no words searched for."""
        chosen = self.chosen
        kept: dict[str, Any] = {name: chosen[name].pk for name in ("person", "agency") if name in chosen}
        kept |= {name: chosen[name].isoformat() for name in ("since", "until") if name in chosen}
        kept |= {"kind": chosen["kind"]} if "kind" in chosen else {}
        kept |= {"about": chosen["reference"]} if "reference" in chosen else {}
        return kept | ({"words": fingerprints(chosen["searched_for"])[0]} if "searched_for" in chosen else {})

    def chips(self) -> list[dict[str, str]]:
        """Each filter that is set, and the list without it."""
        return [
            {"label": self._label(name, value), "url": self.url(without=name)}
            for name, value in self.chosen.items()
        ]

    def _label(self, name: str, value: Any) -> str:
        match name:
            case "kind":
                return str(Kind(value).label)
            case "since":
                return f"From {date_words(value)}"
            case "until":
                return f"To {date_words(value)}"
            case "searched_for":
                return f"Searched for {value}"
            case _:
                return str(value)

    def url(self, without: str = "") -> str:
        query = self.query.copy()
        for name in ("after", "before", without):
            query.pop(name, None)
        return f"?{query.urlencode()}"
