from typing import Any, ClassVar

from crispy_forms_gds.layout import Field
from django import forms

from cases.forms.parts import LONGEST_ANSWER
from csp.core.forms import GDSForm, MultipleUploadField


class InformationForm(GDSForm):
    """Something to add to a report, in words, in files or both."""

    submit_text = "Add to the report"

    text = forms.CharField(
        label="What you want to add",
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 3, "class": "app-grows"}),
    )
    attachments = MultipleUploadField(label="Files", required=False, max_files=10)

    layout: ClassVar[list[Any]] = [Field("text"), Field("attachments")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["text"] and not cleaned["attachments"]:
            self.add_error("text", "Enter what you want to add, or choose a file")
        return cleaned
