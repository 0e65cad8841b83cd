"""The filter of the action board, and the form that takes an action further."""

from typing import Any, ClassVar

from crispy_forms_gds.layout import Field
from django import forms

from cases.forms.cases import why
from csp.core.forms import GDSForm
from tasking.enums import EscalationLevel
from tasking.services.action_board import STATES, AgencyRow


class BoardFilterForm(GDSForm):
    """Sent by GET. A choice that is not in the list is as good as none."""

    method = "get"
    submit_text = ""

    agency = forms.TypedChoiceField(label="Agency", required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(
        label="Actions", required=False, choices=[("", "All that are open"), *list(STATES.items())[1:]]
    )

    def __init__(self, *args: Any, agencies: list[AgencyRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = [  # type: ignore[attr-defined]
            ("", "Any agency"),
            *((each.pk, each.name) for each in sorted(agencies, key=lambda each: each.name)),
        ]
        self.is_valid()

    @property
    def agency_chosen(self) -> int | None:
        chosen: int | None = self.cleaned_data.get("agency")
        return chosen

    @property
    def state_chosen(self) -> str:
        return self.cleaned_data.get("state") or "open"


class EscalateForm(GDSForm):
    reason = why("Why?", "Enter why", hint="The agency reads this. Name nobody it is about")
    level = forms.ChoiceField(
        choices=EscalationLevel.choices,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Open this page again and send it anew"),
    )

    layout: ClassVar[list[Any]] = [Field.textarea("reason", rows=4), "level"]

    def __init__(self, *args: Any, level: EscalationLevel, **kwargs: Any) -> None:
        to = "lead" if level == EscalationLevel.AGENCY_LEAD else "board"
        self.submit_text = f"Escalate it to the {to}"
        super().__init__(*args, initial={"level": level}, **kwargs)
