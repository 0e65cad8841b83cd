from typing import Any

from django import forms

from csp.core.calendar import Period
from performance.forms.measures import PeriodFilter

MOST_HOMES = 1_000_000


class HousingFilter(PeriodFilter):
    """Of which year or quarter, and of how many homes each."""

    homes = forms.IntegerField(
        label="Homes",
        help_text="How many the provider owns, to count cases for every 1,000",
        required=False,
        min_value=1,
        max_value=MOST_HOMES,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    agency = forms.ChoiceField(label="Provider", required=False)

    field_order = ("period", "agency", "homes")

    def __init__(self, data: Any, *, periods: list[Period], providers: list[tuple[str, str]]) -> None:
        super().__init__(data, periods=periods)
        self.fields["agency"].choices = [("", "All"), *providers]  # type: ignore[attr-defined]
        self.full_clean()
