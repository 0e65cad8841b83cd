import datetime as dt
import os
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit, urlunsplit

import pytest
from celery import current_app, shared_task
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from csp.core import progress
from csp.core.errors import RuleBroken
from csp.core.models import Counter, LongTask
from csp.core.progress import CannotRetry, TakenOver, running
from csp.core.tasks import resume_stopped_work
from tests.factories.agencies import UserFactory
from tests.factories.core import LongTaskFactory

SOON = 5  # seconds to wait for another thread


@shared_task(name="tests.count")
def count_rows(*, long_task_id, rows, **_future):
    with running(long_task_id) as bar:
        if bar:
            bar.expect(rows)
            for _ in range(rows):
                bar.advance()
            bar.finish(message=f"{rows} rows counted", result_url="/counted/", result_text="See the rows")


@pytest.fixture
def eager(monkeypatch):
    """Tasks run at once, in this process."""
    monkeypatch.setitem(current_app.conf, "task_always_eager", True)
    monkeypatch.setitem(current_app.conf, "task_eager_propagates", True)


@pytest.fixture
def quick(monkeypatch):
    """The thread looks often, so that tests need not wait."""
    monkeypatch.setattr(progress, "EVERY", 0.01)


def wait_until(condition):
    end = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


@pytest.mark.django_db
def test_queue_keeps_what_is_needed_to_start_again():
    user = UserFactory()

    work = progress.queue(count_rows, kind="count", title="Counting", by=user, total=9, rows=9)

    work.refresh_from_db()
    assert (work.owner, work.title, work.status, work.total) == (user, "Counting", "QUEUED", 9)
    assert (work.task_name, work.task_arguments) == ("tests.count", {"rows": 9})
    assert str(work) == "Counting"


