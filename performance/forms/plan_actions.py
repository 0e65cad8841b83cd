"""One action of a plan: a long form, in sections, with rows for its measures."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any, ClassVar

from crispy_forms_gds.layout import Div, Field, Fieldset, Layout, Size
from django import forms

from cases.forms.parts import line
from csp.agencies.models import Membership, Partner
from csp.core.calendar import local_day
from csp.core.forms import DayField
from performance.enums import Frequency, MeasureKind, Youth
from performance.forms.plan_parts import DetailsForm, NumberField, box, remembered
from performance.models import Plan, PlanAction
from performance.models.readers import EXPLORERS
from performance.services.over_time import measures_over_time
from performance.services.plan_actions import COLUMNS, LONGEST_LINE, ActionDetails, MeasureLine

BLANK_ROWS = 2
WIDE = {"legend_size": Size.MEDIUM}
PARTS = ("text", "kind", "unit", "baseline", "target", "measure")


class ActionForm(DetailsForm):
    submit_text = "Save the action"
    headings: ClassVar[dict[str, str]] = {"measures": "Measures", "see_also": "See also"}

    priority = forms.TypedChoiceField(label="Priority", coerce=int)
    ref = line("Number in the plan", 12, hint="Such as 14 or 4.2", **{"class": "govuk-input--width-5"})
    what = box("What will be done?", required=True, error_messages={"required": "Enter what will be done"})
    how = box("How?", rows=2)
    why = box("Why?", rows=2)
    youth = forms.ChoiceField(
        label="Is it for young people?", choices=[("", "Not said"), *Youth.choices], required=False
    )
    youth_note = line("More about young people", LONGEST_LINE)
    lead_words = box("Who leads, as the plan prints it", rows=2)
    leads = forms.TypedMultipleChoiceField(
        label="Which agencies lead it here?",
        help_text="They are asked every quarter how it goes",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    person = forms.TypedChoiceField(label="Who in particular?", coerce=int, empty_value=None, required=False)
    due_on = DayField(label="Due", required=False, future=True)
    frequency = forms.ChoiceField(
        label="How often is it reported?", choices=Frequency.choices, initial=Frequency.QUARTERLY
    )
    see_also = line("See also", 200, hint="Numbers of other actions, with commas between. They become links")

    def __init__(
        self,
        *args: Any,
        plan: Plan,
        at: dt.datetime,
        details: ActionDetails | None = None,
        now: ActionDetails | None = None,
        **kwargs: Any,
    ) -> None:
        """`details` fill it. `now` is what the action says, where that is something else."""
        self.refs = dict(plan.actions.order_by("position", "pk").values_list("pk", "ref"))
        super().__init__(*args, initial=self._initial(details, now), **kwargs)
        self._offer(plan, at, details)
        self.rows = self._count_rows(details)
        for number in range(self.rows):
            self._add_row(number, details)
        self.helper.layout = self._layout()

    def _initial(self, details: ActionDetails | None, now: ActionDetails | None) -> dict[str, Any]:
        if details is None:
            return {"ref": str(len(self.refs) + 1)}
        links = ", ".join(self.refs[pk] for pk in details.see_also if pk in self.refs)
        return {**vars(details), "see_also": links, "seen": remembered(details, now)}

    def _offer(self, plan: Plan, at: dt.datetime, details: ActionDetails | None) -> None:
        today = local_day(at)
        offered: Any = self.fields
        priorities = plan.priorities.order_by("position", "pk").values_list("pk", "name")
        offered["priority"].choices = list(priorities)
        here = Partner.objects.filter(partnership=plan.partnership_id)
        kept = details.leads if details else ()
        now = here.current(today) | here.filter(pk__in=kept)
        offered["leads"].choices = list(now.order_by("name").values_list("pk", "name"))
        offered["person"].choices = [("", "Nobody in particular"), *people(plan, today, details)]

    def _count_rows(self, details: ActionDetails | None) -> int:
        """All that were filled in, and some to fill in. What was sent may have had more."""
        sent = [int(name.split("_")[1]) + 1 for name in self.data if ROW.fullmatch(name)]
        return max([len(details.measures) + BLANK_ROWS if details else BLANK_ROWS + 1, *sent])

    def _add_row(self, number: int, details: ActionDetails | None) -> None:
        known = details.measures if details else ()
        said = known[number] if number < len(known) else MeasureLine("")
        own = [("", "Nobody: it is told"), *((each.name, each.label) for each in measures_over_time())]
        fields: dict[str, Any] = {
            "text": line(f"Measure {number + 1}", LONGEST_LINE),
            "kind": forms.ChoiceField(label="What is it?", choices=MeasureKind.choices, required=False),
            "unit": line("Counted in", 120),
            "baseline": NumberField(label="Was", required=False),
            "target": NumberField(label="Target", required=False),
            "measure": forms.ChoiceField(label="Counted by", choices=own, required=False),
        }
        for name, field in fields.items():
            field.initial = getattr(said, name)
            self.fields[f"measure_{number}_{name}"] = field

    def _layout(self) -> Layout:
        rows = [self._row_layout(number) for number in range(self.rows)]
        return Layout(
            "priority",
            "ref",
            Field.textarea("what"),
            Field.textarea("how"),
            Field.textarea("why"),
            Div("youth", "youth_note", css_class="app-fields"),
            Fieldset(
                Field.textarea("lead_words"),
                Field.checkboxes("leads", legend_size=Size.SMALL, small=True),
                "person",
                legend="Who leads it",
                **WIDE,
            ),
            Fieldset(Div("due_on", "frequency", css_class="app-fields"), "see_also", legend="When", **WIDE),
            Fieldset(*rows, legend="How it is measured", **WIDE),
            "seen",
        )

    def _row_layout(self, number: int) -> Div:
        names = [f"measure_{number}_{part}" for part in PARTS]
        return Div(names[0], Div(*names[1:], css_class="app-fields"), css_class="app-plan__measure")

    def clean_ref(self) -> str:
        ref = str(self.cleaned_data["ref"]).strip()
        if not ref:
            raise forms.ValidationError("Enter the number that the action has in the plan")
        return ref

    def clean_see_also(self) -> tuple[int, ...]:
        by_ref = {ref.casefold(): pk for pk, ref in self.refs.items()}
        typed = [each.strip() for each in self.cleaned_data["see_also"].split(",") if each.strip()]
        for each in typed:
            if each.casefold() not in by_ref:
                raise forms.ValidationError(f"The plan has no action {each}. Enter numbers that it has")
        return tuple(sorted({by_ref[each.casefold()] for each in typed}))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for number in range(self.rows):
            row = self._row(number)
            if not row["text"] and any(row[part] for part in ("unit", "target", "baseline", "measure")):
                self.add_error(f"measure_{number}_text", f"Enter what measure {number + 1} is")
        return given

    def _row(self, number: int) -> dict[str, Any]:
        return {part: self.cleaned_data.get(f"measure_{number}_{part}") for part in PARTS}

    def details(self) -> ActionDetails:
        given = self.cleaned_data
        rows = [self._row(number) for number in range(self.rows)]
        measures = tuple(line_of(row) for row in rows if row["text"])
        said = {name: given[name] for name in (*COLUMNS, "priority", "person", "see_also")}
        return ActionDetails(**said, leads=tuple(sorted(given["leads"])), measures=measures)

    def said(self, name: str, details: Any) -> str:
        if name == "measures":
            return "; ".join(each.text for each in details.measures) or "None"
        if name == "see_also":
            return ", ".join(self.refs.get(pk, "?") for pk in details.see_also) or "None"
        return super().said(name, details)


ROW = re.compile(r"measure_\d{1,2}_text")


def line_of(row: dict[str, Any]) -> MeasureLine:
    """A measure with a target is a number, whatever its kind was left at."""
    said = {**row, "kind": row["kind"] or MeasureKind.NARRATIVE.value}
    numbers: list[Decimal | None] = [row["target"], row["baseline"]]
    if said["kind"] == MeasureKind.NARRATIVE and any(number is not None for number in numbers):
        said["kind"] = MeasureKind.COUNT.value
    return MeasureLine(**said)


def people(plan: Plan, today: dt.date, details: ActionDetails | None) -> list[tuple[int, str]]:
    """Who reads the plan here, with their agency; and who is named already."""
    seats = Membership.objects.current(today).filter(
        partner__partnership=plan.partnership_id, role__in=EXPLORERS, user__is_active=True
    )
    rows = seats.order_by("user__name", "pk").values_list("user", "user__name", "partner__name")
    found = {pk: f"{name}, {partner}" for pk, name, partner in reversed(rows)}
    if details and details.person and details.person not in found:
        known = PlanAction.objects.filter(plan=plan, person=details.person).values_list("person__name")
        found[details.person] = known[0][0] if known else "Somebody who left"
    return sorted(found.items(), key=lambda each: each[1])
