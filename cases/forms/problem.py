"""The problem-solving sheet: five parts, each a few boxes. All of it is optional: sheets grow."""

import dataclasses
import json
from typing import Any, ClassVar

from django import forms

from cases.forms.parts import PartsForm, line, text_box
from cases.services.problem import Sheet, prints_of

COUNT = forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"})


def count(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=1_000_000, widget=COUNT)


class SheetForm(PartsForm):
    objective = text_box("What do we want to achieve?")
    measure = text_box("How shall we know that it is achieved?")
    problem = text_box("What is the problem?", hint="What happens, to whom, and why it matters")
    pattern = text_box("When, where and how often does it happen?")
    victim = text_box("Who suffers, and who looks out for them?")
    offender = text_box("Who causes it, and who has influence on them?")
    location = text_box("Where does it happen, and who looks after the place?")
    tried = text_box("What has been tried, and what came of it?")
    hypothesis = text_box("Why do we think it happens?")
    response = text_box("What shall we do?", hint="Give each part of it to an agency as an action")
    process = text_box("Was it done as planned?")
    impact = text_box("What changed?")
    count_what = line("What is counted?", 120, hint="Such as reports in a month")
    count_before = count("Count before")
    count_after = count("Count after")
    legacy = text_box("What stays when we have gone?")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    parts: ClassVar[dict[str, list[Any]]] = {
        "objective": ["objective", "measure"],
        "scanning": ["problem", "pattern"],
        "analysis": ["victim", "offender", "location", "tried", "hypothesis"],
        "response": ["response"],
        "assessment": ["process", "impact", "count_what", "count_before", "count_after", "legacy", "seen"],
    }

    def __init__(self, *args: Any, sheet: Sheet, now: Sheet | None = None, **kwargs: Any) -> None:
        """`now` is what the sheet says, where the form shows something else."""
        seen = json.dumps(prints_of(now or sheet))
        super().__init__(*args, initial=dataclasses.asdict(sheet) | {"seen": seen}, **kwargs)

    def sheet(self) -> Sheet:
        return Sheet(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})
