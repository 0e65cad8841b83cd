import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from csp.agencies.enums import Role
from csp.audit.models import Event
from tests.factories.agencies import PASSWORD, PartnerFactory, UserFactory, user_at

LOGIN = "/accounts/login/"
WRONG = "Check your email address and password: they do not match an account"
LOCKED = "You have tried too often"


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def verbs():
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


@pytest.mark.django_db
def test_sign_in_leads_home_and_is_recorded(client):
    user = user_at(PartnerFactory(), Role.OFFICER)

    response = sign_in(client, user.email.upper())

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/").status_code == 200
    event = Event.objects.get()
    assert (event.verb, event.actor, event.target_id) == ("session.started", user, user.pk)


@pytest.mark.django_db
def test_sign_in_page_offers_no_sign_up(client):
    assert client.get("/accounts/signup/").status_code == 404
    assert "no sign-up" in client.get(LOGIN).content.decode()


@pytest.mark.django_db
def test_wrong_password_and_unknown_address_read_the_same(client):
    user = UserFactory()

    known = sign_in(client, user.email, "wrong")
    unknown = sign_in(client, "nobody@demo.example", "wrong")

    assert WRONG in known.content.decode()
    assert known.content.decode().count(WRONG) == unknown.content.decode().count(WRONG)
    assert verbs() == ["session.refused"]


@pytest.mark.django_db
def test_account_is_locked_after_five_failures_and_that_is_recorded_once(client):
    user = UserFactory()
    for _ in range(5):
        sign_in(client, user.email, "wrong")

    locked = [sign_in(client, user.email) for _ in range(2)]

    assert all(LOCKED in each.content.decode() for each in locked)
    assert verbs() == ["session.refused"] * 5 + ["session.locked_out"]


@pytest.mark.django_db
def test_lock_of_an_unknown_address_reads_the_same(client):
    for _ in range(5):
        sign_in(client, "nobody@demo.example", "wrong")

    assert LOCKED in sign_in(client, "nobody@demo.example", "wrong").content.decode()


@pytest.mark.django_db
def test_disabled_account_does_not_sign_in(client):
    user = UserFactory(is_active=False)

    response = sign_in(client, user.email)

    assert response["Location"] == reverse("account_inactive")
    assert client.get("/").status_code == 302


@pytest.mark.django_db
def test_session_key_changes_on_sign_in(client):
    client.get(LOGIN)
    client.session.save()
    before = client.session.session_key
    user = UserFactory()

    sign_in(client, user.email)

    assert client.session.session_key != before


@pytest.mark.django_db
def test_sign_out_is_by_post_and_recorded(client):
    user = UserFactory()
    sign_in(client, user.email)

    assert "Sign out" in client.get("/accounts/logout/").content.decode()
    assert client.get("/").status_code == 200
    client.post("/accounts/logout/")

    assert client.get("/").status_code == 302
    assert verbs()[-1] == "session.ended"


@pytest.mark.django_db
@pytest.mark.usefixtures("eager")
def test_forgotten_password_sends_a_link_that_works_once(
    client, django_capture_on_commit_callbacks, settings
):
    user = UserFactory()

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/accounts/password/reset/", {"email": user.email})

    assert response["Location"] == reverse("account_reset_password_done")
    link = next(word for word in mail.outbox[0].body.split() if word.startswith(settings.PUBLIC_URL))
    path = link.removeprefix(settings.PUBLIC_URL)
    form = client.get(path, follow=True)
    new = {"password1": "three-random-words", "password2": "three-random-words"}
    client.post(form.request["PATH_INFO"], new)
    user.refresh_from_db()
    assert user.check_password("three-random-words")
    assert "no longer works" in client.get(path, follow=True).content.decode()


@pytest.mark.django_db
def test_forgotten_password_of_an_unknown_address_reads_the_same_and_sends_nothing(
    client, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/accounts/password/reset/", {"email": "nobody@demo.example"})

    assert response["Location"] == reverse("account_reset_password_done")
    assert not mail.outbox


@pytest.mark.django_db
def test_new_password_ends_every_other_session(client):
    user = UserFactory()
    elsewhere = Client()
    for each in (client, elsewhere):
        sign_in(each, user.email)

    new = {"oldpassword": PASSWORD, "password1": "three-random-words", "password2": "three-random-words"}
    response = client.post("/accounts/password/change/", new)

    assert response["Location"] == reverse("agencies:account")
    assert (client.get("/").status_code, elsewhere.get("/").status_code) == (200, 302)
    assert "user.password_changed" in verbs()
