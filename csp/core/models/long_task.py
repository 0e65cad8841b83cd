import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from csp.core.enums import LONG_TASK_TRANSITIONS, LongTaskStatus
from csp.core.models.workflow import Workflow

SILENT_TOO_LONG = dt.timedelta(seconds=90)  # six missed heartbeats
WAITED_LONG = dt.timedelta(minutes=5)
FINISHED = (LongTaskStatus.DONE, LongTaskStatus.FAILED)


class LongTaskQuerySet(models.QuerySet["LongTask"]):
    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Only for whoever started it: title, message and result may speak of records that others may not
        see.
        """
        return self.filter(owner_id=user.pk)

    def stopped(self, at: dt.datetime) -> Self:
        """Begun by a worker that has died since."""
        return self.filter(status=LongTaskStatus.RUNNING, heartbeat_at__lt=at - SILENT_TOO_LONG)

    def claimable(self, at: dt.datetime) -> Self:
        """Waiting, or stopped."""
        return self.filter(status=LongTaskStatus.QUEUED) | self.stopped(at)


class LongTask(Workflow):
    """Work too long for a page, such as an import: what its page shows, and how to start it again."""

    transitions = LONG_TASK_TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="long_tasks")
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=8, choices=LongTaskStatus, default=LongTaskStatus.QUEUED)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True, blank=True)
    message = models.TextField(blank=True)
    result_url = models.CharField(max_length=500, blank=True)
    result_text = models.CharField(max_length=100, blank=True)
    task_name = models.CharField(max_length=100, blank=True, editable=False)
    task_arguments = models.JSONField(default=dict, editable=False)
    attempt = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    heartbeat_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = LongTaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="core_longtask_finished_iff_done_or_failed",
                condition=Q(status__in=FINISHED, finished_at__isnull=False)
                | (~Q(status__in=FINISHED) & Q(finished_at=None)),
            ),
            models.CheckConstraint(
                name="core_longtask_running_has_heartbeat",
                condition=~Q(status=LongTaskStatus.RUNNING) | Q(heartbeat_at__isnull=False),
            ),
            models.CheckConstraint(
                name="core_longtask_done_within_total",
                condition=Q(total=None) | Q(done__lte=F("total")),
            ),
        ]
        indexes = [models.Index(fields=["owner", "-created_at"], name="core_longtask_mine")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("core:progress", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        return self.status in FINISHED

    def has_stopped(self, at: dt.datetime) -> bool:
        """Its worker has died: it says that it runs, but has not been heard of for too long."""
        if self.status != LongTaskStatus.RUNNING or self.heartbeat_at is None:
            return False
        return self.heartbeat_at < at - SILENT_TOO_LONG

    def can_retry(self, at: dt.datetime) -> bool:
        """Failed, stopped, or waiting so long that its message to the workers may have been lost."""
        if not self.task_name:
            return False
        waits = self.status == LongTaskStatus.QUEUED and self.created_at < at - WAITED_LONG
        return waits or self.status == LongTaskStatus.FAILED or self.has_stopped(at)

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 means done."""
        return 100 * self.done // self.total if self.total else None
