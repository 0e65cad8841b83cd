from collections.abc import Iterable
from typing import Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import Field, Size
from django import forms
from django.db.models import QuerySet

from csp.agencies.enums import Role
from csp.agencies.models import Partner
from csp.core.forms import GDSForm, NameField

ROLE_HINTS = {
    Role.OFFICER: "Logs and triages reports, and runs cases, for the community safety team",
    Role.MANAGER: "As an officer, and approves, and looks after the team's accounts",
    Role.PRACTITIONER: "Sees what is shared with their agency, refers, and answers actions",
    Role.AGENCY_LEAD: "As a practitioner, and looks after their agency's accounts",
    Role.PROVIDER: "Files returns for their own grants, and sees nothing else",
    Role.BOARD: "Reads published performance. No casework",
    Role.AUDITOR: "Reads who saw, changed and disclosed what",
    Role.ADMINISTRATOR: "Accounts, partners, areas and rules. No casework",
}


class RoleChoiceField(forms.TypedChoiceField):
    widget = forms.RadioSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=Role, error_messages={"required": "Select what they do"}, **kwargs)

    def offer(self, roles: Iterable[Role]) -> None:
        offered = [role for role in Role if role in set(roles)]
        self.choices = [Choice(role.value, role.label, hint=ROLE_HINTS[role]) for role in offered]


class SeatForm(GDSForm):
    """A role at one of the partners that the person at the screen looks after."""

    submit_text = "Give the role"
    layout = [Field.select("partner"), Field.radios("role", legend_size=Size.SMALL)]

    partner = forms.ModelChoiceField(
        label="Where do they work?",
        queryset=Partner.objects.none(),
        empty_label="Choose a partner",
        error_messages={"required": "Select where they work"},
    )
    role = RoleChoiceField(label="What do they do there?")

    def __init__(self, *args: Any, partners: QuerySet[Partner], roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = partners  # type: ignore[attr-defined]
        self.fields["role"].offer(roles)  # type: ignore[attr-defined]
        if len(partners) == 1:
            self.fields["partner"].initial = partners[0]


class InviteForm(SeatForm):
    submit_text = "Send the invitation"
    layout = [
        Field.text("name"),
        Field.text("email"),
        Field.select("partner"),
        Field.radios("role", legend_size=Size.SMALL),
    ]

    name = NameField(label="Their name", max_length=120)
    email = forms.EmailField(
        label="Their work email address", help_text="The invitation goes there, and they sign in with it"
    )


class ChangeRoleForm(GDSForm):
    submit_text = "Change the role"
    layout = [Field.radios("role", legend_size=Size.SMALL)]

    role = RoleChoiceField(label="What do they do from now on?")

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].offer(roles)  # type: ignore[attr-defined]


class ReasonForm(GDSForm):
    reason = forms.CharField(
        label="Why?",
        help_text="The auditor reads this",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={"required": "Say why"},
    )

    def __init__(self, *args: Any, submit_text: str, **kwargs: Any) -> None:
        self.submit_text = submit_text
        super().__init__(*args, **kwargs)
