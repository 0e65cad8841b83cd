"""The public form: one question per page, plain words, little that must be answered."""

import datetime as dt
from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Fieldset, Layout, Size
from django import forms
from django.utils import timezone

from cases.enums import ContactMethod, Effect, HateStrand, PersonConsent, Precision, Vulnerability, WhenKind
from cases.models import Category
from cases.services.keys import split_postcode
from csp.agencies.models import Partnership
from csp.core.forms import DayField, GDSForm, MultipleUploadField, NameField, PhoneField, TimeField
from csp.core.typed import at_local_time
from csp.core.words import date_words

LONGEST = 5_000
BIG: dict[str, Any] = {"legend_size": Size.LARGE, "legend_tag": "h1"}
ASKED: dict[str, Any] = {"label_size": Size.LARGE, "label_tag": "h1"}
YES_NO = (("yes", "Yes"), ("no", "No"))
NEEDS = (
    (Vulnerability.PERSONAL, "A health problem, a disability or age"),
    (Vulnerability.SITUATIONAL, "Living alone, or close to the person who does it"),
    (Vulnerability.INCIDENTAL, "It happens again and again to the same person"),
)


def box(label: str, *, hint: str = "", required: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=LONGEST,
        required=bool(required),
        error_messages={"required": required} if required else {},
        widget=forms.Textarea(attrs={"rows": 6}),
    )


def choice(label: str, choices: Any, *, hint: str = "", required: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=choices,
        required=bool(required),
        error_messages={"required": required} if required else {},
        widget=forms.RadioSelect,
    )


class Question(GDSForm):
    """One page of the public form. `partnership` is whose form it is."""

    submit_text = "Continue"

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        self.questions = FormHelper(self)
        self.questions.form_tag, self.questions.disable_csrf = False, True
        self.questions.layout = Layout(*self.layout)


class DangerForm(Question):
    in_danger = choice("Is anyone in danger now?", YES_NO, required="Select yes if anyone is in danger now")
    layout = [Field.radios("in_danger", inline=True, **BIG)]


class WhatForm(Question):
    what_happened = box(
        "What happened?",
        hint="What did you see or hear, and what was said or done?",
        required="Enter what happened",
    )
    layout = [Field.textarea("what_happened", rows=8, **ASKED)]


