"""What is typed about an indicator and its values."""

import dataclasses
import datetime as dt
import json
from typing import Any, ClassVar

from crispy_forms_gds.layout import Field, Layout, Size, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape

from cases.forms.sharing import box
from cases.services.imports.refusals import CannotImport
from csp.agencies.models import Partner, Partnership
from csp.core.calendar import Period, local_day
from csp.core.forms import DayField, GDSForm, NameField
from csp.core.forms.uploads import FilePicker
from csp.core.uploads import CSV, XLSX
from performance.enums import Better
from performance.services.indicator_import import as_text
from performance.services.indicators import Given, IndicatorDetails, prints_of
from performance.services.over_time import measures_over_time
from performance.services.police_trend import crime_types
from performance.services.spans import read_span

ENTERED, POLICE, MEASURE = "entered", "police", "measure"
HOW = [
    (ENTERED, "They are entered here, or uploaded as a table"),
    (POLICE, "They are counted from the police files loaded"),
    (MEASURE, "They are counted from our own records"),
]
PERIODS = "Such as March 2024, 2021-22 Q4, 2021-22, or 1 April 2021 to 15 May 2021"
TEXT_ROWS = 12


class IndicatorForm(GDSForm):
    submit_text = "Save the indicator"

    name = NameField(
        label="Name",
        help_text="Such as Admissions to hospital after assault",
        max_length=200,
        error_messages={"required": "Enter a name for the indicator"},
    )
    unit = NameField(
        label="What is counted?",
        help_text="Such as incidents, admissions or per cent",
        max_length=60,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
        error_messages={"required": "Enter what is counted"},
    )
    better = forms.ChoiceField(
        label="Which way is good news?",
        help_text="Where more reports may also mean more trust, neither is better",
        choices=Better.choices,
        initial=Better.NEITHER,
        widget=forms.RadioSelect,
        error_messages={"required": "Select which way is good news"},
    )
    how = forms.ChoiceField(
        label="Where do its values come from?",
        choices=HOW,
        initial=ENTERED,
        required=False,
        widget=forms.RadioSelect,
    )
    crime_type = forms.ChoiceField(label="Crime type, if they are counted from police files", required=False)
    measure = forms.ChoiceField(label="Measure, if they are counted from our own records", required=False)
    definition = box("What counts, and what does not?", hint="As its source defines it")
    source = NameField(label="Who publishes it?", max_length=160, required=False)
    supplied_by = forms.ModelChoiceField(
        label="Which agency supplies it?",
        queryset=Partner.objects.none(),
        empty_label="None in particular",
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    layout: ClassVar[list[Any]] = [
        "name",
        "unit",
        Field.radios("better", small=True, legend_size=Size.SMALL),
        Field.radios("how", small=True, legend_size=Size.SMALL),
        Field.select("crime_type"),
        Field.select("measure"),
        Field.textarea("definition"),
        "source",
        Field.select("supplied_by"),
        "seen",
    ]

    def __init__(
        self,
        *args: Any,
        partnership: Partnership,
        details: IndicatorDetails | None = None,
        now: IndicatorDetails | None = None,
        **kwargs: Any,
    ) -> None:
        """`details` fill it. `now` is what the indicator says, where that is something else."""
        super().__init__(*args, initial=_initial(details, now), **kwargs)
        fields: Any = self.fields
        types = crime_types(partnership)
        if details and details.crime_type and details.crime_type not in types:
            types.append(details.crime_type)
        fields["crime_type"].choices = [("", "Choose"), *((each, each) for each in types)]
        measures = [(each.name, each.label) for each in measures_over_time()]
        fields["measure"].choices = [("", "Choose"), *measures]
        fields["supplied_by"].queryset = partnership.partners.order_by("name", "pk")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        how = given.get("how", "")
        if how == POLICE and not given.get("crime_type"):
            self.add_error("crime_type", "Select the crime type that is counted")
        if how == MEASURE and not given.get("measure"):
            self.add_error("measure", "Select the measure that counts it")
        return given

    def details(self) -> IndicatorDetails:
        given = self.cleaned_data
        names = ("name", "unit", "better", "definition", "source", "supplied_by")
        return IndicatorDetails(
            **{name: given[name] for name in names},
            crime_type=given["crime_type"] if given["how"] == POLICE else "",
            measure=given["measure"] if given["how"] == MEASURE else "",
        )


def _initial(details: IndicatorDetails | None, now: IndicatorDetails | None) -> dict[str, Any]:
    if details is None:
        return {}
    said = {each.name: getattr(details, each.name) for each in dataclasses.fields(details)}
    how = POLICE if details.crime_type else MEASURE if details.measure else ENTERED
    supplied = details.supplied_by and details.supplied_by.pk
    return said | {"how": how, "supplied_by": supplied, "seen": json.dumps(prints_of(now or details))}


class PeriodField(forms.CharField):
    """A span of time in words."""

    widget = forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"})

    def __init__(self, *, at: dt.datetime, **kwargs: Any) -> None:
        self.today = local_day(at)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if (period := read_span(typed, self.today)) is None:
            raise ValidationError("Enter a period like March 2024, 2021-22 Q4 or 2021-22", code="invalid")
        return period


class RestateForm(GDSForm):
    """A value as its source gave it."""

    submit_text = "Restate the value"

    value = forms.DecimalField(
        label="Value",
        max_digits=14,
        decimal_places=2,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "inputmode": "decimal"}),
        error_messages={"invalid": "Enter the value as a number, like 1204 or 12.5"},
    )
    none = forms.BooleanField(label="The source says that it has no figure", required=False)
    source = NameField(
        label="Where is it from?",
        help_text="Name the publication, such as Hospital Admitted Patient Care 2021-22, table 4",
        max_length=200,
        error_messages={"required": "Enter where the value is from"},
    )
    as_of = DayField(
        label="On which day did the source give it?",
        help_text="Like 3 9 2026",
        allow_future=False,
        error_messages={"required": "Enter the day on which the source gave it"},
    )
    note = box("Why is it restated?", "Enter why the value is restated", rows=3)

    layout: ClassVar[list[Any]] = [
        "value", Field.checkbox("none", small=True), "source", "as_of", Field.textarea("note"),
    ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "value" in self.errors:
            return given
        if given.get("none") and given.get("value") is not None:
            self.add_error("value", "Enter a value, or tick that the source has none, not both")
        elif not given.get("none") and given.get("value") is None:
            self.add_error("value", "Enter the value, or tick that the source has none")
        return given

    def given(self) -> Given:
        said = self.cleaned_data
        value = None if said["none"] else said["value"]
        return Given(value=value, source=said["source"], as_of=said["as_of"], note=said["note"])


class ValueForm(RestateForm):
    submit_text = "Add the value"

    note = box("Note", hint="What a reader should know of this value, if anything", rows=2)
    layout: ClassVar[list[Any]] = ["period", *RestateForm.layout]

    def __init__(self, *args: Any, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"] = PeriodField(
            at=at,
            label="Period",
            help_text=PERIODS,
            max_length=60,
            error_messages={"required": "Enter the period that the value is of"},
        )

    @property
    def period(self) -> Period:
        found: Period = self.cleaned_data["period"]
        return found


class TableField(forms.FileField):
    """A small CSV file or workbook, read into text."""

    widget = FilePicker((CSV, XLSX))

    def clean(self, data: Any, initial: Any = None) -> str:
        file = super().clean(data, initial)
        if not file:
            return ""
        try:
            return as_text(file)
        except CannotImport as problem:
            raise ValidationError(str(problem), code="refused") from problem


class ValuesForm(GDSForm):
    """A table of values: chosen as a file, or pasted and corrected in the box."""

    submit_text = ""

    file = TableField(
        label="CSV or Excel file",
        required=False,
        error_messages={"empty": "The file is empty. Choose another file"},
    )
    text = forms.CharField(
        label="Or the table itself",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": TEXT_ROWS, "spellcheck": "false", "class": "app-typed"}),
    )
    source = NameField(
        label="Where are they from?",
        help_text="For lines that do not say it themselves",
        max_length=200,
        required=False,
    )
    as_of = DayField(
        label="On which day did the source give them?",
        help_text="For lines that do not say it themselves. Like 3 9 2026",
        allow_future=False,
        required=False,
    )

    def __init__(self, *args: Any, ready: int = 0, **kwargs: Any) -> None:
        """`ready`: so many values can be kept as they are."""
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout("file", Field.textarea("text"), "source", "as_of")
        if ready:
            words = "Add this value" if ready == 1 else escape(f"Add these {ready:,} values")
            self.helper.add_input(Submit("save", words, data_prevent_double_click="true"))
        self.helper.add_input(
            Submit("check", "Check", css_class="govuk-button--secondary" if ready else "",
                   data_prevent_double_click="true")
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "file" not in self.errors and not given.get("file") and not (given.get("text") or "").strip():
            self.add_error("file", "Choose a file, or paste the table into the box")
        return given

    @property
    def table(self) -> str:
        return self.cleaned_data["file"] or self.cleaned_data["text"]
