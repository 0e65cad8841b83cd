import datetime as dt

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from csp.agencies.enums import Role
from csp.agencies.services import accounts
from tests.factories.agencies import PASSWORD, PartnerFactory, UserFactory, user_at

NINE = dt.datetime(2026, 3, 4, 9, tzinfo=dt.UTC)
LOGIN = "/accounts/login/"
DETAILS = "/account/details/"


def signed_in(user, **extra):
    client = Client(**extra)
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    return client


@pytest.fixture
def clock():
    with time_machine.travel(NINE, tick=False) as traveller:
        yield traveller


@pytest.mark.django_db
def test_session_left_alone_ends_and_says_why(clock):
    client = signed_in(UserFactory())
    clock.shift(32 * 60)

    response = client.get("/", follow=True)

    assert response.redirect_chain == [("/accounts/login/?next=/", 302)]
    assert "nothing happened here for 30 minutes" in response.content.decode()


@pytest.mark.django_db
def test_session_in_use_goes_on_until_its_last_hour(clock):
    client = signed_in(UserFactory())
    for _ in range(36):
        clock.shift(20 * 60)
        assert client.get("/").status_code == 200

    clock.shift(60)

    assert "12 hours at most" in client.get("/", follow=True).content.decode()


@pytest.mark.django_db
def test_what_nobody_asked_for_keeps_no_session_alive(clock):
    client = signed_in(UserFactory())
    for _ in range(3):
        clock.shift(14 * 60)
        client.get("/", headers={"X-Background": "true"})

    assert client.get("/").status_code == 302


@pytest.mark.django_db
def test_staying_renews_the_session(clock):
    client = signed_in(UserFactory())
    clock.shift(25 * 60)
    assert client.post(reverse("agencies:stay")).status_code == 204
    clock.shift(25 * 60)

    assert client.get("/").status_code == 200


@pytest.mark.django_db
def test_session_without_a_time_starts_its_time_now(client, clock):
    client.force_login(UserFactory())
    session = client.session
    del session["seen_at"], session["started_at"]
    session.save()
    client.get("/")
    clock.shift(32 * 60)

    assert client.get("/").status_code == 302


@pytest.mark.django_db
def test_disabling_ends_the_session_at_once_and_enabling_does_not_bring_it_back():
    partner = PartnerFactory()
    lead, user = user_at(partner, Role.AGENCY_LEAD), user_at(partner)
    client = signed_in(user)

    accounts.disable(user=user, reason="Left", by=lead)
    assert client.get("/").status_code == 302
    accounts.enable(user=user, reason="Came back", by=lead)

    assert client.get("/").status_code == 302


@pytest.mark.django_db
def test_sign_out_elsewhere_leaves_this_session(client):
    user = UserFactory()
    here, elsewhere = signed_in(user), signed_in(user)

    response = here.post(reverse("agencies:sign_out_elsewhere"), follow=True)

    assert "You are signed out everywhere but here" in response.content.decode()
    assert (here.get("/").status_code, elsewhere.get("/").status_code) == (200, 302)


def send_late(client, clock, **extra):
    """Fill in the form, be away too long, and send it."""
    client.get(DETAILS)
    clock.shift(32 * 60)
    typed = {"name": "Ann O'Neill", "phone": "", "password": "secret", "submit": "Save"}
    return client.post(DETAILS, typed, headers={"Referer": f"http://testserver{DETAILS}"}, **extra)


@pytest.mark.django_db
def test_form_sent_too_late_is_offered_back_to_who_typed_it(clock):
    user = UserFactory(name="Ann")
    client = signed_in(user)

    response = send_late(client, clock)
    assert response["Location"] == "/accounts/login/?next=%2Faccount%2Fdetails%2F"
    back = client.post(response["Location"], {"login": user.email, "password": PASSWORD}, follow=True)
    assert "See it and send it again" in back.content.decode()
    page = client.get(reverse("agencies:kept"))

    (kept,) = page.context["kept"]
    assert (kept.path, kept.fields) == (DETAILS, [["name", "Ann O'Neill"], ["phone", ""]])
    form = client.post(kept.path, {"put_back": kept.token, **dict(kept.fields)})
    assert "You were signed out before this was sent" in form.content.decode()
    assert form.context["form"]["name"].value() == "Ann O'Neill"
    user.refresh_from_db()
    assert user.name == "Ann"
    assert client.get(reverse("agencies:kept")).context["kept"] == []
    client.post(kept.path, dict(kept.fields))
    user.refresh_from_db()
    assert user.name == "Ann O'Neill"


@pytest.mark.django_db
def test_form_sent_too_late_is_never_shown_to_somebody_else(clock):
    client = signed_in(UserFactory())
    other = UserFactory()

    send_late(client, clock)
    back = client.post(LOGIN, {"login": other.email, "password": PASSWORD}, follow=True)

    assert "See it and send it again" not in back.content.decode()
    assert client.get(reverse("agencies:kept")).context["kept"] == []


@pytest.mark.django_db
def test_form_sent_too_late_is_kept_sealed_and_for_an_hour(clock):
    user = UserFactory()
    client = signed_in(user)
    send_late(client, clock)
    (_, token) = client.session["typed"][0]

    assert "Neill" not in cache.get(f"typed:{token}")
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert len(client.get(reverse("agencies:kept")).context["kept"]) == 1
    clock.shift(29 * 60)
    client.get("/")
    clock.shift(29 * 60)
    client.get("/")
    clock.shift(3 * 60)
    assert client.get(reverse("agencies:kept")).context["kept"] == []


@pytest.mark.django_db
def test_kept_form_can_be_thrown_away(clock):
    user = UserFactory()
    client = signed_in(user)
    send_late(client, clock)
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    (kept,) = client.get(reverse("agencies:kept")).context["kept"]

    response = client.post(reverse("agencies:throw_away"), {"token": kept.token}, follow=True)

    assert response.context["kept"] == []
    assert client.post(reverse("agencies:throw_away"), {"token": kept.token}).status_code == 404


@pytest.mark.django_db
def test_script_or_stranger_or_empty_form_sent_without_a_session_keeps_nothing(client, clock):
    user = UserFactory()
    was_here = signed_in(user)
    clock.shift(32 * 60)

    client.post(DETAILS, {"name": "Stranger"})
    was_here.post(DETAILS, {"name": "Autosaved"}, headers={"X-Requested-With": "fetch"})
    was_here.post(DETAILS, {"submit": "Save", "name": " "})

    assert "typed" not in client.session
    assert "typed" not in was_here.session


@pytest.mark.django_db
def test_sign_in_after_a_late_form_never_leads_to_another_site(clock):
    client = signed_in(UserFactory())
    clock.shift(32 * 60)

    response = client.post(DETAILS, {"name": "A"}, headers={"Referer": "https://elsewhere.example/"})

    assert response["Location"] == "/accounts/login/?next=%2F"


@pytest.mark.django_db
def test_forged_token_of_a_late_form_is_refused_and_keeps_nothing(clock):
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())
    client.get(DETAILS)
    clock.shift(32 * 60)

    response = client.post(DETAILS, {"name": "Forged", "csrfmiddlewaretoken": "x"})

    assert response.status_code == 403
    assert "typed" not in client.session
