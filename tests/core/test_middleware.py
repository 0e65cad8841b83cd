import pytest

from csp.core.middleware import content_policy
from tests.factories.agencies import UserFactory

PAGES = ["/accounts/login/", "/healthz", "/nowhere/", "/accessibility/"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_policy(client, path):
    headers = client.get(path).headers

    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert (policy["frame-ancestors"], policy["base-uri"], policy["object-src"]) == ("'none'",) * 3
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.django_db
def test_signed_in_pages_are_stored_nowhere(client):
    assert "no-store" not in client.get("/accessibility/").headers.get("Cache-Control", "")
    client.force_login(UserFactory())

    for path in ("/", "/accessibility/", "/nowhere/"):
        assert client.get(path).headers["Cache-Control"] == "no-store, private"


def test_policy_names_the_map_and_the_directories_and_nobody_else(settings):
    settings.CSP_TILE_ORIGINS = ["https://tiles.example"]
    settings.CSP_DIRECTORY_ORIGINS = ["https://login.example"]

    assert "img-src 'self' data: https://tiles.example;" in content_policy()
    assert "form-action 'self' https://login.example;" in content_policy()


@pytest.mark.django_db
def test_request_id_is_our_own_and_new_each_time(client):
    ids = [
        client.get("/healthz", headers={"X-Request-Id": "theirs"}).headers["X-Request-ID"] for _ in range(2)
    ]

    assert "theirs" not in ids
    assert len(set(ids)) == 2


@pytest.mark.django_db
def test_https_is_demanded_for_a_year_where_it_is_on(client, settings):
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True

    headers = client.get("/healthz", secure=True).headers

    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
