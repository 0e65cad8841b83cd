"""Putting right what a report says. What was not touched stays as it is, to the letter."""

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

from crispy_forms_gds.layout import Field
from django import forms

from cases.enums import LinkRole
from cases.forms.entry import MOST_ROWS, SAME_NAME
from cases.forms.incidents import ContactPart, QuestionsPart, WhatPart
from cases.forms.parts import line
from cases.forms.people import PersonPart, ToldForm
from cases.forms.when_where import WhenPart, WherePart
from cases.services.edits import prints_of
from cases.services.prints import mine_over
from cases.services.reports import ReportDetails, ToldEntry
from csp.core.forms import GDSForm

WHEN = tuple(name for name in SAME_NAME if name.startswith(("when_", "occurred_")))
WHERE = ("where", "location", "latitude", "longitude")


class EditForm(WhatPart, QuestionsPart, WhenPart, WherePart, ContactPart):
    source_reference = line("The agency's own reference", 60)

    parts: ClassVar[dict[str, list[Any]]] = {"reference": [Field("source_reference")]}

    def __init__(self, *args: Any, details: ReportDetails, **kwargs: Any) -> None:
        super().__init__(*args, initial=initial_of(details), **kwargs)
        self.before = details

    def details(self) -> ReportDetails:
        """What the report shall say: every answer that was changed, over what it says."""
        touched = set(self.changed_data)
        names = {name for name in SAME_NAME if name in touched}
        if touched & set(WHEN):
            names |= set(WHEN)
        answers = {name: self.cleaned_data[name] for name in names}
        if {"hate", "hate_strands"} & touched:
            answers["hate"] = self.cleaned_data["hate"]
            answers["hate_strands"] = tuple(self.cleaned_data["hate_strands"]) if answers["hate"] else ()
        if "categories" in touched:
            answers["categories"] = tuple(self.cleaned_data["categories"])
        return dataclasses.replace(self.before, **answers, **self._spot(touched))

    def _spot(self, touched: set[str]) -> dict[str, Any]:
        if not touched & set(WHERE):
            return {}
        spot = self.spot()
        if "where" not in touched:
            spot |= {"address": self.before.address, "postcode": self.before.postcode}
        elif not touched & {"latitude", "longitude"}:
            spot |= {"latitude": None, "longitude": None}  # the old point is not at the new address
        return spot


def told_rows(data: Any, details: ReportDetails) -> Any:
    """The agencies told, with room for one more. A row left empty goes."""
    rows = [dataclasses.asdict(told) for told in details.told]
    made = forms.formset_factory(ToldForm, extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
    return made(data, prefix="told", initial=rows)


def told_in(rows: Any) -> tuple[ToldEntry, ...]:
    typed = [row.cleaned_data for row in rows.forms if row.cleaned_data.get("agency")]
    return tuple(ToldEntry(agency=row["agency"], agency_reference=row["agency_reference"]) for row in typed)


def initial_of(details: ReportDetails) -> dict[str, Any]:
    named = {name: getattr(details, name) for name in SAME_NAME}
    where = ", ".join(dict.fromkeys(filter(None, [details.address, details.postcode])))
    return named | {
        "categories": [category.pk for category in details.categories],
        "where": where,
        "location": details.location,
        "latitude": details.latitude,
        "longitude": details.longitude,
    }


def merged(now: ReportDetails, typed: ReportDetails, seen: Mapping[str, str]) -> ReportDetails:
    """What the report says now, with what this editor changed over it."""
    return mine_over(now, typed, prints_of(typed), seen)


class LinkPersonForm(PersonPart):
    """A person in a report, known or new, and what they are in it."""

    submit_text = ""

    role = forms.ChoiceField(
        label="In this report they are",
        choices=[("", "Choose"), *LinkRole.choices],
        error_messages={"required": "Select what they are in this report"},
    )

    parts: ClassVar[dict[str, list[Any]]] = {"role": [Field("role")]}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.says_somebody():
            self.add_error("name", "Enter a name, or anything else that is known about them")
        return cleaned


class UnlinkPersonForm(GDSForm):
    submit_text = "Take out of this report"

    reason = forms.CharField(
        label="Why are they taken out?",
        max_length=300,
        error_messages={"required": "Enter why they are taken out"},
    )

    layout: ClassVar[list[Any]] = [Field("reason")]
