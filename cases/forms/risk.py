"""Scoring risk: the questions of a version, then the judgement of who asked; and the result of a DASH."""

import json
from typing import Any, ClassVar

from crispy_forms_gds.layout import Field, Size
from django import forms

from cases.enums import AssessmentKind, Risk
from cases.forms.parts import PartsForm
from cases.forms.rules import whole_number
from cases.models import MARAC_TICKS, RiskOption, RiskQuestion, RiskTemplate
from cases.services.risk_templates import questions_of, sorted_options
from csp.core.forms import DayField, GDSForm
from csp.core.text import mid_sentence

LONGEST_TEXT = 2_000
AGREE = "agree"


def text_box(label: str, hint: str = "") -> forms.CharField:
    box = forms.Textarea(attrs={"rows": 3, "class": "app-grows"})
    return forms.CharField(label=label, help_text=hint, required=False, max_length=LONGEST_TEXT, widget=box)


class AnswersForm(PartsForm):
    """One question under the other, in words that can be read out."""

    kind = forms.ChoiceField(
        label="What is this for?",
        choices=AssessmentKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what this is for"},
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, template: RiskTemplate, **kwargs: Any) -> None:
        self.questions = questions_of(template)
        asked_fields = {f"q{question.pk}": question_field(question) for question in self.questions}
        vars(self)["base_fields"] = self.base_fields | asked_fields  # what a form copies its fields from
        super().__init__(*args, **kwargs)
        asked = [Field.radios(f"q{question.pk}", legend_size=Size.SMALL) for question in self.questions]
        self.part["kind"] = self._helper([Field.radios("kind", legend_size=Size.SMALL), Field("seen")])
        self.part["questions"] = self._helper(asked)

    def answers(self) -> dict[RiskQuestion, RiskOption]:
        chosen: dict[RiskQuestion, RiskOption] = {}
        for question in self.questions:
            options = {str(option.pk): option for option in question.options.all()}
            chosen[question] = options[self.cleaned_data[f"q{question.pk}"]]
        return chosen

    def hidden(self) -> list[tuple[str, Any]]:
        """Every answer as it was given, for the next page to bring back."""
        return [(name, self.data.get(name, "")) for name in self.fields]

    @property
    def scores(self) -> str:
        """By option, for the sum that is shown while answering."""
        return json.dumps({each.pk: each.score for asked in self.questions for each in asked.options.all()})


def question_field(question: RiskQuestion) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=f"{question.position}. {question.text}",
        help_text=question.help,
        choices=[(str(option.pk), option.label) for option in sorted_options(question)],
        widget=forms.RadioSelect,
        error_messages={"required": f"Answer question {question.position}: {mid_sentence(question.text)}"},
    )


class JudgeForm(PartsForm):
    """Whether the score is right, in the eyes of who spoke to the person."""

    risk = forms.TypedChoiceField(
        label="Does your professional judgement agree with the score?",
        coerce=lambda chosen: None if chosen == AGREE else int(chosen),
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether your judgement agrees with the score"},
    )
    override_reason = text_box("Why does your judgement differ?", "Only where you put another band over it")
    note = text_box("Anything else to write down", "Every agency that sees the case in full reads this")

    parts: ClassVar[dict[str, list[Any]]] = {
        "judge": [Field.radios("risk", legend_size=Size.SMALL), Field("override_reason"), Field("note")]
    }

    def __init__(self, *args: Any, scored: Risk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scored = scored
        others = [(each.value, f"No, it is {each.label.lower()}") for each in Risk if each != scored]
        self.fields["risk"].choices = [(AGREE, f"Yes, {scored.label.lower()}"), *others]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("risk") and not cleaned.get("override_reason"):
            self.add_error("override_reason", "Enter why your judgement differs from the score")
        return cleaned


class DashForm(GDSForm):
    submit_text = "Save the result"

    done_on = DayField(
        label="When was the DASH list filled in?",
        error_messages={"required": "Enter when the list was filled in"},
    )
    ticks = whole_number("How many ticks?", 0, 99)
    questions = whole_number("Out of how many questions?", 1, 99, initial=24)
    judged_high = forms.BooleanField(
        label="The risk is high in our judgement, whatever the number of ticks", required=False
    )
    judgement = text_box("Why do you judge it to be high?", "Only where you ticked the box above")
    marac_on = DayField(label="When was it referred to MARAC?", required=False)
    no_marac_reason = text_box("If it was not referred, why not?")

    layout: ClassVar[list[Any]] = [
        Field("done_on"),
        Field("ticks"),
        Field("questions"),
        Field("judged_high"),
        Field("judgement"),
        Field("marac_on"),
        Field("no_marac_reason"),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "marac_on"
        ].help_text = f"{MARAC_TICKS} ticks or more, or high by judgement, suggests a referral"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        ticks, questions = given.get("ticks"), given.get("questions")
        if ticks is not None and questions is not None and ticks > questions:
            self.add_error("ticks", f"There cannot be more ticks than the {questions} questions")
        high = bool(given.get("judged_high"))
        if high and not given.get("judgement"):
            self.add_error("judgement", "Enter why you judge the risk to be high")
        referred = given.get("marac_on") or given.get("no_marac_reason") or "marac_on" in self.errors
        if (high or (ticks is not None and ticks >= MARAC_TICKS)) and not referred:
            self.add_error("marac_on", "Enter when it was referred to MARAC, or below why it was not")
        return given
