import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from csp.agencies import adapters
from csp.audit.models import Event
from tests.factories.agencies import PASSWORD, UserFactory

LOGIN = "/accounts/login/"
SECRET = "JBSWY3DPEHPK3PXP"


def code(secret=SECRET):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def with_app(user):
    TOTP.activate(user, SECRET)
    return user


def sign_in(user):
    client = Client()
    response = client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    return client, response


@pytest.fixture
def required(settings):
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.mark.django_db
@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("path", ["/", "/account/", "/account/details/", "/accounts/2fa/", "/nowhere/"])
def test_without_a_second_step_every_page_leads_to_setting_one_up(path):
    client, _ = sign_in(UserFactory())

    expected = 404 if path == "/nowhere/" else 302
    response = client.get(path)

    assert response.status_code == expected
    assert expected == 404 or response["Location"] == reverse("agencies:second_step")


@pytest.mark.django_db
@pytest.mark.usefixtures("required")
def test_second_step_is_set_up_and_then_everything_opens():
    user = UserFactory()
    client, _ = sign_in(user)
    page = client.get(reverse("mfa_activate_totp"))

    done = client.post(reverse("mfa_activate_totp"), {"code": code(page.context["form"].secret)})

    assert done["Location"] == reverse("mfa_view_recovery_codes")
    assert "Each works once" in client.get(done["Location"]).content.decode()
    assert client.get("/").status_code == 200
    added = Event.objects.filter(verb="user.second_step_added", actor=user)
    assert set(added.values_list("detail__step", flat=True)) == {"totp", "recovery_codes"}


@pytest.mark.django_db
@pytest.mark.usefixtures("required")
def test_last_second_step_cannot_be_removed_while_one_is_required():
    user = with_app(UserFactory())
    client, _ = sign_in(user)
    client.post(reverse("mfa_authenticate"), {"code": code()})

    response = client.post(reverse("mfa_deactivate_totp"))

    assert "You need a second step to sign in" in response.content.decode()
    assert Authenticator.objects.filter(user=user).exists()


@pytest.mark.django_db
def test_second_step_can_be_removed_where_none_is_required():
    user = with_app(UserFactory())
    client, _ = sign_in(user)
    client.post(reverse("mfa_authenticate"), {"code": code()})

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.filter(user=user).exists()
    assert Event.objects.filter(verb="user.second_step_removed", target_id=user.pk).exists()


@pytest.mark.django_db
def test_password_alone_is_not_enough_with_a_second_step():
    user = with_app(UserFactory())

    client, response = sign_in(user)

    assert response["Location"] == reverse("mfa_authenticate")
    assert client.get("/").status_code == 302
    refused = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "That code is not right" in refused.content.decode()
    assert client.post(reverse("mfa_authenticate"), {"code": code()})["Location"] == "/"
    assert client.get("/").status_code == 200
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == [
        "user.second_step_added",
        "session.refused",
        "session.started",
    ]


@pytest.mark.django_db
def test_recovery_code_works_once():
    user = with_app(UserFactory())
    recovery = RecoveryCodes.activate(user).get_unused_codes()[0]

    client, _ = sign_in(user)
    assert client.post(reverse("mfa_authenticate"), {"code": recovery})["Location"] == "/"
    client, _ = sign_in(user)

    assert "That code is not right" in (
        client.post(reverse("mfa_authenticate"), {"code": recovery}).content.decode()
    )


@pytest.mark.django_db
def test_secret_of_the_app_is_sealed_in_the_database():
    user = with_app(UserFactory())

    assert SECRET not in str(Authenticator.objects.get(user=user).data)


@pytest.mark.django_db
def test_codes_are_limited():
    user = with_app(UserFactory())
    client, _ = sign_in(user)
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert "You have tried too often" in (
        client.post(reverse("mfa_authenticate"), {"code": code()}).content.decode()
    )


@pytest.mark.django_db
def test_old_session_confirms_who_it_is_before_second_steps_change(monkeypatch):
    monkeypatch.setattr(adapters, "FRESH", 300)
    user = UserFactory()
    client, _ = sign_in(user)
    session = client.session
    session["started_at"] -= 600
    session.save()

    response = client.get(reverse("mfa_activate_totp"))

    assert response["Location"].startswith(reverse("account_reauthenticate"))
    wrong = client.post(response["Location"], {"password": "wrong"})
    assert "Your password is not right" in wrong.content.decode()
    right = client.post(response["Location"], {"password": PASSWORD})
    assert right["Location"] == reverse("mfa_activate_totp")
    assert client.get(right["Location"]).status_code == 200


@pytest.mark.django_db
def test_every_page_of_second_steps_is_drawn():
    user = with_app(UserFactory())
    RecoveryCodes.activate(user)
    client, _ = sign_in(user)
    client.post(reverse("mfa_authenticate"), {"code": code()})

    for name in (
        "mfa_index",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_reauthenticate",
        "account_change_password",
        "account_reauthenticate",
        "account_logout",
    ):
        assert client.get(reverse(name)).status_code == 200, name
