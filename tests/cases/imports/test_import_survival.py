"""Killed, doubled, and met by other work: nothing is half done and nothing is done twice."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from cases import tasks
from cases.enums import ImportState
from cases.models import ImportedRow, Report
from cases.services.imports import running, runs
from cases.services.imports.mapping import read_spec
from csp.audit.models import Event
from csp.core.models import Counter, LongTask
from csp.core.references import REPORT, next_reference
from tests.cases.imports.conftest import AT, HEADER, SPEC, row, told
from tests.cases.imports.files import csv_bytes, csv_file
from tests.cases.together import together

pytestmark = pytest.mark.django_db(transaction=True)
MANY = [row("", details=f"Kind {n % 7}") for n in range(60)]

KILLED = """
import json, os, signal, sys
import django
django.setup()
from django.db import connection
connection.settings_dict |= json.loads(sys.argv[4])
from django.core.files.storage import storages
storage = storages["private"]
storage._location = sys.argv[3]
for worked_out in ("base_location", "location"):
    vars(storage).pop(worked_out, None)
from cases import tasks
from cases.services.imports import staging
write = staging.Staging.write
def die_between_two_batches(self):
    for written in write(self):
        os.kill(os.getpid(), signal.SIGKILL)
        yield written
staging.Staging.write = die_between_two_batches
tasks.run_import(long_task_id=sys.argv[1], run_id=int(sys.argv[2]))
"""


@pytest.fixture
def started(team, police, officer):
    """An import that waits for a worker."""

    def start(rows):
        file = SimpleUploadedFile("export.csv", csv_bytes([HEADER, *rows]))
        run = runs.receive(partnership=team.partnership, source_partner=police, file=file, by=officer, at=AT)
        run = runs.choose_mapping(run=run, spec=read_spec(SPEC), by=officer, at=AT)
        return runs.start(run=run, dry=False, by=officer, at=AT)

    return start


def test_a_worker_killed_while_it_writes_leaves_nothing_and_the_next_one_does_it_all(started, monkeypatch):
    run = started(MANY)
    here = json.dumps({name: connection.settings_dict[name] for name in ("NAME", "HOST", "PORT", "USER")})
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(run.progress_id), str(run.pk), storages["private"].location, here],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "csp.settings_test"},
        check=False,
    )

    assert killed.returncode == -signal.SIGKILL
    run.refresh_from_db()
    assert run.state == ImportState.RUNNING
    assert not Report.objects.exists()
    assert not ImportedRow.objects.exists()
    assert not Counter.objects.exists()
    assert not Event.objects.filter(verb__in=["report.imported", "import.ran"]).exists()
    LongTask.objects.update(heartbeat_at=AT - dt.timedelta(days=1))  # nobody has heard of it for long

    tasks.run_import(long_task_id=str(run.progress_id), run_id=run.pk)

    run.refresh_from_db()
    assert (run.state, told(run)) == (ImportState.DONE, (60, 0, 0, 0, 0))
    assert Report.objects.count() == 60
    assert Event.objects.filter(verb="import.ran").count() == 1


def test_two_imports_of_one_file_at_once_bring_each_row_once(bring_in, team):
    runs_done, refused = together(
        lambda: bring_in(file=csv_file([HEADER, *MANY])), lambda: bring_in(file=csv_file([HEADER, *MANY]))
    )

    assert not refused
    assert sorted(told(run) for run in runs_done) == [(0, 0, 60, 0, 0), (60, 0, 0, 0, 0)]
    assert Report.objects.count() == 60


def test_who_waits_for_another_import_is_told(bring_in, team):
    class Told:
        messages: list[str] = []

        def expect(self, total):
            pass

        def advance(self, n=1, *, message=None):
            self.messages.append(message)
            if message == running.WAITS:
                raise InterruptedError

    run = bring_in([row("1")])

    def wait():
        with pytest.raises(InterruptedError), transaction.atomic():
            running.run_import(run=run, file=csv_file([HEADER, row("2")]), bar=Told())

    with transaction.atomic():
        bring_in([row("3")])
        together(wait)

    assert Told.messages == [running.WAITS]


def test_reports_are_logged_while_a_file_is_read(bring_in, team, monkeypatch):
    """Numbers go without gaps, so whoever takes one waits for the one before: an import takes them last."""
    taken = []

    def log_a_report():
        with transaction.atomic():
            taken.append(next_reference(team.partnership.code, REPORT, 2024))

    read = running._read

    def read_and_log(rows, parts, bar):
        counts = read(rows, parts, bar)
        together(log_a_report)
        return counts

    monkeypatch.setattr(running, "_read", read_and_log)

    bring_in([row("1"), row("2")])

    assert taken == [f"{team.partnership.code}-R-24-000001"]
    assert [each.reference[-1] for each in Report.objects.order_by("pk")] == ["2", "3"]
