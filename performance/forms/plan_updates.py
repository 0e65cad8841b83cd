"""How an action goes: made to be filled in within a minute."""

from typing import Any, ClassVar

from crispy_forms_gds.layout import Field, Layout, Size
from django import forms
from django.utils.html import escape

from csp.core.forms import MultipleUploadField
from performance.enums import Rating
from performance.forms.plan_parts import DetailsForm, NumberField, box, remembered
from performance.models import PlanMeasure
from performance.services.plan_updates import UpdateDetails

LONGEST_NARRATIVE = 4_000


class UpdateForm(DetailsForm):
    submit_text = "Save the update"
    headings: ClassVar[dict[str, str]] = {"value": "The number"}

    rating = forms.ChoiceField(
        label="How does it go?",
        choices=Rating.choices,
        help_text="What is complete is asked about no more",
        widget=forms.RadioSelect,
        error_messages={"required": "Select how it goes"},
    )
    value = NumberField(required=False)
    narrative = box(
        "What happened?",
        rows=4,
        hint="Two or three sentences: what was done, and what came of it. Name nobody: it is published",
        required=True,
        max_length=LONGEST_NARRATIVE,
        error_messages={"required": "Enter what happened"},
    )
    evidence = MultipleUploadField(
        label="Evidence",
        help_text="A paper, a picture or a sheet, if you have one. The team and the leading agencies see it",
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        counted: PlanMeasure | None,
        details: UpdateDetails,
        now: UpdateDetails | None = None,
        **kwargs: Any,
    ) -> None:
        """`counted` is the measure that asks for a number. `now` is what the update says, where that is
        something else than the details.
        """
        super().__init__(*args, initial={**vars(details), "seen": remembered(details, now)}, **kwargs)
        value = self.fields["value"]
        value.label = escape(counted.text) if counted else "A number, if there is one"
        value.help_text = escape(number_hint(counted))
        self.helper.layout = Layout(
            Field.radios("rating", legend_size=Size.SMALL, small=True),
            "value",
            Field.textarea("narrative"),
            "evidence",
            "seen",
        )

    def details(self) -> UpdateDetails:
        given = self.cleaned_data
        return UpdateDetails(given["rating"], given["narrative"], given["value"])


def number_hint(counted: PlanMeasure | None) -> str:
    if counted is None:
        return "Leave it empty if nothing is counted"
    said = [f"In {counted.unit}" if counted.unit else ""]
    said.append("" if counted.target is None else f"the plan's target is {plain(counted.target)}")
    known = ", ".join(filter(None, said))
    rest = "Leave it empty if you have no figure: nought is one"
    return f"{known[:1].upper()}{known[1:]}. {rest}" if known else rest


def plain(number: Any) -> str:
    """1,250 or 12.5"""
    return f"{number.normalize() + 0:,f}"
