"""A story that names no one."""

import datetime as dt
import json
from typing import Any, ClassVar

from crispy_forms_gds.layout import Field
from django import forms

from cases.services.prints import Prints, read_seen
from csp.agencies.models import Partner
from csp.core.calendar import Period
from csp.core.forms import GDSForm
from performance.forms.reports import LONGEST, words_of
from performance.services.case_studies import Story, prints_of


class StoryForm(GDSForm):
    submit_text = "Save the case study"

    title = forms.CharField(
        label="Title",
        help_text="Such as: A young person finds a way out of debt",
        max_length=160,
        error_messages={
            "required": "Enter a title",
            "max_length": "The title must be 160 characters or fewer",
        },
    )
    text = forms.CharField(
        label="What happened?",
        help_text="Leave out names, addresses, exact dates and whatever else tells who it was. "
        "Write young person H, not Harry",
        max_length=LONGEST,
        widget=forms.Textarea,
        error_messages={
            "required": "Enter what happened",
            "max_length": f"It must be {LONGEST:,} characters or fewer",
        },
    )
    quarter = forms.ChoiceField(
        label="Of which quarter does it tell?",
        error_messages={"required": "Select the quarter", "invalid_choice": "Select the quarter"},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    layout: ClassVar[list[Any]] = [
        Field.text("title"), Field.textarea("text", rows=12), Field.select("quarter"), "seen",
    ]  # fmt: skip

    def __init__(
        self,
        *args: Any,
        quarters: list[Period],
        story: Story | None = None,
        now: Story | None = None,
        **kwargs: Any,
    ) -> None:
        initial: dict[str, Any] = {}
        if story is not None:
            initial = {"title": story.title, "text": story.text, "quarter": story.quarter.isoformat()}
            initial["seen"] = json.dumps(prints_of(now or story))
        super().__init__(*args, initial=initial, **kwargs)
        offered: Any = self.fields
        offered["quarter"].choices = [(each.first.isoformat(), words_of(each)) for each in quarters]

    def story(self) -> Story:
        given = self.cleaned_data
        return Story(given["title"], given["text"], dt.date.fromisoformat(given["quarter"]))

    def seen_prints(self) -> Prints:
        return read_seen(self.cleaned_data["seen"])


class CaseStudyForm(StoryForm):
    """Of somebody who may supply it for more than one agency."""

    partner = forms.ModelChoiceField(
        queryset=Partner.objects.none(),
        label="Which agency supplies it?",
        empty_label=None,
        error_messages={"required": "Select the agency", "invalid_choice": "Select the agency"},
    )

    layout: ClassVar[list[Any]] = [Field.select("partner"), *StoryForm.layout]

    def __init__(self, *args: Any, partners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = partners  # type: ignore[attr-defined]
