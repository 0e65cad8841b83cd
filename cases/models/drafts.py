from django.db import models

from csp.agencies.models import Partnership, User


class ReportDraft(models.Model):
    """What an officer has typed so far into a report that is not logged yet. Only they see it."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="report_drafts")
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="+")
    data = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Draft of {self.owner}"
