"""A new version of the risk questions, begun from one there is. An emptied question goes."""

from typing import Any, ClassVar

from crispy_forms_gds.layout import Field
from django import forms

from cases.forms.parts import PartsForm, line
from cases.forms.rules import whole_number
from cases.models import RiskTemplate
from cases.services.risk_templates import Question, as_typed
from csp.core.forms import DayField

MOST_QUESTIONS, SPARE = 40, 3
HIGHEST = 99
ANSWERS_HINT = "One on each line, with its score after an equals sign, such as: Every day = 5"


class VersionForm(PartsForm):
    name = forms.CharField(
        label="Name", help_text="Shown with every score", max_length=120,
        error_messages={"required": "Enter a name"},
    )  # fmt: skip
    medium_from = whole_number("Medium risk begins at which score?", 1, 1000)
    high_from = whole_number("High risk begins at which score?", 2, 1000)
    starts_on = DayField(
        label="From when does it hold?",
        help_text="Today or later, such as 1 4 2027",
        allow_past=False,
        error_messages={"required": "Enter the day from which it holds"},
    )

    parts: ClassVar[dict[str, list[Any]]] = {
        "head": [Field("name"), Field("medium_from"), Field("high_from"), Field("starts_on")]
    }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        medium, high = given.get("medium_from"), given.get("high_from")
        if medium and high and high <= medium:
            self.add_error("high_from", "High risk must begin above medium risk")
        return given


class QuestionForm(PartsForm):
    text = line("Question", 300)
    help = line("Help for who asks it", 300)
    options = forms.CharField(
        label="Answers",
        help_text=ANSWERS_HINT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "app-grows"}),
    )
    position = whole_number("Place in the order", 1, 1000, required=False)

    parts: ClassVar[dict[str, list[Any]]] = {
        "question": [Field("text"), Field("help"), Field("options"), Field("position")]
    }

    def clean_options(self) -> tuple[tuple[str, int], ...]:
        typed: str = self.cleaned_data["options"]
        return tuple(read_answer(text.strip()) for text in typed.splitlines() if text.strip())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("text") and "options" not in self.errors and len(given.get("options", ())) < 2:
            self.add_error("options", "Enter at least two answers to choose from")
        if given.get("options") and not given.get("text"):
            self.add_error("text", "Enter the question, or empty its answers to take it out")
        return given


def read_answer(text: str) -> tuple[str, int]:
    label, sign, score = text.rpartition("=")
    label, score = label.strip(), score.strip()
    if not sign or not label or not (score.isascii() and score.isdigit()) or int(score) > HIGHEST:
        raise forms.ValidationError(f"Write “{text}” as an answer, an equals sign and a score from 0 to 99")
    if len(label) > 160:
        raise forms.ValidationError(f"Shorten the answer “{label[:40]}…” to 160 characters")
    return label, int(score)


def question_forms(data: Any, template: RiskTemplate | None) -> Any:
    """The questions of a version, with room for a few more."""
    asked = as_typed(template) if template else []
    rows = [
        {
            "text": question.text,
            "help": question.help,
            "options": "\n".join(f"{label} = {score}" for label, score in question.options),
            "position": place,
        }
        for place, question in enumerate(asked, start=1)
    ]
    made = forms.formset_factory(
        QuestionForm, extra=SPARE, max_num=MOST_QUESTIONS, absolute_max=MOST_QUESTIONS
    )
    return made(data, prefix="questions", initial=rows)


def questions_in(rows: Any) -> list[Question]:
    """In the order that was typed; what has no place comes last."""
    typed = [row.cleaned_data for row in rows.forms if row.cleaned_data.get("text")]
    typed.sort(key=lambda each: each.get("position") or MOST_QUESTIONS * HIGHEST)
    return [Question(each["text"], each["options"], each["help"]) for each in typed]
