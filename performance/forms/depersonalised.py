import datetime as dt
from typing import Any

from django import forms

from csp.core.forms import GDSForm
from performance.forms.hotspots import month_key

MOST_MONTHS = 12
CSV, ODS = "csv", "ods"


class DepersonalisedForm(GDSForm):
    submit_text = "Download"

    first = forms.ChoiceField(label="From", error_messages={"invalid_choice": "Select the first month"})
    last = forms.ChoiceField(label="To", error_messages={"invalid_choice": "Select the last month"})
    recipient = forms.CharField(
        label="Who is it for?",
        help_text="The authority, and its designated liaison officer. It is recorded",
        max_length=200,
        error_messages={"required": "Enter who it is for"},
    )
    file_format = forms.ChoiceField(
        label="File",
        choices=[(CSV, "CSV, for other programs"), (ODS, "ODS, a spreadsheet")],
        widget=forms.RadioSelect,
        initial=CSV,
        error_messages={"required": "Select a kind of file"},
    )

    def __init__(self, *args: Any, months: list[dt.date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(month_key(month), f"{month:%B %Y}") for month in months]
        for name in ("first", "last"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.helper.attrs["data-again"] = ""  # a file comes back and the page stays, to be asked again

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not ("first" in given and "last" in given):
            return given
        first, last = (dt.date.fromisoformat(f"{given[name]}-01") for name in ("first", "last"))
        if last < first:
            self.add_error("last", "The last month must not be before the first")
        elif (last.year - first.year) * 12 + last.month - first.month >= MOST_MONTHS:
            self.add_error("last", f"Choose {MOST_MONTHS} months or fewer")
        return given | {"first": first, "last": last}