class KindForm(Question):
    categories = forms.ModelMultipleChoiceField(
        label="What kind of behaviour is it?",
        help_text="Select all that fit. Skip this if you are not sure.",
        queryset=Category.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    layout = [Field.checkboxes("categories", small=True, **BIG)]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = Category.objects.filter(partnership=self.partnership, retired_on=None)
        self.fields["categories"].queryset = kinds.order_by("position", "label")  # type: ignore[attr-defined]


class WhenForm(Question):
    when_kind = choice("When did it happen?", WhenKind, required="Select how often it has happened")
    occurred_on = DayField(
        label="Date", required=False, allow_future=False, help_text="Such as today, yesterday or 3 September"
    )
    occurred_at = TimeField(label="Time, if you know it", required=False, help_text="Such as 11pm")
    occurred_until_on = DayField(
        label="If it went on longer: until what date", required=False, allow_future=False
    )
    occurred_pattern = forms.CharField(
        label="If it keeps happening: how often",
        required=False,
        max_length=300,
        help_text="Such as most nights after 11pm, since May",
    )
    layout = [
        Field.radios("when_kind", **BIG),
        Field.text("occurred_on", field_width=20),
        Field.text("occurred_at", field_width=10),
        Field.text("occurred_until_on", field_width=20),
        Field.text("occurred_pattern"),
    ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        day, time, end = (cleaned.get(name) for name in ("occurred_on", "occurred_at", "occurred_until_on"))
        if time and not day and "occurred_on" not in self.errors:
            self.add_error("occurred_on", "Enter the date as well as the time")
        if day and time and at_local_time(day, time) > timezone.now():
            self.add_error("occurred_at", "The time must be in the past")
        if day and end and end < day:
            self.add_error("occurred_until_on", "The last date must be after the first. Check both dates")
        cleaned["occurred_precision"] = precision(day, time)
        return cleaned


def precision(day: Any, time: Any) -> Precision:
    if not day:
        return Precision.UNKNOWN
    return Precision.TIME if time else Precision.DAY


class WhereForm(Question):
    where = forms.CharField(
        label="Address or postcode, if you know it",
        required=False,
        max_length=300,
        help_text="Such as 4 Mill Road, Didcot, OX11 7AA",
    )
    location = forms.CharField(
        label="Anything that helps to find it",
        required=False,
        max_length=300,
        help_text="Such as behind the garages, or by the bus stop",
    )
    layout = [
        Fieldset(Field.text("where"), Field.text("location"), legend="Where did it happen?", **BIG),
    ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not (cleaned.get("where") or cleaned.get("location")):
            self.add_error("where", "Enter an address or postcode, or say how to find the place")
        cleaned["address"], cleaned["postcode"] = split_postcode(cleaned.get("where") or "")
        return cleaned


class WhoForm(Question):
    subjects_known = box(
        "Do you know who is doing it?",
        hint="A name, what they look like, where they live or a vehicle. You can skip this. "
        "We never tell them who reported it.",
    )
    layout = [Field.textarea("subjects_known", rows=5, **ASKED)]


class BeforeForm(Question):
    reported_before = box(
        "Have you reported this before?",
        hint="Who to and when, with a reference if you have one. You can skip this.",
    )
    layout = [Field.textarea("reported_before", rows=4, **ASKED)]


class WhyForm(Question):
    why_you = box("Why do you think it is happening to you?", hint="You can skip this.")
    layout = [Field.textarea("why_you", rows=4, **ASKED)]


class HateForm(Question):
    hate_strands = forms.MultipleChoiceField(
        label="Do you think it happened because of who someone is?",
        help_text="Select all that fit. If none does, continue.",
        choices=HateStrand,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    layout = [Field.checkboxes("hate_strands", **BIG)]


class EffectForm(Question):
    effect = choice("How much does it affect you or the person it happens to?", Effect)
    how_affected = box(
        "How does it affect you?", hint="Such as sleep, work, health or feeling safe. You can skip this."
    )
    layout = [Field.radios("effect", **BIG), Field.textarea("how_affected", rows=4)]


class ForWhomForm(Question):
    for_whom = choice(
        "Who are you reporting this for?",
        (
            ("me", "Myself, or as a witness"),
            ("behalf", "Someone else"),
            ("anonymous", "I do not want to give my name"),
        ),
        hint="If you do not give your name we cannot tell you what happens.",
        required="Select who you are reporting this for",
    )
    layout = [Field.radios("for_whom", **BIG)]


class AffectedForm(Question):
    affected_name = NameField(
        label="Their name",
        max_length=160,
        error_messages={"required": "Enter the name of the person you are reporting for"},
    )
    affected_address = forms.CharField(
        label="Their address and postcode, if you know it", required=False, max_length=300
    )
    consent = choice(
        "Do they agree that you report this for them?",
        PersonConsent,
        required="Select whether they agree",
    )
    layout = [
        Fieldset(
            Field.text("affected_name"),
            Field.text("affected_address"),
            Field.radios("consent", legend_size=Size.SMALL),
            legend="Who is affected?",
            **BIG,
        )
    ]


class NameForm(Question):
    name = NameField(label="Your name", max_length=160, error_messages={"required": "Enter your name"})
    address_of_caller = forms.CharField(
        label="Your address and postcode",
        required=False,
        max_length=300,
        help_text="We use it to see whether the same place is reported again.",
    )
    layout = [
        Fieldset(Field.text("name"), Field.text("address_of_caller"), legend="What is your name?", **BIG)
    ]


class ContactForm(Question):
    contact_method = choice(
        "How can we contact you safely?",
        ContactMethod,
        hint="We only use the way you choose.",
        required="Select how we can contact you",
    )
    phone = PhoneField(label="Phone number", required=False)
    email = forms.EmailField(label="E-mail address", required=False)
    contact_when = forms.CharField(
        label="When is it safe to contact you?",
        required=False,
        max_length=120,
        help_text="Such as weekdays after 6pm",
    )
    contact_avoid = forms.CharField(
        label="Is there anything we must not do?",
        required=False,
        max_length=300,
        help_text="Such as leave a message, or write to your home",
    )
    layout = [
        Field.radios("contact_method", **BIG),
        Field.text("phone", field_width=20),
        Field.text("email"),
        Field.text("contact_when"),
        Field.text("contact_avoid"),
    ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        method = cleaned.get("contact_method")
        if method == ContactMethod.PHONE and not cleaned.get("phone") and "phone" not in self.errors:
            self.add_error("phone", "Enter your phone number, or choose another way")
        if method == ContactMethod.EMAIL and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", "Enter your e-mail address, or choose another way")
        return cleaned


class NeedsForm(Question):
    vulnerability = forms.MultipleChoiceField(
        label="Does anything make it harder for you, or the person affected, to stay safe?",
        help_text="Select all that fit. If none does, continue.",
        choices=NEEDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.CharField(
        label="Do you need an interpreter or another format?",
        required=False,
        max_length=60,
        help_text="Such as Polish, or large print",
    )
    layout = [Field.checkboxes("vulnerability", **BIG), Field.text("language")]


class CheckForm(Question):
    """The last page. People leave `website` empty, because they do not see it; programs fill it in."""

    submit_text = "Send your report"
    website = forms.CharField(
        label="Leave this box empty",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    layout = [Field.text("website")]

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError("Leave this box empty, so that we know you are not a program")
        return ""


class AddForm(GDSForm):
    """Something to add to a report that was sent before."""

    submit_text = "Send"
    text = box("What do you want to add?", hint="Such as what has happened since, or a correction.")
    files = MultipleUploadField(  # type: ignore[assignment]  # a form keeps its files elsewhere once bound
        label="Photos, recordings or documents", required=False
    )
    layout = [Field.textarea("text", rows=6), Field("files")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("text") and not cleaned.get("files") and not self.errors:
            self.add_error("text", "Enter what you want to add, or choose a file")
        return cleaned


QUESTIONS: tuple[tuple[str, type[Question]], ...] = (
    ("danger", DangerForm),
    ("what", WhatForm),
    ("kind", KindForm),
    ("when", WhenForm),
    ("where", WhereForm),
    ("who", WhoForm),
    ("before", BeforeForm),
    ("why", WhyForm),
    ("hate", HateForm),
    ("effect", EffectForm),
    ("for", ForWhomForm),
    ("affected", AffectedForm),
    ("name", NameForm),
    ("contact", ContactForm),
    ("needs", NeedsForm),
    ("check", CheckForm),
)
"""In this order. `affected`, `name`, `contact` and `needs` are asked only where they make sense."""


def answers_of(form: Question) -> list[tuple[str, str]]:
    """What the check page shows of a page: the label of each answered field, and the answer in words."""
    if not form.is_valid():
        return []
    rows = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if value not in (None, "", []) and (words := in_words(field, value)):
            rows.append((str(field.label), words))
    return rows


def in_words(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(str(each) for each in value)
    choices = {str(key): str(words) for key, words in getattr(field, "choices", ())}
    if choices:
        return ", ".join(choices[str(each)] for each in (value if isinstance(value, list) else [value]))
    return date_words(value) if isinstance(value, dt.date) else f"{value}"
