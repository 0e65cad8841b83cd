from typing import Any, ClassVar

from crispy_forms_gds.layout import Field, Size
from django import forms

from csp.agencies.models import User
from csp.core.forms import GDSForm


class QueueFilterForm(GDSForm):
    """Beside the list, so small and without a button of its own."""

    method = "get"
    submit_text = ""
    layout: ClassVar[list[Any]] = [
        "tab",
        Field.text("q"),
        Field.checkboxes("risk", small=True, legend_size=Size.SMALL),
        Field.select("clock"),
        Field.select("who"),
        Field.checkboxes("mark", small=True, legend_size=Size.SMALL),
        Field.select("category"),
        Field.select("area"),
        Field.select("agency"),
        Field.select("channel"),
        Field.text("received_from"),
        Field.text("received_until"),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class SaveFilterForm(GDSForm):
    submit_text = "Save filter"

    name = forms.CharField(
        label="Name of this filter",
        max_length=60,
        error_messages={"required": "Enter a name for this filter"},
    )
    shared = forms.BooleanField(label="Share with everybody at my agency", required=False)
    query = forms.CharField(widget=forms.HiddenInput, required=False)

    layout: ClassVar[list[Any]] = [Field.text("name"), Field.checkbox("shared", small=True), "query"]


class AssignForm(GDSForm):
    submit_text = "Assign"

    officer = forms.ModelChoiceField(
        label="Give it to",
        queryset=User.objects.none(),
        empty_label="Choose a colleague",
        error_messages={"required": "Choose who should have it"},
    )

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = colleagues  # type: ignore[attr-defined]
