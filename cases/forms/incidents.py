"""What happened, of what kind and with what effect: the same whoever logs it or puts it right."""

from typing import Any, ClassVar

from crispy_forms_gds.layout import Div, Field
from django import forms
from django.db.models import Q

from cases.enums import ContactMethod, Effect, HateStrand, PersonConsent, Qualifier
from cases.forms.parts import PartsForm, line, text_box
from cases.models import Category, Report

LONGEST_STORY = 20_000
BOX = {"class": "govuk-checkboxes__input"}


class CategoriesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


class WhatPart(PartsForm):
    in_danger = forms.BooleanField(label="Someone is in danger now", required=False)
    what_happened = forms.CharField(
        label="What happened",
        max_length=LONGEST_STORY,
        widget=forms.Textarea(attrs={"rows": 5, "class": "app-grows"}),
        error_messages={"required": "Enter what happened"},
    )
    categories = CategoriesField(
        label="Kind",
        queryset=Category.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs=BOX),
    )
    hate = forms.BooleanField(label="Hate: they are targeted because of who they are", required=False)
    hate_strands = forms.MultipleChoiceField(
        label="Because of", choices=HateStrand, required=False, widget=forms.CheckboxSelectMultiple
    )

    parts: ClassVar[dict[str, list[Any]]] = {
        "danger": [Field.checkbox("in_danger", small=True)],
        "what": [Field("what_happened", context={"label_size": "govuk-label--m"})],
        "hate": [
            Field.checkbox("hate", small=True),
            Div(Field.checkboxes("hate_strands", small=True), css_class="app-log__if-hate app-log__choices"),
        ],
    }

    def __init__(self, *args: Any, report: Report | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = Q(partnership=self.partnership, retired_on=None)
        if report is not None:
            kinds |= Q(pk__in=report.categories.values("pk"))
        self.fields["categories"].queryset = (  # type: ignore[attr-defined]
            Category.objects.filter(kinds).order_by("position", "label")
        )

    def category_groups(self) -> list[tuple[str, list[Any]]]:
        """The boxes to tick, under the name of their group."""
        groups: dict[str, list[Any]] = {}
        for box in self["categories"].subwidgets:
            groups.setdefault(box.data["value"].instance.qualifier, []).append(box)
        return [(Qualifier(code).label, groups[code]) for code in Qualifier.values if code in groups]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["hate"] = bool(cleaned.get("hate") or cleaned.get("hate_strands"))
        return cleaned


class QuestionsPart(PartsForm):
    """The three questions to ask every caller, and what else decides how bad it is."""

    reported_before = text_box("Have they reported it before?")
    why_you = text_box("Why do they think it is happening to them?")
    how_affected = text_box("How is it affecting them?")
    effect = forms.TypedChoiceField(
        label="How much does it affect them?",
        choices=Effect,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    who_affected = text_box(
        "Who is affected?", hint="Such as the whole stairwell, or two children aged 4 and 6"
    )
    children_present = forms.BooleanField(label="Children were there or live there", required=False)
    subjects_known = text_box(
        "Who is doing it?", hint="In the caller's words: names, looks, vehicles, where they live"
    )

    parts: ClassVar[dict[str, list[Any]]] = {
        "questions": [
            Div(Field("reported_before"), Field("why_you"), Field("how_affected"), css_class="app-fields"),
            Div(Field.radios("effect", small=True, inline=True), css_class="app-log__effect"),
        ],
        "affected": [
            Field("who_affected", context={"label_size": "govuk-label--m"}),
            Field.checkbox("children_present", small=True),
        ],
        "subjects": [Field("subjects_known", context={"label_size": "govuk-label--m"})],
    }


class ContactPart(PartsForm):
    """Whether the person affected knows of this, and how, when and how not to contact the caller."""

    consent = forms.ChoiceField(
        label="Has the person affected agreed to this report?",
        choices=PersonConsent,
        required=False,
        widget=forms.RadioSelect,
    )
    consent_note = line("Who agreed and how, or why not", 300)
    contact_method = forms.ChoiceField(
        label="Safe to contact by", choices=[("", "Not said"), *ContactMethod.choices], required=False
    )
    contact_when = line("When, such as after 6pm", 120)
    contact_avoid = line("Take care, such as no messages", 300)

    parts: ClassVar[dict[str, list[Any]]] = {
        "consent": [Field.radios("consent", small=True, inline=True), Field("consent_note")],
        "contact": [
            Div(
                Field("contact_method"),
                Field("contact_when"),
                Field("contact_avoid"),
                css_class="app-fields",
            )
        ],
    }
