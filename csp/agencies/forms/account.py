from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from csp.agencies.models import User
from csp.core.forms import GDSForm, NameField, PhoneField


class DetailsForm(GDSForm):
    submit_text = "Save"

    name = NameField(label="Your name", max_length=120, help_text="As colleagues at other agencies know you")
    phone = PhoneField(label="Work phone number", required=False)


class FirstPasswordForm(GDSForm):
    submit_text = "Save password"

    password = forms.CharField(
        label="Password",
        help_text="At least 12 characters, such as three words chosen at random",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        error_messages={"required": "Choose a password"},
    )
    again = forms.CharField(
        label="The password again",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        error_messages={"required": "Enter the password again"},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "password" in data and "again" in data and data["password"] != data["again"]:
            self.add_error("again", "The two passwords are not the same. Enter them again")
        return data
