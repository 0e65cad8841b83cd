from typing import Any, ClassVar

from django import forms

from csp.agencies.enums import AgencyKind
from csp.agencies.models import Partner, Partnership
from csp.core.forms import DayField, GDSForm, GDSModelForm, NameField, PhoneField

MAILBOX_HINT = "A shared mailbox. What goes there names nobody"


class ContactFields(GDSForm):
    email = forms.EmailField(label="Email address for notices", help_text=MAILBOX_HINT, required=False)
    phone = PhoneField(label="Phone number", required=False)


class ChangePartnerForm(ContactFields):
    submit_text = "Save"
    field_order: tuple[str, ...] = ("name", "email", "phone")

    name = NameField(
        label="What people call it here",
        max_length=80,
        help_text="Short, such as Soha or Community Safety",
        error_messages={"required": "Enter what people call it here"},
    )


class AddPartnerForm(ChangePartnerForm):
    submit_text = "Add the partner"
    field_order = ("agency_name", "kind", "name", "joined_on", "email", "phone")

    agency_name = NameField(
        label="Full name of the agency",
        max_length=160,
        help_text="Such as Thames Valley Police. If other partnerships have it, it is found by its name",
    )
    kind = forms.ChoiceField(label="What kind of agency is it?", choices=[("", ""), *AgencyKind.choices])
    joined_on = DayField(label="Member from")


class LeaveForm(GDSForm):
    submit_text = "Leave the partnership"

    on = DayField(label="First day it is no longer a member", allow_past=False)
    reason = forms.CharField(label="Why?", max_length=500, error_messages={"required": "Say why"})


class PartnershipForm(GDSModelForm):
    submit_text = "Save"

    phone = PhoneField(
        label="Phone number for residents", required=False, help_text="Shown on the pages where they report"
    )
    receiving_partner = forms.ModelChoiceField(
        label="Which team receives reports?",
        help_text="Reports from residents and other agencies reach this partner first",
        queryset=Partner.objects.none(),
        required=False,
        empty_label="Nobody yet",
    )
    survey_url = forms.URLField(
        label="Address of your satisfaction survey",
        help_text="Letters that close a case ask people to answer it. Leave it empty if you have none",
        required=False,
        assume_scheme="https",
    )

    class Meta:
        model = Partnership
        fields: ClassVar[list[str]] = ["name", "phone", "email", "address", "survey_url", "receiving_partner"]
        labels: ClassVar[dict[str, str]] = {
            "name": "Name of the partnership",
            "email": "Email address for residents",
            "address": "Postal address, for letters",
        }
        widgets: ClassVar[dict[str, Any]] = {"address": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Partner.objects.filter(partnership=self.instance, left_on=None)
        self.fields["receiving_partner"].queryset = here.order_by("name")  # type: ignore[attr-defined]
