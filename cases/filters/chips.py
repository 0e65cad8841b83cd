"""What is selected in the filters of a list, in words."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

PLACE = ("after", "before", "saved")
"""The place in the list, and under what name it was opened: gone once a filter changes."""


@dataclass(frozen=True)
class Chip:
    label: str
    url: str


def chips_of(form: forms.BaseForm, query: QueryDict, *, without: frozenset[str]) -> list[Chip]:
    """One for each value that is selected, with the address of the list without it."""
    return [
        Chip(words, list_without(query, name, value))
        for name, field in form.fields.items()
        for value in query.getlist(name)
        if value and name not in without and (words := _words(form, field, name, value))
    ]


def list_without(query: QueryDict, name: str, value: str) -> str:
    changed = without_place(query)
    changed.setlist(name, [each for each in changed.getlist(name) if each != value])
    return f"?{changed.urlencode()}"


def without_place(query: QueryDict) -> QueryDict:
    changed = query.copy()
    for gone in PLACE:
        changed.pop(gone, None)
    return changed


def _words(form: forms.BaseForm, field: Any, name: str, value: str) -> str:
    if name in form.errors:
        return ""
    choices = dict(field.choices) if hasattr(field, "choices") else {}
    shown = {str(key): label for key, label in choices.items()}.get(value, value)
    return f"{field.label}: {shown}"
