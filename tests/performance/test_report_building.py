"""The PDF of a report as a worker makes it, and the commands."""

import datetime as dt
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from pypdf import PdfReader

from csp.agencies.enums import Role
from csp.agencies.models import Partnership
from csp.audit.models import Event
from csp.celery import app as celery_app
from csp.core.calendar import Period
from performance.services import report_building, report_states
from performance.services.report_content import content_of, print_of
from tests.factories.agencies import user_at

NOW = dt.datetime(2022, 5, 3, 9, tzinfo=dt.UTC)
QUARTER = Period.named("2021-22-Q4")


@pytest.fixture
def manager(team):
    return user_at(team, Role.MANAGER)


@pytest.fixture
def draft(team, manager):
    return report_states.begin(partnership=team.partnership, period=QUARTER, by=manager, at=NOW)


def signed(draft, manager):
    report_states.submit(report=draft, by=manager, at=NOW)
    seen = print_of(content_of(draft, NOW))
    return report_states.sign_off(report=draft, seen=seen, by=manager, at=NOW)


def write(team, path, quarter="2021-22-Q4"):
    call_command(
        "quarterly_report", partnership=team.partnership.slug, quarter=quarter, output=str(path),
        stdout=io.StringIO(),
    )  # fmt: skip
    return path.read_bytes()


@pytest.mark.django_db(transaction=True)
def test_a_worker_prints_what_was_signed_off(client, team, tmp_path, monkeypatch):
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)
    manager = user_at(team, Role.MANAGER)
    draft = report_states.begin(partnership=team.partnership, period=QUARTER, by=manager, at=NOW)
    signed(draft, manager)
    draft.refresh_from_db()

    assert draft.file
    assert draft.progress.status == "DONE"
    client.force_login(manager)
    taken = b"".join(client.get(reverse("performance:report_pdf", args=[draft.pk])).streaming_content)
    assert PdfReader(io.BytesIO(taken)).pages
    assert taken == write(team, tmp_path / "q4.pdf")
    assert Event.objects.filter(verb="performance_report.printed").count() == 1
    again = report_building.request_pdf(report=draft, by=manager, at=NOW)
    assert again.progress_id == draft.progress_id


def test_asking_twice_makes_one(draft, manager):
    now = report_building.request_pdf(report=draft, by=manager, at=NOW)
    then = report_building.request_pdf(report=draft, by=manager, at=NOW)

    assert now.progress_id == then.progress_id


def test_the_command_writes_what_was_frozen(team, draft, manager, tmp_path):
    signed(draft, manager)
    first, second = (write(team, tmp_path / f"{n}.pdf") for n in (1, 2))

    assert first == second
    assert json.loads(write(team, tmp_path / "q4.json"))["signed_off"]["by"] == str(manager)


def test_the_command_writes_what_is_not_signed_off_as_it_is_now(team, tmp_path):
    assert json.loads(write(team, tmp_path / "q4.json"))["state"] == "draft"
    assert b"At a glance" not in write(team, tmp_path / "q4.csv")
    assert write(team, tmp_path / "year.ods", "2021-22")[:2] == b"PK"


@pytest.mark.parametrize("quarter", ["2021-22", "2021-22-Q1", "2021-22-Q4"])
def test_the_command_keeps_to_the_years_that_the_partnership_counts(team, tmp_path, quarter):
    Partnership.objects.filter(pk=team.partnership_id).update(year_start=1)

    with pytest.raises(CommandError, match=rf"counts years such as 202\d, not {quarter[:7]}"):
        write(team, tmp_path / "q.json", quarter)
    assert json.loads(write(team, tmp_path / "q.json", "2021-Q4"))["period"]["name"] == "2021 Q4"
    assert json.loads(write(team, tmp_path / "q.json", "2021"))["kind"] == "yearly"


@pytest.mark.parametrize(
    ("quarter", "name", "message"),
    [
        ("soon", "q.pdf", "is not a period"),
        ("2021-Q4", "q.pdf", "counts years such as"),
        ("2021-22-Q4", "q.doc", "is none of"),
    ],
)
def test_the_command_says_what_is_wrong(team, tmp_path, quarter, name, message):
    with pytest.raises(CommandError, match=message):
        write(team, tmp_path / name, quarter)


def test_the_command_wants_a_partnership_that_there_is(team, tmp_path):
    with pytest.raises(CommandError, match="There is no partnership nowhere"):
        call_command(
            "quarterly_report", partnership="nowhere", quarter="2021-22", output=str(tmp_path / "q.pdf")
        )
