"""When it happened and where."""

from typing import Any, ClassVar

from crispy_forms_gds.layout import Div, Field
from django import forms
from django.utils import timezone

from cases.enums import Precision, WhenKind
from cases.forms.parts import PartsForm, line
from cases.services.keys import split_postcode
from csp.agencies.services.points import sound_point
from csp.core.forms import DayField, TimeField
from csp.core.typed import at_local_time

END_FIELDS = ("occurred_until_on", "occurred_until_at")


class WhenPart(PartsForm):
    when_kind = forms.ChoiceField(
        label="When", choices=WhenKind, initial=WhenKind.ONCE, required=False, widget=forms.RadioSelect
    )
    occurred_on = DayField(label="Date, such as today or 3 sep", required=False, allow_future=False)
    occurred_at = TimeField(label="Time, such as 11pm", required=False)
    occurred_until_on = DayField(label="Until date", required=False, allow_future=False)
    occurred_until_at = TimeField(label="Until time", required=False)
    occurred_pattern = line("How often, such as most nights after 11pm", 300)

    parts: ClassVar[dict[str, list[Any]]] = {
        "when": [
            Field.radios("when_kind", small=True, inline=True),
            Div(
                Field("occurred_on"),
                Field("occurred_at"),
                Div(
                    Field("occurred_until_on"),
                    Field("occurred_until_at"),
                    css_class="app-fields app-fields__wide app-log__if-span",
                ),
                Div(Field("occurred_pattern"), css_class="app-log__if-repeating app-fields__wide"),
                css_class="app-fields",
            ),
        ],
    }

    def clean_when_kind(self) -> str:
        return self.cleaned_data["when_kind"] or WhenKind.ONCE

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind = cleaned.get("when_kind")
        if kind != WhenKind.SPAN:
            cleaned |= dict.fromkeys(END_FIELDS)
        if kind != WhenKind.REPEATING:
            cleaned["occurred_pattern"] = ""
        self._check_not_ahead("occurred_on", "occurred_at")
        self._check_not_ahead(*END_FIELDS)
        self._check_order()
        cleaned["occurred_precision"] = self._precision()
        return cleaned

    def _precision(self) -> Precision:
        if not self.cleaned_data.get("occurred_on"):
            return Precision.UNKNOWN
        return Precision.TIME if self.cleaned_data.get("occurred_at") else Precision.DAY

    def _check_not_ahead(self, day_name: str, time_name: str) -> None:
        day, time = self.cleaned_data.get(day_name), self.cleaned_data.get(time_name)
        if time and not day and day_name not in self.errors:
            self.add_error(day_name, "Enter the date as well as the time")
        if day and time and at_local_time(day, time) > timezone.now():
            self.add_error(time_name, "The time must be in the past")

    def _check_order(self) -> None:
        start, end = self.cleaned_data.get("occurred_on"), self.cleaned_data.get("occurred_until_on")
        if not (start and end):
            return
        began, ended = self.cleaned_data.get("occurred_at"), self.cleaned_data.get("occurred_until_at")
        if end < start or (end == start and began and ended and ended < began):
            self.add_error("occurred_until_on", "It must end after it began. Check the dates and times")


class WherePart(PartsForm):
    where = line("Postcode or address", 300)
    location = line("What helps to find it, such as behind the garages", 300)
    latitude = forms.FloatField(
        label="Latitude", required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    longitude = forms.FloatField(
        label="Longitude", required=False, widget=forms.TextInput(attrs={"inputmode": "text"})
    )

    parts: ClassVar[dict[str, list[Any]]] = {
        "where": [Field("where")],
        "find": [Field("location")],
        "point": [Div(Field("latitude"), Field("longitude"), css_class="app-fields")],
    }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        point, notes = sound_point(cleaned.get("latitude"), cleaned.get("longitude"))
        if notes and not {"latitude", "longitude"} & set(self.errors):
            self.add_error("latitude", f"{notes[0]}. Choose the point again or clear both boxes")
        cleaned["latitude"], cleaned["longitude"] = point or (None, None)
        return cleaned

    def spot(self) -> dict[str, Any]:
        """Where it was, as details of a report."""
        address, postcode = split_postcode(self.cleaned_data["where"])
        names = ("location", "latitude", "longitude")
        return {"address": address, "postcode": postcode} | {name: self.cleaned_data[name] for name in names}
