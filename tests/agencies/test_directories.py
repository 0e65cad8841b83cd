"""Sign-in by a directory of a council or police force. The directory itself is not asked: what it said is."""

import pytest
from allauth.core import context
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal.flows.login import complete_login
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse

from csp.agencies.models import User
from csp.audit.models import Event
from tests.factories.agencies import UserFactory

APP = {
    "provider_id": "council",
    "name": "the council",
    "client_id": "casework",
    "secret": "s",
    "settings": {"server_url": "https://login.council.example", "verified_email": ["council.example"]},
}


@pytest.fixture(autouse=True)
def directory(settings):
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [APP]}}


def directory_says(rf, email, uid="1", process="login", user=None):
    """What happens when the council's directory vouches for somebody with that address."""
    request = rf.get("/")
    request.user, request.session = user or AnonymousUser(), SessionStore()
    request._messages = FallbackStorage(request)
    with context.request_context(request):
        provider = get_adapter().get_provider(request, "council")
        assert isinstance(provider, OpenIDConnectProvider)
        login = provider.sociallogin_from_response(request, {"id_token": {"sub": uid, "email": email}})
        login.state = {"process": process}
        return request, complete_login(request, login)


@pytest.mark.django_db
def test_sign_in_page_offers_the_directory_by_post(client):
    page = client.get("/accounts/login/").content.decode()

    assert "Sign in with the council" in page
    assert 'action="/accounts/oidc/council/login/?process=login"' in page


@pytest.mark.django_db
def test_directory_opens_the_account_that_has_its_address(rf):
    user = UserFactory(email="ann@council.example")

    request, response = directory_says(rf, "Ann@Council.example")

    assert (response.status_code, response["Location"]) == (302, "/")
    assert request.user == user
    assert SocialAccount.objects.get().user == user
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["user.directory_linked", "session.started"]


@pytest.mark.django_db
def test_directory_knows_the_account_again_by_its_own_number(rf):
    user = UserFactory(email="ann@council.example")
    directory_says(rf, "ann@council.example")

    request, _ = directory_says(rf, "ann.brown@council.example")

    assert request.user == user


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("email", "account"),
    [
        ("nobody@council.example", {}),
        ("gone@council.example", {"is_active": False}),
        ("officer@police.example", {}),  # not an address this directory may vouch for
    ],
)
def test_directory_makes_no_account_and_opens_no_other(rf, email, account):
    if "nobody" not in email:
        UserFactory(email=email, **account)
    before = User.objects.count()

    request, response = directory_says(rf, email)

    assert response.status_code == 403
    assert "There is no account for you" in response.content.decode()
    assert request.user.is_anonymous
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 0)


@pytest.mark.django_db
def test_disabled_account_that_was_linked_stays_closed(rf):
    user = UserFactory(email="ann@council.example")
    directory_says(rf, "ann@council.example")
    User.objects.filter(pk=user.pk).update(is_active=False)

    request, response = directory_says(rf, "ann@council.example")

    assert response["Location"] == reverse("account_inactive")
    assert request.user.is_anonymous


@pytest.mark.django_db
def test_nobody_links_a_directory_to_an_account_they_are_in(rf):
    _, response = directory_says(rf, "ann@council.example", process="connect", user=UserFactory())

    assert response.status_code == 403
    assert not SocialAccount.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("trusted", "status"), [(["council"], 200), ([], 302)])
def test_second_step_of_a_directory_counts_where_the_settings_say_so(client, settings, trusted, status):
    settings.REQUIRE_SECOND_FACTOR = True
    settings.OIDC_WITH_SECOND_FACTOR = trusted
    user = UserFactory()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "socialaccount", "provider": "council"}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()

    assert client.get("/").status_code == status


@pytest.mark.django_db
def test_pages_of_directories_that_went_wrong_are_drawn(client):
    for name in ("socialaccount_login_cancelled", "socialaccount_login_error"):
        assert "Back to sign in" in client.get(reverse(name)).content.decode()
    assert client.get("/accounts/oidc/council/login/").status_code == 200
    assert client.get("/accounts/oidc/elsewhere/login/").status_code == 404
