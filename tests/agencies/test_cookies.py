import pytest
from django.urls import reverse

from tests.factories.agencies import PASSWORD, UserFactory


@pytest.mark.django_db
def test_page_names_every_cookie_that_signing_in_leaves(client):
    user = UserFactory()
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    client.get("/")
    page = client.get(reverse("cookies")).content.decode()

    assert set(client.cookies) == {"csrftoken", "sessionid", "typist"}
    for name in client.cookies:
        assert f">{name}</th>" in page


@pytest.mark.django_db
def test_cookies_are_for_our_own_site_and_the_session_is_closed_to_scripts(client):
    user = UserFactory()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    client.get("/")

    assert {cookie["samesite"] for cookie in client.cookies.values()} == {"Lax"}
    assert all(client.cookies[name]["httponly"] for name in ("sessionid", "typist"))


@pytest.mark.django_db
def test_cookie_of_the_typist_cannot_be_forged(client):
    client.cookies["typist"] = "1"

    client.post("/account/details/", {"name": "Forged"})

    assert "typed" not in client.session
