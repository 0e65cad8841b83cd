import csv
import datetime as dt
import io
import tracemalloc
from itertools import repeat

import pytest
import tablib
from django.utils import timezone

from cases.models import ExportFile
from cases.services import exports
from csp.agencies.enums import Role
from csp.agencies.models import Membership
from csp.agencies.services import sharing
from csp.audit.models import Event
from csp.celery import app as celery_app
from csp.core.models import LongTask
from csp.core.spreadsheet import write_csv, write_ods
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import CaseFactory

pytestmark = pytest.mark.django_db
TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "Tenancy", "consent": "given", "by": None}


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER, name="Ann Archer")


@pytest.fixture
def signed_in(client, ann):
    client.force_login(ann)
    return client


@pytest.fixture
def eager(monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)
    return lambda: django_capture_on_commit_callbacks(execute=True)


def ask(client, kind, query=""):
    return client.post(f"/cases/export/?{query}", {"format": kind})


def content(client, export):
    answer = client.get(f"/cases/exports/{export.pk}/")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_csv_holds_the_list_as_filtered_with_its_marking(signed_in, team, ann, eager, settings):
    high = CaseFactory(lead=team, risk=3, title="=cmd|' /C calc'!A0")
    CaseFactory(lead=team)

    with eager():
        answer = ask(signed_in, "csv", "risk=3&cols=priority&after=1")
    work = LongTask.objects.get()
    assert answer.url == work.get_absolute_url()
    export = ExportFile.objects.get()
    marking, head, *rows = csv.reader(io.StringIO(content(signed_in, export).decode("utf-8-sig")))

    assert marking[:2] == [settings.MARKING, "Made for Ann Archer, Community Safety"]
    assert marking[3:5] == ["Open cases; Priority: High risk", "1 case"]
    assert head == ["Reference", "Title", "Priority"]
    assert rows == [[high.reference, "'=cmd|' /C calc'!A0", "High risk"]]
    event = Event.objects.get(verb="case.exported")
    assert (event.actor, event.detail["rows"]) == (ann, 1)
    assert Event.objects.filter(verb="case.export_downloaded", actor=ann).exists()
    assert work.result_url == f"/cases/exports/{export.pk}/"


def test_ods_opens_as_a_spreadsheet(signed_in, team, eager):
    case = CaseFactory(lead=team, title="Noise <&> drums")

    with eager():
        ask(signed_in, "ods")
    book = tablib.Databook().load(content(signed_in, ExportFile.objects.get()), format="ods")
    about, cases = book.sheets()

    assert (about.title, cases.title) == ("About this file", "Cases")
    assert cases.headers[:2] == ["Reference", "Title"]
    assert cases[0][:2] == (case.reference, "Noise <&> drums")


def test_the_file_is_cut_to_what_its_owner_sees_when_it_is_made(client, team, eager):
    soha = PartnerFactory(partnership=team.partnership, name="Soha")
    stays, goes = CaseFactory(lead=team), CaseFactory(lead=team)
    shares = [
        sharing.share(record=case, to_partner=soha, level=2, at=timezone.now(), **TERMS)
        for case in (stays, goes)
    ]
    client.force_login(user_at(soha))
    with eager():
        ask(client, "csv")
        sharing.end_share(share=shares[1], reason="Over", by=None, at=timezone.now())

    text = content(client, ExportFile.objects.get()).decode()

    assert stays.reference in text
    assert goes.reference not in text


def test_who_lost_the_seat_gets_no_file(signed_in, team, ann, eager):
    CaseFactory(lead=team)
    with eager():
        ask(signed_in, "csv")
        Membership.objects.filter(user=ann).update(ends_on=timezone.localdate())

    export = ExportFile.objects.get()
    assert not export.file
    assert "no longer work" in LongTask.objects.get().message


def test_a_file_is_for_its_owner_with_the_seat_and_for_a_week(client, team, ann, eager):
    client.force_login(ann)
    with eager():
        ask(client, "csv")
    export = ExportFile.objects.get()
    address = f"/cases/exports/{export.pk}/"

    client.force_login(user_at(team, Role.MANAGER))
    assert client.get(address).status_code == 404
    client.force_login(ann)
    assert content(client, export)
    Membership.objects.filter(user=ann).update(ends_on=timezone.localdate())
    assert client.get(address).status_code == 404
    Membership.objects.filter(user=ann).update(ends_on=None)
    ExportFile.objects.update(expires_at=timezone.now())
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("seconds", "gone"), [(-1, 0), (0, 1), (1, 1)])
def test_old_files_are_deleted(signed_in, eager, seconds, gone):
    with eager():
        ask(signed_in, "csv")
    export = ExportFile.objects.get()
    storage, name = export.file.storage, export.file.name

    assert exports.delete_old_exports(at=export.expires_at + dt.timedelta(seconds=seconds)) == gone
    assert storage.exists(name) == (not gone)


def test_asking_twice_for_the_same_work_makes_one_file(signed_in, eager):
    with eager():
        ask(signed_in, "csv")
    export = ExportFile.objects.get()

    assert exports.carry_out(export_id=export.pk, bar=None, at=timezone.now()) is None
    assert Event.objects.filter(verb="case.exported").count() == 1


def test_no_kind_of_file_is_asked_for_again(signed_in):
    page = signed_in.post("/cases/export/?risk=3", {"format": ""})

    assert "Choose what kind of file" in page.content.decode()
    assert not ExportFile.objects.exists()


def test_own_files_are_listed(signed_in, eager):
    assert "You have no exported files" in signed_in.get("/cases/exports/").content.decode()
    with eager():
        ask(signed_in, "ods")
    page = signed_in.get("/cases/exports/").content.decode()
    assert f"/cases/exports/{ExportFile.objects.get().pk}/" in page


@pytest.mark.parametrize("write", [write_csv, lambda file, rows: write_ods(file, [("Cases", rows)])])
def test_a_hundred_thousand_rows_need_little_memory(tmp_path, write):
    row = ["SV-C-26-000001", "Noise, Mill Road", "Open", "12 March 2026"]
    with (tmp_path / "file").open("wb") as file:
        tracemalloc.start()
        write(file, repeat(row, 100_000))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert most < 4 * 1024 * 1024
