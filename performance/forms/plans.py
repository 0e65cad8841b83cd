from typing import Any, ClassVar

from crispy_forms_gds.layout import Div, Field, Layout, Size
from django import forms

from cases.forms.parts import line
from csp.agencies.models import Partnership
from csp.core.forms import DayField, NameField
from performance.forms.plan_parts import DetailsForm, FiguresField, box, remembered
from performance.services.plans import PLAN_FIELDS, PRIORITY_FIELDS, PlanDetails, PriorityDetails


class PlanForm(DetailsForm):
    submit_text = "Save the plan"

    name = NameField(
        label="Name",
        help_text="Such as Community safety plan 2025-28",
        max_length=160,
        error_messages={"required": "Enter a name for the plan"},
    )
    starts_on = DayField(label="First day", error_messages={"required": "Enter the first day of the plan"})
    ends_on = DayField(
        label="Last day", future=True, error_messages={"required": "Enter the last day of the plan"}
    )
    about = box("What it rests on", hint="The law, the evidence, who signed it, when it is reviewed")
    figures = FiguresField()

    layout: ClassVar[list[Any]] = [
        "name", Div("starts_on", "ends_on", css_class="app-fields"),
        Field.textarea("about"), Field.textarea("figures"), "seen",
    ]  # fmt: skip

    def __init__(
        self,
        *args: Any,
        details: PlanDetails | None = None,
        now: PlanDetails | None = None,
        **kwargs: Any,
    ) -> None:
        """`details` fill it. `now` is what the plan says, where that is something else."""
        initial = {**vars(details), "seen": remembered(details, now)} if details else {}
        super().__init__(*args, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        first, last = given.get("starts_on"), given.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "Enter a last day that is not before the first")
        return given

    def details(self) -> PlanDetails:
        given = self.cleaned_data
        return PlanDetails(**{name: given[name] for name in (*PLAN_FIELDS, "figures")})


class PriorityForm(DetailsForm):
    submit_text = "Save the priority"

    name = NameField(
        label="Priority",
        help_text="Such as Domestic abuse",
        max_length=200,
        error_messages={"required": "Enter what the priority is called"},
    )
    theme = line("Theme", 200, hint="A heading above several priorities, if the plan has such")
    objective = line("Which objective of the Police and Crime Plan does it serve?", 300)
    figures = FiguresField()
    indicators = forms.TypedMultipleChoiceField(
        label="Indicators to watch", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        partnership: Partnership,
        details: PriorityDetails | None = None,
        now: PriorityDetails | None = None,
        **kwargs: Any,
    ) -> None:
        initial = {**vars(details), "seen": remembered(details, now)} if details else {}
        super().__init__(*args, initial=initial, **kwargs)
        offered: Any = self.fields["indicators"]
        offered.choices = list(partnership.indicators.order_by("name").values_list("pk", "name"))
        shown = ["indicators"] if offered.choices else []
        self.helper.layout = Layout(
            "name", "theme", "objective", Field.textarea("figures"),
            *(Field.checkboxes(each, legend_size=Size.SMALL, small=True) for each in shown), "seen",
        )  # fmt: skip

    def details(self) -> PriorityDetails:
        given = self.cleaned_data
        said = {name: given[name] for name in (*PRIORITY_FIELDS, "figures")}
        return PriorityDetails(**said, indicators=tuple(sorted(given["indicators"])))
