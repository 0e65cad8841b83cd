"""What we ask of django-allauth beyond its settings: no sign-up, no guessing, events, and mail by Celery."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from csp.agencies import tasks
from csp.agencies.models import User
from csp.agencies.services.sealed import seal, unseal
from csp.agencies.services.sessions import SECOND_FACTORS, STARTED_AT
from csp.audit.services import record

FRESH = 5 * 60  # seconds after signing in, during which nobody is asked for their password again
LOCKED_FOR = 15 * 60  # as in ACCOUNT_RATE_LIMITS


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account is disabled. Ask who looks after accounts at your agency",
        "email_password_mismatch": "Check your email address and password: they do not match an account",
        "enter_current_password": "Your current password is not right",
        "incorrect_code": "That code is not right. Use the newest one your app shows, or a recovery code",
        "incorrect_password": "Your password is not right",
        "too_many_login_attempts": (
            "You have tried too often. Wait 15 minutes, or set a new password, and try again"
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Says the same whether there is such an account or not."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            self.locked_out(credentials.get("email", ""))
            raise

    def locked_out(self, email: str) -> None:
        user = User.objects.filter(email__iexact=email).first()
        if user and cache.add(f"locked:{user.pk}", 1, LOCKED_FOR):
            record("session.locked_out", target=user)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        user = User.objects.filter(email__iexact=credentials.get("email", "")).first()
        if user:
            record("session.refused", target=user, step="password")

    def reauthenticate(self, user: User, password: str) -> bool:
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        signed_in = self.request.session.get(STARTED_AT, 0)
        return time.time() - signed_in > FRESH and super().is_reauthentication_required(app=app, **kwargs)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        record("session.started", by=user, target=user)
        return super().post_login(request, user, **kwargs)

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            record("session.ended", by=request.user, target=request.user)
        super().logout(request)

    @transaction.atomic
    def set_password(self, user: User, password: str) -> None:
        """Django ends the other sessions, because their mark is made from the password."""
        super().set_password(user, password)
        record("user.password_changed", by=user, target=user)
        self._delete_login_attempts_cached_email(self.request, email=user.email)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("agencies:account")

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """By Celery, so that the answer takes as long for an address without an account."""
        tasks.send_password_reset.delay_on_commit(user_id=user.pk)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: Any = None, email: str | None = None
    ) -> None:
        tasks.tell_sign_in_changed.delay_on_commit(user_id=user.pk, what=template_prefix.rpartition("/")[2])


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "You need a second step to sign in. Add another before you remove it",
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text) or ""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user, type__in=SECOND_FACTORS)
        return not settings.REQUIRE_SECOND_FACTOR or others.exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002 -- as allauth calls it
        others = Authenticator.objects.filter(user=user, type=type).count()
        return f"Key {others + 1}" if others else "My key"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.MFA_TOTP_ISSUER}


class DirectoryAdapter(DefaultSocialAccountAdapter):
    """Sign-in by a council's or police force's own directory (OpenID Connect)."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Only into an account that is there already, by an address of the directory's own domains."""
        if sociallogin.state.get("process") == "connect":
            raise ImmediateHttpResponse(self.no_account(request))
        if sociallogin.is_existing:
            return
        user = self.account_of(sociallogin)
        if user is None:
            raise ImmediateHttpResponse(self.no_account(request))
        with transaction.atomic():
            sociallogin.connect(request, user)
            record("user.directory_linked", by=user, target=user, directory=sociallogin.account.provider)

    def account_of(self, sociallogin: Any) -> User | None:
        for address in sociallogin.email_addresses:
            own = self.is_email_verified(sociallogin.provider, address.email)  # one of its domains
            user = User.objects.filter(email__iexact=address.email, is_active=True).first()
            if own and user:
                return user
        return None

    def no_account(self, request: HttpRequest) -> HttpResponse:
        return render(request, "socialaccount/no_account.html", status=403)


def second_step_added(instance: Authenticator, created: bool, **_signal: Any) -> None:
    """On the model's own signal, because allauth's comes after the transaction."""
    if created:
        record("user.second_step_added", by=instance.user, target=instance.user, step=instance.type)


def second_step_removed(user: User, authenticator: Authenticator, **_signal: Any) -> None:
    record("user.second_step_removed", by=user, target=user, step=authenticator.type)


def second_step_refused(user: User, authenticator: Authenticator, **_signal: Any) -> None:
    record("session.refused", target=user, step=authenticator.type)
