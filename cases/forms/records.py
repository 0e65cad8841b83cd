"""What managers and the data protection officer type about records that are kept, held or asked for."""

from typing import Any, ClassVar

from crispy_forms_gds.layout import ConditionalQuestion, ConditionalRadios, Field, Size
from django import forms

from cases.enums import Exemption, ReleaseDecision
from cases.forms.rules import RuleForm, whole_number
from cases.models import Person, RetentionRule
from csp.agencies.rulebook import RuleBook
from csp.core.forms import DayField, GDSForm

DESTROY, KEEP, AGREE, REFUSE = "destroy", "keep", "agree", "refuse"
MOST_AT_ONCE = 100


def reason_box(label: str, hint: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "class": "app-grows"})
    return forms.CharField(label=label, help_text=hint, max_length=2000, widget=widget)


class PickedForm(GDSForm):
    """A form over rows that were ticked in a list. The page shows the boxes; `picked` holds their values."""

    none_picked = "Tick at least one record"

    def __init__(self, *args: Any, rows: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        self.helper.form_tag = False
        data: Any = self.data
        sent = data.getlist("picked") if self.is_bound else []
        self.picked = [value for value in sent if value in set(rows)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.picked:
            self.add_error(None, self.none_picked)
        return cleaned


class DueForm(PickedForm):
    submit_text = "Record this"

    what = forms.ChoiceField(
        label="What happens with them?",
        choices=[(DESTROY, "Ask a second person to destroy them"), (KEEP, "Keep them longer")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what happens with the ticked records"},
    )
    until = DayField(label="Look at them again on", required=False, allow_past=False)
    reason = reason_box("Why?")

    layout: ClassVar[list[Any]] = [
        ConditionalRadios(
            "what",
            "Ask a second person to destroy them",
            ConditionalQuestion("Keep them longer", Field("until")),
        ),
        Field("reason"),
    ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("what") == KEEP and not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", "Enter the day on which they are looked at again")
        return cleaned


class SecondForm(PickedForm):
    submit_text = "Record this"

    what = forms.ChoiceField(
        label="Do you agree?",
        choices=[(AGREE, "Yes, destroy them for good"), (REFUSE, "No, keep them")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether you agree"},
    )
    reason = forms.CharField(
        label="Why not?",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "app-grows"}),
    )

    layout: ClassVar[list[Any]] = [
        ConditionalRadios(
            "what",
            "Yes, destroy them for good",
            ConditionalQuestion("No, keep them", Field("reason")),
        ),
    ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("what") == REFUSE and not cleaned.get("reason"):
            self.add_error("reason", "Enter why the records are kept")
        return cleaned


class HoldForm(GDSForm):
    submit_text = "Place the hold"

    reference = forms.CharField(label="Reference of the case or report", max_length=24)
    reason = reason_box("Why must it be kept?", "Such as an inquiry, a claim or a complaint")

    layout: ClassVar[list[Any]] = [
        Field("reference", css_class="govuk-input--width-20"),
        Field("reason"),
    ]


class LiftForm(GDSForm):
    submit_text = "Lift the hold"

    reason = reason_box("Why is it no longer needed?")
    layout: ClassVar[list[Any]] = [Field("reason")]


class NewAccessForm(GDSForm):
    submit_text = "Gather what we hold"

    person = forms.ModelChoiceField(
        label="Who asks?",
        queryset=Person.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Select the person", "invalid_choice": "Select the person"},
    )
    received_on = DayField(label="When did the request reach you?", allow_future=False)
    identity = reason_box(
        "How do you know who they are?",
        "What you saw, or who may act for them and how you know. Do not copy document numbers",
    )

    layout: ClassVar[list[Any]] = [
        Field.radios("person", legend_size=Size.SMALL),
        Field("received_on"),
        Field("identity"),
    ]

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.queryset = Person.objects.filter(pk__in=[person.pk for person in people])
        field.label_from_instance = _known_as


def _known_as(person: Person) -> str:
    place = person.place.full_address if person.place else "no address"
    born = f"born {person.born_on:%-d %B %Y}" if person.born_on else "date of birth not known"
    return f"{person.name}, {born}, {place}"


class ItemForm(GDSForm):
    submit_text = "Save and go to the next"

    decision = forms.ChoiceField(
        label="What happens with it?",
        choices=[choice for choice in ReleaseDecision.choices if choice[0] != ReleaseDecision.UNDECIDED],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what happens with it"},
    )
    released = forms.CharField(
        label="What they get",
        help_text="Words about other people are taken out as a first step. Read it through",
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 10, "class": "app-grows"}),
    )
    exemption = forms.ChoiceField(
        label="Which exemption applies to what is kept back?",
        choices=[("", "Choose an exemption"), *Exemption.choices],
        required=False,
    )
    reason = forms.CharField(
        label="Why does it apply here?",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "app-grows"}),
    )

    layout: ClassVar[list[Any]] = [
        Field.radios("decision", legend_size=Size.SMALL),
        Field("released"),
        Field("exemption"),
        Field("reason"),
    ]


class RetentionRuleForm(RuleForm):
    class Meta:
        model = RetentionRule
        fields: ClassVar[list[str]] = ["record_type", "months", "source"]
        labels: ClassVar[dict[str, str]] = {
            "record_type": "What is kept?",
            "source": "Which schedule or law says so?",
        }

    months = whole_number("For how many months after it ended?", 1, 1200)


RETENTION_BOOK = RuleBook(
    slug="retention",
    title="Retention schedule",
    explanation="How long each type of record is kept after it ended. Nothing is destroyed by itself.",
    model=RetentionRule,
    form_class=RetentionRuleForm,
    columns=(("What", "record_type"), ("Months", "months"), ("Source", "source")),
    same=("record_type",),
    position=80,
)


class BecauseForm(GDSForm):
    reason = reason_box("Why?")
    layout: ClassVar[list[Any]] = [Field("reason")]
