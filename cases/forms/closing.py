"""What is asked when a case is closed."""

import datetime as dt
from typing import Any

from crispy_forms_gds.layout import HTML, ConditionalQuestion, ConditionalRadios, Field, Layout, Size
from django import forms
from django.db.models import Q

from cases.enums import ClosureReason
from cases.forms.parts import text_box
from cases.models import Case, CaseOutcome, Closure
from cases.services.case_letters import LONGEST
from cases.services.closing import Ending, who_can_be_written_to
from csp.core.calendar import local_day
from csp.core.forms import DayField, GDSForm
from csp.core.words import date_words

LETTER_BUTTONS = "{% include 'cases/_closing_letter_buttons.html' %}"
LETTER, TOLD, CANNOT = "letter", "told", "cannot"
TOLD_HOW = {
    LETTER: "The closure letter goes now",
    TOLD: "They were told already",
    CANNOT: "They cannot be told",
}
TOLD_WORDS, CANNOT_WORDS = "Told on ", "Cannot be told: "
MISSING = {
    TOLD: {"told_on": "Enter when they were told", "told_words": "Enter how they were told, and by whom"},
    CANNOT: {"cannot": "Enter why they cannot be told"},
}


def initial_of(refused: Closure | None) -> dict[str, Any]:
    """What a manager sent back, so that nobody types it again. The letter is shown before it goes anew."""
    if refused is None:
        return {}
    how = refused.told_how
    told = CANNOT if how.startswith(CANNOT_WORDS) else TOLD
    typed: dict[str, Any] = {"told": told}
    if refused.letter:
        typed = {"told": LETTER, "letter": refused.letter}
    if told == CANNOT:
        typed["cannot"] = how.removeprefix(CANNOT_WORDS)
    elif how:
        day, colon, words = how.removeprefix(TOLD_WORDS).partition(": ")
        typed |= {"told_on": read_words(day), "told_words": words if colon else how}
    return typed | {
        "reason": refused.reason,
        "note": refused.note,
        "outcomes": [outcome.pk for outcome in refused.outcomes.all()],
    }


def read_words(day: str) -> dt.date | None:
    """A day as `date_words` writes it."""
    try:
        return dt.datetime.strptime(day, "%d %B %Y").date()  # noqa: DTZ007 -- a day has no zone
    except ValueError:
        return None


class OutcomesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


class ToldRadios(ConditionalRadios):
    """As small as the radios of the other questions."""

    def render(self, form: Any, context: Any, *args: Any, **kwargs: Any) -> str:
        with context.push(legend_size=Size.for_legend(Size.SMALL), radios_small=True):
            return str(super().render(form, context, *args, **kwargs))


class CloseForm(GDSForm):
    """The page has buttons of its own."""

    submit_text = ""

    reason = forms.ChoiceField(
        label="Why does it close?",
        choices=ClosureReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select why it closes"},
    )
    note = forms.CharField(
        label="What was done, and why it can end here",
        help_text="For the record. The letter begins with these words; you can change them before it goes",
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "app-grows"}),
        error_messages={"required": "Enter what was done, and why it can end here"},
    )
    outcomes = OutcomesField(
        label="What came of it?",
        help_text="Tick all that apply",
        queryset=CaseOutcome.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    told = forms.ChoiceField(
        label="How does the complainant learn that it closes, and why?",
        choices=list(TOLD_HOW.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Select how the complainant is told"},
    )
    told_on = DayField(label="When were they told?", allow_future=False, required=False)
    told_words = text_box("How, and by whom?")
    cannot = text_box("Why not?")
    letter = forms.CharField(
        label="The letter",
        help_text="The greeting comes before these words. Do not name the subject",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 18, "class": "app-grows"}),
    )

    def __init__(self, *args: Any, case: Case, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        today = local_day(at)
        offered = CaseOutcome.objects.filter(Q(retired_on=None) | Q(retired_on__gt=today))
        offered = offered.filter(partnership=case.partnership_id).order_by("position", "label")
        self.fields["outcomes"].queryset = offered  # type: ignore[attr-defined]
        self.readers = who_can_be_written_to(case)
        if not self.readers:
            self.fields["told"].choices = [(TOLD, TOLD_HOW[TOLD]), (CANNOT, TOLD_HOW[CANNOT])]  # type: ignore[attr-defined]
            del self.fields["letter"]
        self.helper.layout = self._layout()

    def _layout(self) -> Layout:
        letter = [ConditionalQuestion(TOLD_HOW[LETTER], Field("letter"), HTML(LETTER_BUTTONS))]
        return Layout(
            Field.radios("reason", legend_size=Size.SMALL, small=True),
            Field("note"),
            *(
                [Field.checkboxes("outcomes", legend_size=Size.SMALL, small=True)]
                if self._has_outcomes()
                else []
            ),
            ToldRadios(
                "told",
                *(letter if self.readers else []),
                ConditionalQuestion(TOLD_HOW[TOLD], Field("told_on"), Field("told_words")),
                ConditionalQuestion(TOLD_HOW[CANNOT], Field("cannot")),
            ),
        )

    def _has_outcomes(self) -> bool:
        return bool(self.fields["outcomes"].queryset.exists())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name, message in MISSING.get(cleaned.get("told", ""), {}).items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, message)
        return cleaned

    @property
    def wants_letter(self) -> bool:
        return bool(self.cleaned_data["told"] == LETTER)

    def ending(self) -> Ending:
        typed = self.cleaned_data
        return Ending(
            reason=typed["reason"],
            note=typed["note"],
            outcomes=list(typed["outcomes"]),
            told_how=self._told_how(),
            letter=typed.get("letter", "") if self.wants_letter else "",
        )

    def _told_how(self) -> str:
        typed = self.cleaned_data
        if typed["told"] == TOLD:
            return f"{TOLD_WORDS}{date_words(typed['told_on'])}: {typed['told_words']}"
        return f"{CANNOT_WORDS}{typed['cannot']}" if typed["told"] == CANNOT else ""
