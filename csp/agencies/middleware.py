"""What every request passes between knowing who it is and its page: how long a session lasts, what must be
set up first, and the seat the person acts from.
"""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from csp.agencies.enums import CASEWORK_ROLES
from csp.agencies.models import Membership, User
from csp.agencies.services import typed
from csp.agencies.services.sessions import SECOND_FACTORS, SEEN_AT, STARTED_AT
from csp.core.forms.base import PUT_BACK

CHOSEN_PARTNERSHIP = "partnership"
RENEW_AFTER = 60  # seconds: not every click writes the session, so it may be this much younger than it looks
TYPIST = "typist"
BEFORE_SECOND_STEP = {
    "account_logout",
    "account_reauthenticate",
    "agencies:second_step",
    "agencies:stay",
    "mfa_activate_totp",
    "mfa_add_webauthn",
}

GetResponse = Callable[[HttpRequest], HttpResponse]


def start_session(request: HttpRequest, **_signal: Any) -> None:
    """On Django's own signal of a sign-in, whichever way it came about."""
    request.session[STARTED_AT] = request.session[SEEN_AT] = int(time.time())


class SessionLimitMiddleware:
    """Ends a session that was left alone too long, or that has lasted a working day."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self.check(request)
        response = self.get_response(request)
        remember_typist(request, response)
        return response

    def check(self, request: HttpRequest) -> None:
        now, session = int(time.time()), request.session
        idle = now - session.get(SEEN_AT, now)
        if idle > settings.SESSION_IDLE_MINUTES * 60 + RENEW_AFTER:
            self.end(request, f"nothing happened here for {settings.SESSION_IDLE_MINUTES} minutes")
        elif now - session.get(STARTED_AT, now) > settings.SESSION_HOURS * 3600:
            self.end(request, f"a session lasts {settings.SESSION_HOURS} hours at most")
        elif SEEN_AT not in session or STARTED_AT not in session:
            session.setdefault(STARTED_AT, now)
            session[SEEN_AT] = now
        elif idle >= RENEW_AFTER and "X-Background" not in request.headers:
            session[SEEN_AT] = now

    def end(self, request: HttpRequest, why: str) -> None:
        logout(request)
        messages.info(request, f"You were signed out because {why}. Sign in to carry on.")


def remember_typist(request: HttpRequest, response: HttpResponse) -> None:
    """A signed cookie outlives the session, to know whose words come after it. It opens nothing."""
    user = request.user
    if user.is_authenticated and typist(request) != user.pk:
        response.set_signed_cookie(
            TYPIST,
            str(user.pk),
            salt=TYPIST,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )


def typist(request: HttpRequest) -> int | None:
    try:
        return int(request.get_signed_cookie(TYPIST, salt=TYPIST) or "")
    except (KeyError, ValueError, signing.BadSignature):
        return None


class KeepTypedMiddleware:
    """A form sent after the session ended: its words are put aside, and the person signs in again."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_arguments: Any) -> HttpResponse | None:
        """Comes after the check of the page's token, so that only forms of ours are kept."""
        private = getattr(view, "login_required", True)
        if request.method != "POST" or not private:
            return None
        if request.user.is_authenticated:
            if typed.SESSION_KEY in request.session and PUT_BACK in request.POST:
                typed.forget(request.session, request.POST[PUT_BACK])
            return None
        if "X-Requested-With" in request.headers:  # a script asks, and knows what to do with "signed out"
            return None
        if (user := typist(request)) is not None:
            fields = [(name, value) for name, values in request.POST.lists() for value in values]
            typed.keep(request.session, user=user, path=request.path, fields=fields, at=timezone.now())
        query = urlencode({"next": page_of_form(request)})
        return HttpResponseRedirect(f"{reverse(settings.LOGIN_URL)}?{query}")


def page_of_form(request: HttpRequest) -> str:
    """Where the form was: its own address may take nothing but what it sends."""
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return "/"
    parts = urlsplit(came_from)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


class SecondFactorMiddleware:
    """Where a second step is required, nobody gets further than setting one up."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_arguments: Any) -> HttpResponse | None:
        if not settings.REQUIRE_SECOND_FACTOR or not request.user.is_authenticated:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if (
            name in BEFORE_SECOND_STEP
            or not getattr(view, "login_required", True)
            or has_second_step(request)
        ):
            return None
        return redirect("agencies:second_step")


def has_second_step(request: HttpRequest) -> bool:
    """An authenticator app, a passkey or key, or a directory that asks for a second step itself."""
    user = request.user
    for step in get_authentication_records(request, user):
        if step.get("provider") in settings.OIDC_WITH_SECOND_FACTOR:
            return True
    return Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_FACTORS).exists()


def seat_of(user: User, partnership_id: int | None) -> Membership | None:
    """The membership the user acts from: in the partnership they chose, else their first; casework first."""
    seats = [seat for seat in user.seats if seat.partner.partnership_id == partnership_id] or user.seats
    here = [seat for seat in seats if seat.partner.partnership_id == seats[0].partner.partnership_id]
    return next((seat for seat in here if seat.role in CASEWORK_ROLES), here[0] if here else None)


class SeatMiddleware:
    """Sets `request.seat`, `request.partner` and `request.partnership`: None for who has no seat."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        seat = seat_of(user, request.session.get(CHOSEN_PARTNERSHIP)) if isinstance(user, User) else None
        request.seat = seat  # type: ignore[attr-defined]
        request.partner = seat.partner if seat else None  # type: ignore[attr-defined]
        request.partnership = seat.partner.partnership if seat else None  # type: ignore[attr-defined]
        return self.get_response(request)
