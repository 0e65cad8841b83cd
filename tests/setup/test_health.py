import pytest
from django.db import connection
from django.test import override_settings
from django.urls import path

from csp import views
from csp.celery import app as celery_app


def breaks(request):
    raise ZeroDivisionError


urlpatterns = [path("breaks/", breaks), path("healthz", views.healthz), path("readyz", views.readyz)]
handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler500 = views.server_error


def test_healthz_asks_nothing_of_the_database(client):
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_names_each_part_that_is_ready(client):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"database": "ok", "broker": "ok", "migrations": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_says_that_the_broker_is_away_and_no_more(client, monkeypatch, settings):
    monkeypatch.setattr(celery_app.conf, "broker_write_url", "redis+socket:///nowhere/secret.sock")

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"database": "ok", "broker": "not ready", "migrations": "ok"}


@pytest.mark.django_db
def test_readyz_waits_for_migrations(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")

    response = client.get("/readyz")

    assert response.json()["migrations"] == "not ready"
    assert response.status_code == 503


def test_readyz_says_that_the_database_is_away(client):
    response = client.get("/readyz")  # this test may not use the database

    assert response.json()["database"] == "not ready"


@pytest.mark.django_db
def test_missing_page_has_the_look_and_the_reference(client):
    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert "govuk-heading-l" in response.text
    assert response["X-Request-ID"] in response.text


@override_settings(ROOT_URLCONF="tests.setup.test_health")
def test_broken_page_has_the_look_and_the_reference_without_the_database(client):
    client.raise_request_exception = False

    response = client.get("/breaks/")

    assert response.status_code == 500
    assert "govuk-heading-l" in response.text
    assert response["X-Request-ID"] in response.text


@pytest.mark.django_db
def test_health_is_for_reading_only(client):
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405
