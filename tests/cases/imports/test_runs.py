import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError

from cases import tasks
from cases.enums import ImportState
from cases.models import ImportMapping, ImportRun, Report
from cases.services.imports import running, runs
from cases.services.imports.mapping import read_spec
from cases.services.imports.refusals import CannotImport, CannotRead
from csp.audit.models import Event
from csp.core import progress
from csp.core.models import LongTask
from tests.cases.imports.conftest import AT, HEADER, SPEC, row
from tests.cases.imports.files import csv_bytes

pytestmark = pytest.mark.django_db
CONTENT = csv_bytes([HEADER, row("1"), row("2"), row("3", date="")])


@pytest.fixture
def upload(team, police, officer):
    def receive(content=CONTENT, name="export.csv"):
        file = SimpleUploadedFile(name, content)
        return runs.receive(partnership=team.partnership, source_partner=police, file=file, by=officer, at=AT)

    return receive


@pytest.fixture
def mapped(upload, officer):
    def receive(content=CONTENT):
        return runs.choose_mapping(run=upload(content), spec=read_spec(SPEC), by=officer, at=AT)

    return receive


def work(run):
    """What a worker does with the task that was queued."""
    long_task = LongTask.objects.get(pk=run.progress_id)
    tasks.run_import(long_task_id=str(long_task.pk), **long_task.task_arguments)
    run.refresh_from_db()
    long_task.refresh_from_db()
    return long_task


def test_receive_keeps_the_file_and_says_so(upload, team, police, officer):
    run = upload(name="C:\\exports\\ASB <June>.csv")

    assert (run.lead, run.source_partner, run.by, run.state) == (team, police, officer, ImportState.MAPPING)
    assert run.file_name == "ASB _June_.csv"
    with run.file.open("rb") as file:
        assert file.read() == CONTENT
    event = Event.objects.get(verb="import.received")
    assert (event.actor, event.target, event.partner) == (officer, run, police)
    assert event.detail == {"size": len(CONTENT)}


def test_receive_that_fails_keeps_no_file(upload, files_kept, monkeypatch):
    def fail(*_args, **_details):
        raise RuntimeError

    monkeypatch.setattr(runs, "record", fail)

    with pytest.raises(RuntimeError):
        upload()

    assert not files_kept()


def test_receive_needs_a_team(upload, team):
    team.partnership.receiving_partner = None
    with pytest.raises(CannotImport, match="has no team"):
        upload()


def test_choose_mapping_keeps_it_for_next_time_under_its_name(upload, team, officer):
    for text in ("One", "Two"):
        spec = read_spec(SPEC | {"name": "Housing export", "constants": {"what_happened": text}})
        runs.choose_mapping(run=upload(), spec=spec, by=officer, at=AT)

    saved = ImportMapping.objects.get()
    assert (saved.partnership, saved.name, saved.saved_by) == (team.partnership, "Housing export", officer)
    assert saved.spec["constants"] == {"what_happened": "Two"}
    assert Event.objects.filter(verb="import.mapped").count() == 2


def test_read_again_asks_for_the_columns_again(mapped):
    run = runs.read_again(run=mapped(), layout={"delimiter": ";"})

    assert (run.spec, run.state) == ({"file": {"delimiter": ";"}}, ImportState.MAPPING)


@pytest.mark.parametrize("layout", [{"encoding": "ebcdic"}, {"delimiter": '"'}, {"encoding": "utf-16"}])
def test_read_again_refuses_what_cannot_be(mapped, layout):
    run = mapped()

    with pytest.raises(CannotImport):
        runs.read_again(run=run, layout=layout)

    run.refresh_from_db()
    assert run.spec["columns"]


def test_start_needs_a_mapping(upload, officer):
    with pytest.raises(CannotImport, match="Choose what the columns hold first"):
        runs.start(run=upload(), dry=True, by=officer, at=AT)


