from django import forms
from django.http import QueryDict

from cases.services.disclosure_log import Wanted
from csp.agencies.enums import Gateway
from csp.agencies.models import Partner, Partnership
from csp.core.forms import DayField, GDSForm


class DisclosureFilter(GDSForm):
    """Narrows the disclosure log. Whatever makes no sense narrows nothing."""

    method = "get"
    submit_text = ""

    partner = forms.ModelChoiceField(
        label="To which agency", queryset=Partner.objects.none(), required=False, empty_label="All"
    )
    gateway = forms.ChoiceField(label="Law", choices=[("", "All"), *Gateway.choices], required=False)
    since = DayField(label="From", required=False)
    until = DayField(label="To", required=False)

    def __init__(self, data: QueryDict, *, partnership: Partnership) -> None:
        super().__init__(data)
        partners = Partner.objects.filter(partnership=partnership).order_by("name")
        self.fields["partner"].queryset = partners  # type: ignore[attr-defined]

    @property
    def wanted(self) -> Wanted:
        self.is_valid()
        return Wanted(**{name: value for name, value in self.cleaned_data.items() if value})

    def to_record(self) -> dict[str, str]:
        """For the event: ids, codes and days."""
        wanted = self.wanted
        found = {
            "to": str(wanted.partner.pk) if wanted.partner else "",
            "gateway": wanted.gateway,
            "since": wanted.since.isoformat() if wanted.since else "",
            "until": wanted.until.isoformat() if wanted.until else "",
        }
        return {name: value for name, value in found.items() if value}
