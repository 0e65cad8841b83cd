"""Uploading a file, and saying what its columns hold."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from crispy_forms_gds.layout import Field
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from cases.enums import ReportStatus
from cases.models import Category
from cases.services.imports import conditions, dates, reading
from cases.services.imports.csv_reading import DELIMITERS, ENCODINGS
from cases.services.imports.fields import FIELDS
from cases.services.imports.mapping import ImportSpec, MappingInvalid, as_dict, fold_value
from cases.services.imports.preview import Preview
from cases.services.imports.refusals import CannotRead
from cases.services.imports.tables import XLSX
from csp.agencies.models import Partner
from csp.core.errors import RuleBroken
from csp.core.forms import GDSForm

LEAVE_OUT, CHANGING = "", "changing"
COLUMN_CHOICES = [
    (LEAVE_OUT, "Leave out"),
    *((field.name, field.label) for field in FIELDS),
    (CHANGING, "Leave out: it changes from export to export"),
]
DATE_CHOICES = [("", "Choose"), *((form, f"{dates.sample(form)} ({form})") for form in dates.FORMS)]
SPLITS = {"": "There is one kind in each row", ";": "Semicolon", ",": "Comma", "|": "Bar", "/": "Slash"}
CONDITIONS = 3
NARROW = forms.TextInput(attrs={"class": "govuk-input--width-20"})


class TableFileField(forms.FileField):
    """A CSV file or workbook, known by what is in it and not by its name."""

    widget = forms.FileInput(attrs={"class": "govuk-file-upload", "accept": ".csv,.tsv,.txt,.xlsx"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        try:
            reading.refuse_without_rows(file, reading.detect(file, max_bytes=settings.IMPORT_MAX_BYTES))
        except CannotRead as problem:
            raise ValidationError(str(problem), code="refused") from problem
        file.seek(0)
        return file


class UploadForm(GDSForm):
    submit_text = "Upload"

    source = forms.ModelChoiceField(
        label="Which agency is the file from?",
        queryset=Partner.objects.none(),
        empty_label="Choose an agency",
        error_messages={"required": "Choose the agency the file is from"},
    )
    file = TableFileField(
        label="File",
        error_messages={
            "required": "Choose a CSV or Excel (.xlsx) file",
            "empty": "The file is empty. Choose another file",
        },
    )

    layout: ClassVar[list[Any]] = [Field.select("source"), "file"]

    def __init__(self, *args: Any, partners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = partners  # type: ignore[attr-defined]
        megabytes = settings.IMPORT_MAX_BYTES // 1024 // 1024
        self.fields["file"].help_text = f"CSV or Excel (.xlsx), up to {megabytes} MB, with a header row"


class MappingForm(GDSForm):
    """One row for each column of the file, then what holds for all rows."""

    submit_text = ""

    system = forms.CharField(
        label="System the file comes from",
        help_text="Rows that came from the same system before are recognised by this name",
        max_length=60,
        widget=NARROW,
        error_messages={"required": "Enter the name of the system the file comes from"},
    )
    format_occurred = forms.ChoiceField(
        label="How the date it happened is written",
        help_text="Like this third of April. A time may follow",
        choices=DATE_CHOICES,
        required=False,
    )
    format_received = forms.ChoiceField(
        label="How the date it was reported is written",
        help_text="Like this third of April. A time may follow",
        choices=DATE_CHOICES,
        required=False,
    )
    split_categories_at = forms.ChoiceField(
        label="What stands between several kinds of behaviour", choices=SPLITS.items(), required=False
    )
    status = forms.ChoiceField(
        label="What to do with reports whose row does not say",
        choices=[
            (ReportStatus.NEW, "Triage them: they join the queue"),
            (ReportStatus.RECORDED, "Record them only: nobody has to act"),
        ],
        widget=forms.RadioSelect,
        initial=ReportStatus.NEW,
        error_messages={"required": "Select what to do with reports whose row does not say"},
    )
    what_happened = forms.CharField(
        label="What happened, where the row does not say",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    categories = forms.ChoiceField(label="Kind of behaviour, where the row does not say", required=False)
    name = forms.CharField(
        label="Save this for next time as",
        help_text="Leave it empty to use it once. A name that is taken is written over",
        max_length=80,
        required=False,
        widget=NARROW,
    )

    def __init__(
        self,
        *args: Any,
        preview: Preview,
        categories: Iterable[Category],
        asked: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        """`asked` is how a person said that the file is to be read, where they had to."""
        self.preview, self.asked = preview, asked
        super().__init__(*args, **kwargs)
        self.helper.form_tag = False
        for n, column in enumerate(preview.columns):
            self.fields[f"column_{n}"] = forms.ChoiceField(
                label=f"What “{column.name}” holds",
                choices=COLUMN_CHOICES,
                required=False,
                widget=forms.Select(attrs={"class": "govuk-select"}),
            )
        kinds = {category.code: category.label for category in categories}
        several = str(self.initial.get("categories", ""))
        more = [(several, in_words(several, kinds))] if "," in several else []
        self.fields["categories"].choices = [("", "No kind"), *kinds.items(), *more]  # type: ignore[attr-defined]
        names = [("", "Any column"), *((name, name) for name in preview.header)]
        for n in range(CONDITIONS):
            self.fields |= condition_fields(n, names)

    @property
    def column_rows(self) -> list[dict[str, Any]]:
        """What the table shows of each column: its name, its first values and what was chosen for it."""
        return [
            {"column": column, "field": self[f"column_{n}"]} for n, column in enumerate(self.preview.columns)
        ]

    def spec_as_typed(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The mapping as the page has it, to be read and checked by the service. Translations come later."""
        data = self.cleaned_data
        columns: dict[str, list[str]] = {}
        for n, column in enumerate(self.preview.columns):
            columns.setdefault(data[f"column_{n}"], []).append(column.name)
        changing = columns.pop(CHANGING, [])
        columns.pop(LEAVE_OUT, None)
        constants = {name: data[name] for name in ("what_happened", "status") if data[name]}
        constants["categories"] = [code for code in data["categories"].split(",") if code]
        if location := before.get("constants", {}).get("location"):
            constants["location"] = location  # has no box of its own, and is not to be lost
        typed: dict[str, Any] = {
            "name": data["name"],
            "system": data["system"],
            "file": dict(self.asked),
            "columns": columns,
            "changing": changing,
            "formats": {
                name: data[f"format_{name}"]
                for name in ("occurred", "received")
                if name in columns and data[f"format_{name}"]
            },
            "split_categories_at": data["split_categories_at"],
            "constants": constants,
            "translations": before.get("translations", {}),
        }
        typed["filter"] = [self._condition(n) for n in range(CONDITIONS) if data[f"filter_column_{n}"]]
        typed["filter"] += before.get("filter", [])[CONDITIONS:]
        return typed

    def _condition(self, n: int) -> dict[str, Any]:
        data = self.cleaned_data
        values = [line.strip() for line in data[f"filter_values_{n}"].splitlines() if line.strip()]
        return {"column": data[f"filter_column_{n}"], data[f"filter_test_{n}"] or conditions.IN: values}

    @property
    def condition_rows(self) -> list[list[Any]]:
        return [
            [self[f"filter_{part}_{n}"] for part in ("column", "test", "values")] for n in range(CONDITIONS)
        ]

    def show_problem(self, broken: RuleBroken) -> None:
        """Each thing that is wrong with the mapping at the box it is about."""
        if not isinstance(broken, MappingInvalid):
            self.add_error(None, str(broken))
            return
        for box, words in [(self._box_of(problem.where), problem.words) for problem in broken.problems]:
            self.add_error(box, words)

    def _box_of(self, where: str) -> str | None:
        """The last column chosen for a field; else the box of that name; else the top of the page."""
        chosen = [
            f"column_{n}"
            for n in range(len(self.preview.columns))
            if self.cleaned_data.get(f"column_{n}") == where
        ]
        if chosen:
            return chosen[-1]
        name = "filter_values_0" if where == "filter" else where
        return name if name in self.fields else None


