from typing import Self

from django.db import models
from django.db.models.functions import Now

from cases.enums import ExportFormat
from csp.agencies.models import Partner, Partnership, User
from csp.core.models import LongTask
from csp.core.storage import private_storage


class ExportFileQuerySet(models.QuerySet["ExportFile"]):
    def visible_to(self, user: User) -> Self:
        """One's own files, while one sits where they were made and until their time is over."""
        return self.filter(owner=user.pk, partner__in=user.partner_ids, expires_at__gt=Now())


class ExportFile(models.Model):
    """A list of cases as a file: what was asked for, and once a worker has written it, the file itself."""

    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    """For whom the owner acted."""
    format = models.CharField(max_length=4, choices=ExportFormat)
    wanted = models.JSONField(help_text="The filters of the list, as a worker reads them")
    words = models.TextField(help_text="The filters in words")
    columns = models.JSONField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    progress = models.OneToOneField(LongTask, models.SET_NULL, null=True, related_name="export_file")
    file = models.FileField(storage=private_storage, max_length=200, blank=True)
    rows = models.PositiveIntegerField(null=True, blank=True)

    objects = ExportFileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-asked_at", "-id"], name="export_file_newest"),
            models.Index(fields=["expires_at"], name="export_file_expires"),
        ]

    def __str__(self) -> str:
        return f"Export {self.pk}"
