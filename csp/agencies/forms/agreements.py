from typing import Any

from django import forms

from csp.agencies.models import Partner, SharingAgreement
from csp.core.forms import DayField, GDSForm


class AgreementForm(GDSForm):
    submit_text = "Save"

    title = forms.CharField(label="Title", max_length=200)
    signed_on = DayField(label="Signed on", allow_future=False)
    review_on = DayField(
        label="To be reviewed by",
        help_text="From that day on it counts as lapsed until it is reviewed",
        future=True,
    )
    impact_assessment = forms.URLField(
        label="Where its data protection impact assessment is kept",
        help_text="A web address",
        required=False,
        assume_scheme="https",
    )
    covers = forms.CharField(
        label="What does it cover?",
        help_text="What may be shared, and for what",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class SignatureForm(GDSForm):
    submit_text = "Add the signature"

    partner = forms.ModelChoiceField(
        label="Which agency signed?", queryset=Partner.objects.none(), empty_label="Choose an agency"
    )
    signed_by = forms.CharField(label="Who signed for it?", help_text="Name and post", max_length=120)
    signed_on = DayField(label="Signed on", allow_future=False)

    def __init__(self, *args: Any, agreement: SharingAgreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partners = Partner.objects.filter(partnership=agreement.partnership_id).order_by("name")
        self.fields["partner"].queryset = partners  # type: ignore[attr-defined]


class EndAgreementForm(GDSForm):
    submit_text = "End the agreement"

    on = DayField(label="First day it no longer holds")
    reason = forms.CharField(label="Why?", max_length=500, error_messages={"required": "Enter why it ends"})