def in_words(codes: str, kinds: Mapping[str, str]) -> str:
    return " + ".join(kinds.get(code, code) for code in codes.split(","))


def initial_of(spec: ImportSpec, preview: Preview) -> dict[str, Any]:
    """What the boxes hold for a mapping."""
    held = as_dict(spec)
    field_of = {fold_value(name): field for field, names in held["columns"].items() for name in names}
    field_of |= {fold_value(name): CHANGING for name in held["changing"]}
    return {
        "system": spec.system,
        "name": spec.name,
        "split_categories_at": spec.split_categories_at,
        **{f"format_{name}": form for name, form in spec.formats.items()},
        **{f"column_{n}": field_of.get(fold_value(name), LEAVE_OUT) for n, name in enumerate(preview.header)},
        **({"status": ReportStatus.NEW} | held["constants"]),
        "categories": ",".join(held["constants"].get("categories", [])),
        **{
            f"filter_{part}_{n}": value
            for n, condition in enumerate(spec.conditions[:CONDITIONS])
            for part, value in condition_boxes(condition, preview).items()
        },
    }


def condition_fields(n: int, names: list[tuple[str, str]]) -> dict[str, forms.Field]:
    """The three boxes of one condition."""
    tests = [(conditions.IN, "is one of"), (conditions.NOT, "is none of")]
    box = forms.Textarea(attrs={"rows": 1, "class": "govuk-textarea app-grows"})
    return {
        f"filter_column_{n}": forms.ChoiceField(
            label="Only rows where" if not n else "and", choices=names, required=False
        ),
        f"filter_test_{n}": forms.ChoiceField(label="is, or is not", choices=tests, required=False),
        f"filter_values_{n}": forms.CharField(label="these values, one a line", required=False, widget=box),
    }


def condition_boxes(condition: conditions.Condition, preview: Preview) -> dict[str, str]:
    column = preview.column(condition.column)
    return {
        "column": column.name if column else "",
        "test": conditions.NOT if condition.test == conditions.NOT else conditions.IN,
        "values": "\n".join(condition.values),
    }


class LayoutForm(GDSForm):
    """How the file is to be read, where we took it for something else."""

    submit_text = "Read the file again"

    encoding = forms.ChoiceField(label="Letters", choices=list(ENCODINGS.items()), required=False)
    delimiter = forms.ChoiceField(label="Between columns", choices=list(DELIMITERS.items()), required=False)
    sheet = forms.ChoiceField(label="Sheet", required=False)

    def __init__(self, *args: Any, preview: Preview, **kwargs: Any) -> None:
        layout = preview.layout
        kwargs.setdefault(
            "initial", {"encoding": layout.encoding, "delimiter": layout.delimiter, "sheet": layout.sheet}
        )
        super().__init__(*args, **kwargs)
        drop = ("encoding", "delimiter") if layout.kind == XLSX else ("sheet",)
        for name in drop:
            del self.fields[name]
        if layout.kind == XLSX:
            self.fields["sheet"].choices = [(name, name) for name in layout.sheets]  # type: ignore[attr-defined]
