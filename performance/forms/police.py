"""Choosing what to see of the police figures, and files to load."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from cases.services.imports import reading
from cases.services.imports.refusals import CannotImport
from csp.agencies.models import Area
from csp.core.forms import GDSForm
from csp.core.uploads import shown
from performance.services.police_rows import columns_of
from performance.services.police_trend import last_months

MOST_FILES = 12
ALL = "all"
USUAL = "13"
MONTHS = [(USUAL, "13 months"), ("25", "25 months"), ("61", "5 years"), (ALL, "All months loaded")]


class PoliceFilter(GDSForm):
    """What cannot be read is left out, not refused."""

    method = "get"
    submit_text = ""

    crime_type = forms.ChoiceField(label="Crime type", required=False)
    area = forms.ChoiceField(label="Area", required=False)
    months = forms.ChoiceField(label="How far back", required=False, choices=MONTHS)

    def __init__(
        self, data: Any, *, types: list[str], areas: list[Area], loaded: list[dt.date], **kwargs: Any
    ) -> None:
        given = data.copy()
        given.setdefault("months", USUAL)
        super().__init__(given, **kwargs)
        fields: Any = self.fields
        fields["crime_type"].choices = [("", "All types"), *((each, each) for each in types)]
        fields["area"].choices = [
            ("", "The whole partnership"),
            *((str(each.pk), each.name) for each in areas),
        ]
        self.is_valid()
        self.chosen_type: str = self.cleaned_data.get("crime_type") or ""
        self.chosen_area = next(
            (each for each in areas if str(each.pk) == self.cleaned_data.get("area")), None
        )
        self.chosen_months = self._months(loaded)

    def _months(self, loaded: list[dt.date]) -> tuple[dt.date, ...]:
        wanted = self.cleaned_data.get("months") or USUAL
        return tuple(reversed(loaded)) if wanted == ALL else last_months(loaded, int(wanted))

    @property
    def query(self) -> dict[str, str]:
        chosen = {name: self.cleaned_data.get(name) or "" for name in ("crime_type", "area", "months")}
        return {name: value for name, value in chosen.items() if value}


class PoliceFilesPicker(forms.FileInput):
    allow_multiple_selected = True


class PoliceFilesField(forms.FileField):
    """One or more street-level files, packed with gzip or not, known by what is in them."""

    widget = PoliceFilesPicker(attrs={"class": "govuk-file-upload", "accept": ".csv,.gz"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        if len(files) > MOST_FILES:
            raise ValidationError(f"Choose up to {MOST_FILES} files at a time", code="too_many")
        return [self._checked(super(PoliceFilesField, self).clean(file, initial)) for file in files or [None]]

    def _checked(self, file: Any) -> Any:
        try:
            with_header(file)
        except CannotImport as problem:
            raise ValidationError(f"{shown(file.name)}: {problem}", code="refused") from problem
        file.seek(0)
        return file


def with_header(file: Any) -> None:
    """Raises `CannotImport` for what is not a street-level file. Its rows are read by a worker."""
    most = settings.IMPORT_MAX_BYTES
    content = reading.unpacked(file, max_bytes=most)
    try:
        with reading.opened(content, reading.detect(content, max_bytes=most)) as table:
            columns_of(table.header)
            if next(table.rows, None) is None:
                raise CannotImport(reading.NO_ROWS)
    finally:
        if content is not file:
            content.close()


class PoliceUploadForm(GDSForm):
    submit_text = "Load"

    sent = PoliceFilesField(
        label="Street-level files",
        help_text="One for each month, such as 2024-04-thames-valley-street.csv, packed with gzip or not",
        error_messages={
            "required": "Choose a street-level file of the police",
            "empty": "The file is empty. Choose another file",
        },
    )