@pytest.mark.django_db
def test_queue_starts_the_work_once_the_change_is_in(eager, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        work = progress.queue(count_rows, kind="count", title="Counting", by=UserFactory(), rows=4)
        assert work.status == "QUEUED"

    work.refresh_from_db()
    assert (work.status, work.done, work.total, work.percent, work.attempt) == ("DONE", 4, 4, 100, 1)
    assert (work.message, work.result_url, work.result_text) == (
        "4 rows counted",
        "/counted/",
        "See the rows",
    )
    assert work.finished_at


@pytest.mark.django_db
def test_work_that_is_done_is_not_done_again():
    work = LongTaskFactory(succeeded=True)

    with running(work.pk) as bar:
        assert bar is None


@pytest.mark.django_db
def test_work_that_a_live_worker_has_is_left_to_it():
    work = LongTaskFactory(running=True)

    with running(str(work.pk)) as bar:
        assert bar is None


@pytest.mark.django_db
def test_work_of_a_dead_worker_is_taken_over_from_the_start():
    work = LongTaskFactory(stopped=True, done=80)

    with running(work.pk) as bar:
        assert bar.work.attempt == 2
        work.refresh_from_db()
        assert (work.status, work.done) == ("RUNNING", 0)

    work.refresh_from_db()
    assert work.status == "DONE"


@pytest.mark.django_db
def test_work_that_breaks_a_rule_fails_with_its_message():
    work = LongTaskFactory(total=5)

    with running(work.pk) as bar:
        bar.advance(7)
        raise RuleBroken("Line 7 has no date")

    work.refresh_from_db()
    assert (work.status, work.message, work.done) == ("FAILED", "Line 7 has no date", 5)


@pytest.mark.django_db
def test_work_that_goes_wrong_says_so_in_general_words_and_to_the_log():
    work = LongTaskFactory()

    with pytest.raises(ZeroDivisionError), running(work.pk) as bar:
        bar.advance(2 + 1 // 0)

    work.refresh_from_db()
    assert (work.status, work.message, work.done) == ("FAILED", progress.WENT_WRONG, 0)


@pytest.mark.django_db
def test_work_taken_over_leaves_nothing_behind():
    work = LongTaskFactory()

    with running(work.pk) as bar:
        LongTask.objects.update(attempt=7)
        with transaction.atomic():
            Counter.objects.create(partnership_code="SV", kind="R", year=2026)
            bar.finish()

    work.refresh_from_db()
    assert work.status == "RUNNING"
    assert not Counter.objects.exists()


@pytest.mark.django_db
def test_work_taken_over_cannot_fail_for_the_other_attempt():
    work = LongTaskFactory()

    with running(work.pk):
        LongTask.objects.update(attempt=7)
        raise RuleBroken("too late")

    work.refresh_from_db()
    assert (work.status, work.message) == ("RUNNING", "")


@pytest.mark.django_db(transaction=True)
def test_bar_moves_while_the_work_is_not_committed_yet(quick):
    work = LongTaskFactory()

    with running(work.pk) as bar, transaction.atomic():
        Counter.objects.create(partnership_code="ZZ", kind="R", year=2026)
        bar.expect(10)
        bar.advance(4, message="Reading")
        wait_until(lambda: LongTask.objects.filter(done=4, total=10, message="Reading").exists())
        bar.finish()

    work.refresh_from_db()
    assert (work.status, work.done) == ("DONE", 10)


@pytest.mark.django_db(transaction=True)
def test_bar_lives_on_while_nothing_moves(quick, monkeypatch):
    monkeypatch.setattr(progress, "HEARTBEAT", 0.02)
    work = LongTaskFactory()

    with running(work.pk):
        first = LongTask.objects.get().heartbeat_at
        wait_until(lambda: LongTask.objects.get().heartbeat_at > first + dt.timedelta(seconds=0.1))


@pytest.mark.django_db(transaction=True)
def test_bar_that_another_attempt_took_over_stops_its_work(quick):
    work = LongTaskFactory()

    with running(work.pk) as bar:
        LongTask.objects.update(attempt=7)
        for _ in range(1000):
            bar.advance()
            time.sleep(0.01)
        pytest.fail("the work went on")

    work.refresh_from_db()
    assert (work.status, work.attempt) == ("RUNNING", 7)


@pytest.mark.django_db(transaction=True)
def test_bar_does_not_wait_for_a_locked_row(quick, caplog):
    work = LongTaskFactory()

    with running(work.pk) as bar, transaction.atomic():
        LongTask.objects.select_for_update().get()
        bar.advance()
        wait_until(lambda: "could not be written" in caplog.text)

    assert LongTask.objects.get().status == "DONE"


@pytest.mark.django_db(transaction=True)
def test_work_that_lost_its_database_is_left_for_another_attempt(caplog):
    work = LongTaskFactory()

    with pytest.raises(OperationalError):
        work_through_a_restart_of_the_database(work)

    connection.close()
    assert "could not be marked as failed" in caplog.text
    assert LongTask.objects.get(pk=work.pk).status == "RUNNING"


def work_through_a_restart_of_the_database(work):
    with running(work.pk):
        Counter.objects.raw("SELECT pg_terminate_backend(pg_backend_pid()) AS id")[0]


KILLED_HALF_WAY = """
import django, os, signal
django.setup()
from django.db import transaction
from csp.core.models import Counter
from csp.core.progress import running
with running(os.environ["WORK"]) as bar, transaction.atomic():
    Counter.objects.create(partnership_code="ZZ", kind="R", year=2026)
    bar.finish()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.django_db(transaction=True)
def test_work_whose_worker_is_killed_half_way_is_done_once_by_the_next(settings):
    work = LongTaskFactory()
    url = urlsplit(os.environ.get("DATABASE_URL", "postgresql:///csp"))._replace(
        path=f"/{settings.DATABASES['default']['NAME']}"
    )
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_HALF_WAY],
        env=os.environ | {"DATABASE_URL": urlunsplit(url), "WORK": str(work.pk)},
        cwd=settings.BASE_DIR,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert LongTask.objects.get().status == "RUNNING"
    LongTask.objects.update(heartbeat_at=timezone.now() - dt.timedelta(minutes=2))

    with running(work.pk) as bar, transaction.atomic():
        Counter.objects.create(partnership_code="ZZ", kind="R", year=2026)
        bar.finish()

    assert (LongTask.objects.get().status, LongTask.objects.get().attempt) == ("DONE", 2)
    assert Counter.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("how", [{"failed": True}, {"stopped": True}])
def test_retry_starts_failed_or_stopped_work_again(eager, django_capture_on_commit_callbacks, how):
    work = LongTaskFactory(**how)

    with django_capture_on_commit_callbacks(execute=True):
        work = progress.retry(work)
        assert (work.status, work.message, work.finished_at) == ("QUEUED", "", None)

    work.refresh_from_db()
    assert (work.status, work.attempt, work.message) == ("DONE", 2, "3 rows counted")


@pytest.mark.django_db
def test_retry_sends_work_again_that_waited_long(eager, django_capture_on_commit_callbacks):
    work = LongTaskFactory(created_at=timezone.now() - dt.timedelta(minutes=6))

    with django_capture_on_commit_callbacks(execute=True):
        progress.retry(work)

    work.refresh_from_db()
    assert work.status == "DONE"


@pytest.mark.django_db
def test_stopped_work_is_resumed_without_anybody_asking(eager, django_capture_on_commit_callbacks):
    stopped = LongTaskFactory(stopped=True, attempt=2)
    others = [
        LongTaskFactory(running=True),
        LongTaskFactory(stopped=True, attempt=3),
        LongTaskFactory(stopped=True, task_name=""),
        LongTaskFactory(failed=True),
    ]

    with django_capture_on_commit_callbacks(execute=True):
        resume_stopped_work()

    stopped.refresh_from_db()
    assert (stopped.status, stopped.attempt) == ("DONE", 3)
    assert [LongTask.objects.get(pk=other.pk).status for other in others] == [
        "RUNNING",
        "RUNNING",
        "RUNNING",
        "FAILED",
    ]


@pytest.mark.django_db
def test_stopped_work_that_went_on_meanwhile_is_left_alone(monkeypatch):
    LongTaskFactory(stopped=True)
    monkeypatch.setattr(LongTask, "can_retry", lambda _work, _at: False)

    resume_stopped_work()

    assert LongTask.objects.get().status == "RUNNING"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"running": True}, "is running"),
        ({"succeeded": True}, "is done"),
        ({}, "is waiting to start"),
        ({"failed": True, "task_name": ""}, "is failed"),
    ],
)
def test_retry_refuses_work_that_needs_none(how, words):
    with pytest.raises(CannotRetry, match=words):
        progress.retry(LongTaskFactory(**how))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("finished_iff_done_or_failed", {"status": "DONE"}),
        ("finished_iff_done_or_failed", {"finished_at": timezone.now()}),
        ("running_has_heartbeat", {"status": "RUNNING"}),
        ("done_within_total", {"total": 1, "done": 2}),
    ],
)
def test_database_refuses_work_that_contradicts_itself(constraint, values):
    LongTaskFactory()

    with pytest.raises(IntegrityError, match=f"core_longtask_{constraint}"):
        LongTask.objects.update(**values)


@pytest.mark.parametrize(
    ("done", "total", "percent"), [(0, None, None), (5, 0, None), (199, 200, 99), (200, 200, 100)]
)
def test_percent_is_a_hundred_only_at_the_end(done, total, percent):
    assert LongTask(done=done, total=total).percent == percent


def test_taken_over_is_no_message_for_people():
    assert not issubclass(TakenOver, RuleBroken)
