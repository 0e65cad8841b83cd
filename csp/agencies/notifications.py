"""E-mails about accounts. They hold a name at most, never casework; links are to our own address alone."""

from typing import Any

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from csp.agencies.models import Membership, User, invitation_token
from csp.agencies.models.invitations import HOLDS_FOR

SIGN_IN_CHANGES = {
    "password_changed": "your password was changed",
    "password_reset": "your password was changed",
    "password_set": "a password was set",
    "totp_activated": "an authenticator app was added",
    "totp_deactivated": "the authenticator app was removed",
    "webauthn_added": "a passkey or security key was added",
    "webauthn_removed": "a passkey or security key was removed",
    "recovery_codes_generated": "new recovery codes were made",
    "factors_reset": "your second steps were removed by the person who looks after your account",
}


def link(name: str, **kwargs: Any) -> str:
    """From our own setting, never from what a browser says our address is."""
    return settings.PUBLIC_URL + reverse(name, kwargs=kwargs)


def _send(to: User, subject: str, template: str, **context: Any) -> None:
    body = render_to_string(f"email/agencies/{template}.txt", {"person": to, **context})
    send_mail(subject, body.strip() + "\n", settings.DEFAULT_FROM_EMAIL, [to.email])


def invitation(user: User) -> None:
    url = link("agencies:invitation", token=invitation_token(user))
    _send(user, "You are invited to CSP Casework", "invitation", url=url, days=HOLDS_FOR.days)


def role_added(membership: Membership) -> None:
    _send(
        membership.user,
        "You have a new role in CSP Casework",
        "role_added",
        membership=membership,
        url=link("home"),
    )


def password_reset(user: User) -> None:
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    url = link("account_reset_password_from_key", uidb36=user_pk_to_url_str(user), key=key)
    _send(user, "Set a new password for CSP Casework", "password_reset", url=url)


def sign_in_changed(user: User, what: str) -> None:
    words = SIGN_IN_CHANGES.get(what)
    if words:
        _send(user, "Your CSP Casework sign-in has changed", "sign_in_changed", words=words, url=link("home"))
