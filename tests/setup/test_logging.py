import io
import json
import logging

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from csp.celery import drop_request_id, send_request_id, take_request_id
from csp.core.request import current_request_id, set_request_id
from csp.logging import PlainFactsFormatter, config, log_request, without_secrets


@pytest.fixture
def lines():
    """What our logger writes, as the JSON that a log collector reads."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PlainFactsFormatter())
    logger = logging.getLogger("csp.request")
    logger.addHandler(handler)
    logger.setLevel("INFO")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.removeHandler(handler)


@pytest.fixture(autouse=True)
def no_request_id_left():
    yield
    set_request_id("")


def test_request_is_one_line_without_its_query(client, lines):
    client.get("/nowhere/", {"name": "Ann Brown"})

    [line] = lines()
    assert {key: line[key] for key in ("method", "path", "status", "user", "level", "logger")} == {
        "method": "GET",
        "path": "/nowhere/",
        "status": 404,
        "user": None,
        "level": "info",
        "logger": "csp.request",
    }
    assert isinstance(line["ms"], int)
    assert "Ann" not in json.dumps(line)


def test_answer_and_log_carry_the_same_id(client, lines):
    response = client.get("/nowhere/")

    assert [line["request_id"] for line in lines()] == [response["X-Request-ID"]]
    assert current_request_id() == ""


def test_health_is_not_logged_while_all_is_well(client, lines):
    client.get("/healthz")

    assert lines() == []


def test_links_from_emails_are_not_logged():
    assert without_secrets("GET /follow/Zm9vYmFyYmF6cXV4Zm9vYmFy/?a=b") == "GET /follow/…/"
    assert without_secrets("/cases/SV-C-26-000123/") == "/cases/SV-C-26-000123/"


def test_exception_is_its_type_and_place_never_its_words(lines):
    try:
        int("Ann Brown")
    except ValueError:
        logging.getLogger("csp.request").exception("Failed")

    [line] = lines()
    assert line["error"] == "ValueError"
    assert "test_logging.py" in line["where"][-1]
    assert "Ann" not in json.dumps(line)


def test_fields_that_are_not_named_are_not_logged(lines):
    logging.getLogger("csp.request").info("Done", extra={"name_typed": "Ann Brown", "status": 200})

    [line] = lines()
    assert line["status"] == 200
    assert "Ann" not in json.dumps(line)


def test_signed_in_person_is_a_number(lines, rf: RequestFactory):

    request = rf.get("/")
    request._cached_user = type("Someone", (), {"pk": 7})()

    log_request(request, HttpResponse(), 0.0123)

    [line] = lines()
    assert (line["user"], line["ms"]) == (7, 12)


def test_log_is_plain_text_only_while_developing():
    assert config(debug=True)["handlers"]["console"]["formatter"] == "plain"
    assert config()["handlers"]["console"]["formatter"] == "json"


def test_task_carries_on_under_the_id_of_its_request():
    headers: dict[str, str] = {}
    set_request_id("asked")
    send_request_id(headers=headers)
    set_request_id("")
    task = type("Task", (), {"request": type("Request", (), headers)()})()

    take_request_id(task_id="1234", task=task)
    assert current_request_id() == "asked"
    drop_request_id()
    assert current_request_id() == ""


def test_task_that_nobody_asked_for_has_its_own_id():
    take_request_id(task_id="1234", task=type("Task", (), {"request": object()})())

    assert current_request_id() == "1234"
