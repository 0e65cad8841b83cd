"""What the team enters to make a report, and to write its sections."""

import json
from typing import Any, ClassVar

from crispy_forms_gds.layout import Field, Size
from django import forms

from cases.services.prints import Prints, read_seen
from csp.core.calendar import Period
from csp.core.forms import GDSForm
from performance.services.report_periods import is_quarter, key_of
from performance.services.report_writing import Words, prints_of

LONGEST = 8000


class NewReportForm(GDSForm):
    submit_text = "Begin the report"

    period = forms.ChoiceField(
        label="Which quarter or year is it of?",
        error_messages={
            "required": "Select a quarter or a year",
            "invalid_choice": "Select one from the list",
        },
    )

    def __init__(self, *args: Any, periods: list[Period], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quarters = [(key_of(each), words_of(each)) for each in periods if is_quarter(each)]
        years = [(key_of(each), words_of(each)) for each in periods if not is_quarter(each)]
        choices: Any = [("", "Choose"), ("Quarterly report", quarters), ("Yearly scrutiny report", years)]
        self.fields["period"].choices = choices  # type: ignore[attr-defined]


def words_of(period: Period) -> str:
    """2021-22 Q4, January to March 2022"""
    return f"{period.name}, {period.first:%B %Y} to {period.last:%B %Y}"


class SectionForm(GDSForm):
    submit_text = "Save the section"

    narrative = forms.CharField(
        label="What do you say about it?",
        help_text="It prints above the figures. Name no one",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea,
        error_messages={"max_length": f"What you say must be {LONGEST:,} characters or fewer"},
    )
    included = forms.BooleanField(label="Print this section", required=False)
    position = forms.TypedChoiceField(
        label="Where does it stand?",
        coerce=int,
        error_messages={"required": "Select where it stands", "invalid_choice": "Select where it stands"},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    layout: ClassVar[list[Any]] = [
        Field.textarea("narrative", rows=10, label_size=Size.SMALL),
        "included",
        Field.select("position", label_size=Size.SMALL),
        "seen",
    ]

    def __init__(
        self, *args: Any, words: Words, titles: list[str], now: Words | None = None, **kwargs: Any
    ) -> None:
        """`words` fill it. `now` is what the section says, where that is something else."""
        seen = json.dumps(prints_of(now or words))
        initial = {"narrative": words.narrative, "included": words.included, "position": words.position}
        super().__init__(*args, initial={**initial, "seen": seen}, **kwargs)
        last = len(titles)
        places = [(place, f"{place} of {last}") for place in range(1, last + 1)]
        self.fields["position"].choices = places  # type: ignore[attr-defined]

    def words(self) -> Words:
        given = self.cleaned_data
        return Words(given["included"], given["position"], given["narrative"])

    def seen_prints(self) -> Prints:
        return read_seen(self.cleaned_data["seen"])


class CommentForm(GDSForm):
    submit_text = "Add the comment"

    section = forms.ChoiceField(label="About", required=False)
    text = forms.CharField(
        label="Comment",
        max_length=2000,
        widget=forms.Textarea,
        error_messages={
            "required": "Enter your comment",
            "max_length": "The comment must be 2,000 characters or fewer",
        },
    )

    layout: ClassVar[list[Any]] = [Field.select("section"), Field.textarea("text", rows=3)]

    def __init__(self, *args: Any, sections: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "The whole report"), *sections]
        self.fields["section"].choices = choices  # type: ignore[attr-defined]


class RestateForm(GDSForm):
    submit_text = "Begin the restated report"

    note = forms.CharField(
        label="What was wrong, and what changes?",
        help_text="The restated report prints this on its first page",
        max_length=2000,
        widget=forms.Textarea,
        error_messages={
            "required": "Enter what was wrong and what changes",
            "max_length": "The note must be 2,000 characters or fewer",
        },
    )
