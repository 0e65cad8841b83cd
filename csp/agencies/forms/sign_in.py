"""allauth's forms in our look: our labels, our messages, no placeholders."""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms

from csp.core.forms.base import GDSFormMixin


class OurLook(GDSFormMixin):
    """Mixed in before an allauth form. `wording` is the label and hint of each field."""

    wording: ClassVar[dict[str, tuple[str, str]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, hint) in self.wording.items():
            if name in self.fields:
                self.fields[name].label, self.fields[name].help_text = label, hint
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        if "code" in self.fields:
            self.fields["code"].widget.attrs |= {"class": "govuk-input--width-10", "inputmode": "numeric"}


NEW_PASSWORDS = {
    "password1": (
        "New password",
        "At least 12 characters. Three words that do not belong together are good.",
    ),
    "password2": ("The new password again", ""),
}


class SignInForm(OurLook, account.LoginForm):
    submit_text = "Sign in"
    wording: ClassVar = {"login": ("Email address", ""), "password": ("Password", "")}


class ForgottenForm(OurLook, account.ResetPasswordForm):
    submit_text = "Send the link"
    wording: ClassVar = {"email": ("Email address", "")}


class NewPasswordForm(OurLook, account.ResetPasswordKeyForm):
    submit_text = "Save password"
    wording: ClassVar = NEW_PASSWORDS


class FirstPasswordForm(OurLook, account.SetPasswordForm):
    submit_text = "Save password"
    wording: ClassVar = NEW_PASSWORDS


class ChangePasswordForm(OurLook, account.ChangePasswordForm):
    submit_text = "Change password"
    wording: ClassVar = {"oldpassword": ("Current password", ""), **NEW_PASSWORDS}


class PasswordAgainForm(OurLook, account.ReauthenticateForm):
    submit_text = "Carry on"
    wording: ClassVar = {"password": ("Password", "")}


CODE = {"code": ("Code", "6 digits from your authenticator app, or one of your recovery codes")}


class CodeForm(OurLook, mfa.AuthenticateForm):
    submit_text = "Sign in"
    wording: ClassVar = CODE


class CodeAgainForm(OurLook, mfa.ReauthenticateForm):
    submit_text = "Carry on"
    wording: ClassVar = CODE


class AddAppForm(OurLook, totp.ActivateTOTPForm):
    submit_text = "Add the app"
    wording: ClassVar = {"code": ("Code", "The 6 digits your app shows now")}


class RemoveAppForm(OurLook, totp.DeactivateTOTPForm):
    submit_text = "Remove the app"


class KeyNameForm(OurLook, webauthn.EditWebAuthnForm):
    submit_text = "Save"
    wording: ClassVar = {"name": ("Name", "So that you can tell it from others, such as “Work phone”")}


class AddKeyForm(OurLook, webauthn.AddWebAuthnForm):
    """Its button asks the browser for the key, and so is in the template."""

    submit_text = ""
    wording: ClassVar = {
        "name": KeyNameForm.wording["name"],
        "passwordless": ("Sign in with it alone, without my password", ""),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.form_tag = False
        self.fields["credential"].widget = forms.HiddenInput()