@pytest.mark.parametrize("state", [ImportState.QUEUED, ImportState.RUNNING, ImportState.DONE])
def test_nothing_is_started_or_changed_twice(mapped, officer, state):
    run = mapped()
    ImportRun.objects.update(state=state)

    for change in (
        lambda: runs.start(run=run, dry=False, by=officer, at=AT),
        lambda: runs.choose_mapping(run=run, spec=read_spec(SPEC), by=officer, at=AT),
        lambda: runs.read_again(run=run, layout={}),
    ):
        with pytest.raises(CannotImport, match=r"This (import is under way|file has been imported)"):
            change()


def test_a_worker_checks_and_then_imports(mapped, officer):
    run = runs.start(run=mapped(), dry=True, by=officer, at=AT)
    checked = work(run)

    assert (run.state, run.rows_created, run.rows_rejected) == (ImportState.CHECKED, 2, 1)
    assert not Report.objects.exists()
    assert checked.message == "3 rows read: 2 created, 1 rejected"

    run = runs.start(run=run, dry=False, by=officer, at=AT)
    assert run.finished_at is None
    done = work(run)

    assert (run.state, Report.objects.count(), done.status) == (ImportState.DONE, 2, "DONE")
    assert (done.result_url, done.done) == (f"/imports/{run.pk}/", done.total)
    assert run.finished_at is not None


def test_the_rejected_rows_of_the_check_give_way_to_those_of_the_import(
    mapped, officer, files_kept, django_capture_on_commit_callbacks
):
    run = mapped()
    for dry in (True, False):
        run = runs.start(run=run, dry=dry, by=officer, at=AT)
        with django_capture_on_commit_callbacks(execute=True):
            work(run)

    assert len(files_kept()) == 2  # the upload, and one list of rejected rows


def test_a_task_delivered_twice_imports_once(mapped, officer):
    run = runs.start(run=mapped(), dry=False, by=officer, at=AT)
    work(run)

    work(run)
    again = LongTask.objects.create(kind="import", owner=officer, title="Again", task_name="cases.run_import")
    tasks.run_import(long_task_id=str(again.pk), run_id=run.pk)

    assert Report.objects.count() == 2
    assert Event.objects.filter(verb="import.ran").count() == 1


def test_a_file_that_is_refused_says_why_on_the_import_and_on_the_bar(mapped, officer):
    run = mapped()
    ImportRun.objects.update(spec=run.spec | {"columns": run.spec["columns"] | {"location": ["Gone"]}})
    run = runs.start(run=run, dry=False, by=officer, at=AT)

    failed = work(run)

    assert (run.state, run.problem) == (ImportState.FAILED, "The file has no column “Gone”")
    assert (failed.status, failed.message) == ("FAILED", run.problem)
    run = runs.choose_mapping(run=run, spec=read_spec(SPEC), by=officer, at=AT)
    assert (run.state, run.problem) == (ImportState.MAPPING, "")


def test_a_fault_of_ours_leaves_nothing_and_can_be_tried_again(mapped, officer, monkeypatch):
    run = runs.start(run=mapped(), dry=False, by=officer, at=AT)

    def fail(*_args, **_details):
        raise OperationalError("connection lost")

    with monkeypatch.context() as broken:
        broken.setattr(running, "record", fail)
        with pytest.raises(OperationalError):
            work(run)

    run.refresh_from_db()
    assert (run.state, run.problem) == (ImportState.FAILED, progress.WENT_WRONG)
    assert not Report.objects.exists()
    progress.retry(run.progress)
    work(run)
    assert (run.state, run.problem, Report.objects.count()) == (ImportState.DONE, "", 2)


def test_work_that_another_attempt_took_over_leaves_nothing(mapped, officer, monkeypatch):
    run = runs.start(run=mapped(), dry=False, by=officer, at=AT)

    def taken(bar, *_args, **_more):
        raise progress.TakenOver(bar.work.pk)

    monkeypatch.setattr(progress.Bar, "finish", taken)
    work(run)

    assert run.state == ImportState.RUNNING
    assert not Report.objects.exists()


def test_reading_the_file_again_needs_rows(upload):
    run = upload(b"a;b\n1;2\n")

    with pytest.raises(CannotRead, match="not written in UTF-16"):
        runs.read_again(run=run, layout={"encoding": "utf-16"})
    assert runs.read_again(run=run, layout={"delimiter": ","}).spec == {"file": {"delimiter": ","}}
