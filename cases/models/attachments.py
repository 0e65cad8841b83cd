from typing import Self

import pghistory
from django.db import models

from cases.models.reports import FurtherInformation, Report
from csp.agencies.models import User
from csp.core.models import StoredFile
from csp.core.storage import private_storage  # noqa: F401 -- migrations name it here


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
