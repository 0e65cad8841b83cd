from typing import Self

import pghistory
from django.core.files.storage import storages
from django.db import models

from cases.models.reports import FurtherInformation, Report
from csp.agencies.models import User


def private_storage():
    return storages["private"]


class StoredFile(models.Model):
    """A file kept outside the web root and served through the gate alone."""

    file = models.FileField(storage=private_storage, max_length=200)
    name = models.CharField(max_length=200, help_text="As the sender named it")
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: User) -> Self:
        """Files of reports the user may read in full."""
        return self.filter(report__in=Report.objects.readable_by(user))


@pghistory.track()
class Attachment(StoredFile):
    """A file on a report."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="attachments")
    further_information = models.ForeignKey(
        FurtherInformation, models.PROTECT, null=True, blank=True, related_name="attachments"
    )

    objects = AttachmentQuerySet.as_manager()
