from typing import Any

from django import forms

from csp.core.calendar import Period
from csp.core.forms import GDSForm
from performance.services.periods import is_month, is_quarter, key_of

QUARTERLY, MONTHLY = "quarter", "month"


class PeriodFilter(GDSForm):
    """Of which year or quarter. What cannot be read is left out, not refused."""

    method = "get"
    submit_text = ""

    period = forms.ChoiceField(label="Period", required=False)

    def __init__(self, data: Any, *, periods: list[Period]) -> None:
        given = data.copy()
        given["period"] = str(given.get("period", "")).replace(" ", "-") or key_of(periods[0])
        super().__init__(given)
        self.fields["period"].choices = [(key_of(each), _words(each)) for each in periods]  # type: ignore[attr-defined]
        self.is_valid()
        chosen = self.cleaned_data.get("period")
        self.span = next((each for each in periods if key_of(each) == chosen), periods[0])

    @property
    def query(self) -> dict[str, str]:
        return {"period": key_of(self.span)}


class DashboardFilter(PeriodFilter):
    by = forms.ChoiceField(
        label="Trends",
        required=False,
        choices=[(QUARTERLY, "By quarter, two years"), (MONTHLY, "By month, one year")],
    )

    @property
    def monthly(self) -> bool:
        return bool(self.cleaned_data.get("by") == MONTHLY)

    @property
    def query(self) -> dict[str, str]:
        return super().query | ({"by": MONTHLY} if self.monthly else {})


def _words(period: Period) -> str:
    if is_month(period) or not is_quarter(period):
        return period.name
    return f"{period.name}, {period.first:%B} to {period.last:%B}"
