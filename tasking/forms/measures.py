from typing import Any

from django import forms

from csp.core.calendar import Period
from csp.core.forms import GDSForm
from tasking.enums import SeriesKind

QUARTERS = (1, 2, 3, 4)


class MeasuresFilter(GDSForm):
    """Of which period and which meetings. What cannot be read is left out, not refused."""

    method = "get"
    submit_text = ""

    period = forms.ChoiceField(label="Period", required=False)
    kind = forms.ChoiceField(label="Meetings", required=False, choices=[("", "All"), *SeriesKind.choices])

    def __init__(self, data: Any, *, years: list[Period]) -> None:
        given = data.copy()
        given.setdefault("period", years[0].name)
        super().__init__(given)
        choices = [(name, words) for year in years for name, words in _choices(year)]
        self.fields["period"].choices = choices  # type: ignore[attr-defined]
        self.is_valid()
        self.span = Period.named(self.cleaned_data.get("period") or years[0].name)
        self.meetings: str = self.cleaned_data.get("kind") or ""

    @property
    def only(self) -> dict[str, str]:
        return {"kind": self.meetings} if self.meetings else {}

    @property
    def query(self) -> dict[str, str]:
        return {"period": key_of(self.span), **self.only}


def key_of(period: Period) -> str:
    """As an address says it: `2021-22-Q4`."""
    return period.name.replace(" ", "-")


def _choices(year: Period) -> list[tuple[str, str]]:
    quarters = [Period.named(f"{year.name}-Q{number}") for number in QUARTERS]
    months = [(key_of(each), f"{each.name}, {each.first:%B} to {each.last:%B}") for each in quarters]
    return [(year.name, year.name), *months]
