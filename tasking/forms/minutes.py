"""What the minutes say: of an item, and before the first one."""

import json
from typing import Any, ClassVar

from crispy_forms_gds.layout import Field, Size
from django import forms

from cases.services.prints import Prints, prints, read_seen
from csp.core.forms import GDSForm


class WordsForm(GDSForm):
    """One box of words, and the print of what it was filled with."""

    text = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 12}))
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    label = ""
    hint = ""

    layout: ClassVar[list[Any]] = [Field.textarea("text", rows=12, label_size=Size.MEDIUM), "seen"]

    def __init__(self, *args: Any, words: str, now: str | None = None, **kwargs: Any) -> None:
        """`now` is what is there, where the box shows something else."""
        seen = json.dumps(prints({"text": words if now is None else now}))
        super().__init__(*args, initial={"text": words, "seen": seen}, **kwargs)
        self.fields["text"].label = self.label
        self.fields["text"].help_text = self.hint

    def seen_prints(self) -> Prints:
        return read_seen(self.cleaned_data["seen"])


class MinuteForm(WordsForm):
    submit_text = "Save the minute"
    label = "What the minutes say of it"
    hint = "Begins as the note taken at the meeting. Every agency that may see the item reads this."


class OpeningForm(WordsForm):
    submit_text = "Save the opening"
    label = "What the minutes say before the first item"
    hint = "Such as welcome and matters arising. Every agency invited reads this: name nobody it is about."
