"""Long work, its progress and its end, each work done once.

The row of the work is written over two connections. A thread of its own tells how far the work is, so that
the bar moves while the work's transaction is still open and a heartbeat goes on through one slow statement.
The end is written by the work itself, inside its transaction: it is done together with what it did, or not at
all. Each start counts as an attempt, and only the latest attempt may end the work, so a worker that was taken
for dead cannot do it twice.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from celery import Task, current_app
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import Error as NoDatabase
from django.db import connection, models, transaction
from django.utils import timezone

from csp.core.enums import LongTaskStatus
from csp.core.errors import RuleBroken
from csp.core.models import LongTask

EVERY = 1.0  # seconds between two looks at how far the work is
HEARTBEAT = 15.0  # seconds between two signs of life when it has not moved
ATTEMPTS = 3  # by ourselves; people may try more often
WENT_WRONG = "Something went wrong on our side. Try again, and tell your administrator if it happens again"

logger = logging.getLogger(__name__)


class TakenOver(Exception):
    """Another attempt has this work now, so this one must leave nothing behind."""


class CannotRetry(RuleBroken):
    """Work that is under way or done is not started again."""


@transaction.atomic
def queue(
    task: Task, *, kind: str, title: str, by: AbstractBaseUser, total: int | None = None, **arguments: Any
) -> LongTask:
    """Have a Celery task do the work once this transaction is in. It is called with `long_task_id` and
    the arguments.
    """
    work = LongTask.objects.create(
        kind=kind, title=title, owner_id=by.pk, total=total, task_name=task.name, task_arguments=arguments
    )
    _send(work)
    return work


@transaction.atomic
def retry(work: LongTask) -> LongTask:
    """Start failed or stopped work again."""
    work = LongTask.objects.select_for_update().get(pk=work.pk)
    if not work.can_retry(timezone.now()):
        raise CannotRetry(
            f"{work.title} is {work.get_status_display().lower()}, so it cannot be started again"
        )
    if work.status != LongTaskStatus.QUEUED:
        work.move_to(LongTaskStatus.QUEUED)
    work.created_at, work.finished_at, work.message, work.done = timezone.now(), None, "", 0
    work.save(update_fields=["status", "created_at", "finished_at", "message", "done"])
    _send(work)
    return work


def resume_stopped() -> None:
    """Start again what dead workers left, but not for ever: it may be the work that kills them."""
    stopped = LongTask.objects.stopped(timezone.now()).exclude(task_name="").filter(attempt__lt=ATTEMPTS)
    for work in stopped.order_by("created_at"):
        try:
            retry(work)
        except CannotRetry:
            logger.info("Work %s has gone on meanwhile", work.pk)


def _send(work: LongTask) -> None:
    current_app.loader.import_default_modules()  # the web process may not have met this task yet
    task = current_app.tasks[work.task_name]
    task.delay_on_commit(long_task_id=str(work.pk), **work.task_arguments)


class Bar:
    """How far one attempt is. Moving it costs nothing: the thread looks once a second."""

    def __init__(self, work: LongTask) -> None:
        self.work = work
        self.done, self.total, self.message = 0, work.total, ""
        self.lost = self.finished = False
        self._told: tuple[Any, ...] = ()
        self._told_at = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._tell_until_over, daemon=True)

    def advance(self, n: int = 1, *, message: str | None = None) -> None:
        if self.lost:
            raise TakenOver(self.work.pk)
        self.done += n
        self.message = self.message if message is None else message

    def expect(self, total: int) -> None:
        """Say how much there is to do, as soon as that is known."""
        self.total = total

    def finish(self, *, message: str = "", result_url: str = "", result_text: str = "") -> None:
        """The work is done. Call it last inside the work's transaction, so that both are in or neither."""
        self.close()
        self._end(
            LongTaskStatus.DONE,
            message=message,
            result_url=result_url,
            result_text=result_text,
            done=self.total if self.total is not None else self.done,
        )
        self.finished = True

    def fail(self, message: str) -> None:
        self.close()
        self._end(LongTaskStatus.FAILED, message=message, done=self._within_total())

    def _end(self, status: str, **values: Any) -> None:
        if not self._mine().update(status=status, total=self.total, finished_at=timezone.now(), **values):
            raise TakenOver(self.work.pk)

    def _mine(self) -> models.QuerySet[LongTask]:
        return LongTask.objects.filter(
            pk=self.work.pk, attempt=self.work.attempt, status=LongTaskStatus.RUNNING
        )

    def _within_total(self) -> int:
        return self.done if self.total is None else min(self.done, self.total)

    def open(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(HEARTBEAT)

    def _tell_until_over(self) -> None:
        try:
            while not self._over.wait(EVERY):
                self._tell()
        finally:
            connection.close()  # this thread's own

    def _tell(self) -> None:
        """Write how far it is, where that is news or the last sign of life is long ago."""
        news = (self._within_total(), self.total, self.message)
        if news == self._told and time.monotonic() < self._told_at + HEARTBEAT:
            return
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")  # never wait for the work that waits for us
                done, total, message = news
                told = self._mine().update(
                    done=done, total=total, message=message, heartbeat_at=timezone.now()
                )
                self.lost = not told and LongTask.objects.filter(pk=self.work.pk).exists()
        except NoDatabase:
            logger.warning("Progress of %s could not be written", self.work.pk)
            connection.close()
        else:
            self._told, self._told_at = news, time.monotonic()


@contextmanager
def running(long_task_id: UUID | str) -> Iterator[Bar | None]:
    """Take the work on: `with running(long_task_id) as bar:`; None where it is done, or another worker has
    it.

    A broken rule becomes the message of the failed work; anything else does too, in general words, and goes
    on to the log. Work that ends without `finish` is done without a result.
    """
    work = _claim(long_task_id)
    if work is None:
        yield None
        return
    bar = Bar(work)
    bar.open()
    try:
        yield bar
        if not bar.finished:
            bar.finish()
    except TakenOver:
        logger.warning("Work %s was taken over by another attempt", work.pk)
    except RuleBroken as problem:
        _fail(bar, str(problem))
    except Exception:
        _fail(bar, WENT_WRONG)
        raise
    finally:
        bar.close()


def _fail(bar: Bar, message: str) -> None:
    try:
        bar.fail(message)
    except (TakenOver, NoDatabase):
        logger.warning("Work %s could not be marked as failed", bar.work.pk)


@transaction.atomic(durable=True)
def _claim(long_task_id: UUID | str) -> LongTask | None:
    """Lock and mark the work as ours, unless it is done or in somebody's hands."""
    now = timezone.now()
    work = LongTask.objects.claimable(now).select_for_update(skip_locked=True).filter(pk=long_task_id).first()
    if work is None:
        return None
    if work.status == LongTaskStatus.RUNNING:
        work.move_to(LongTaskStatus.QUEUED)
    work.move_to(LongTaskStatus.RUNNING)
    work.attempt, work.heartbeat_at, work.done, work.message = work.attempt + 1, now, 0, ""
    work.save(update_fields=["status", "attempt", "heartbeat_at", "done", "message"])
    return work
