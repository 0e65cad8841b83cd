import uuid
from typing import Self

from django.db import models

from csp.agencies.models import Partnership, User


class ReportDraftQuerySet(models.QuerySet["ReportDraft"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(owner=user)

    def newest_first(self) -> Self:
        return self.order_by("-saved_at", "-pk")


class ReportDraft(models.Model):
    """What an officer has typed so far into a report that is not logged yet. Only they see it."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="report_drafts")
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="+")
    token = models.UUIDField(default=uuid.uuid4, help_text="Of the form it is typed into")
    referral = models.BooleanField(default=False)
    data = models.JSONField(default=dict, help_text="Every field of the form, as a list of what it holds")
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    objects = ReportDraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "token"], name="report_draft_once_per_form")]

    def __str__(self) -> str:
        return f"Draft of {self.owner}"

    @property
    def gist(self) -> str:
        """Enough to know it by: who, and the first words of what happened."""
        name, words = (" ".join(self.data.get(field, [""])[0].split()) for field in ("name", "what_happened"))
        return " - ".join(filter(None, [name, words[:80]])) or "Nothing typed yet"
