from typing import Self

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse

from csp.actions.models import Action
from csp.agencies.models import Partner, User
from csp.core.models import LongTask
from csp.core.storage import private_storage
from tasking.enums import EscalationLevel, PackKind
from tasking.models.agenda import AgendaItem
from tasking.models.meetings import Meeting


class PackQuerySet(models.QuerySet["Pack"]):
    def visible_to(self, user: User) -> Self:
        """Papers made for a partner of the user. Another agency's are nobody's business."""
        return self.filter(partner__in=user.partner_ids, meeting__in=Meeting.objects.visible_to(user))

    def built(self) -> Self:
        return self.exclude(file="")


@pghistory.track()
class Pack(models.Model):
    """The PDF of a meeting's papers, or of its minutes, for one agency: only what that agency may see."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="packs")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=PackKind)
    number = models.PositiveIntegerField(default=1)
    """Which making of it this is, as printed on its first page."""
    file = models.FileField(storage=private_storage, max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    """A print of what the agency could see when it was made. When that changes it is not served."""
    progress = models.ForeignKey(LongTask, models.SET_NULL, null=True, blank=True, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    built_at = models.DateTimeField(null=True, blank=True)

    objects = PackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "partner", "kind", "number"], name="pack_number_once"),
            models.CheckConstraint(
                name="pack_built_iff_file",
                condition=Q(built_at=None, file="") | Q(built_at__isnull=False) & ~Q(file=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.meeting} for {self.partner}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:packs", args=[self.meeting.reference])


class ItemActionQuerySet(models.QuerySet["ItemAction"]):
    def visible_to(self, user: User) -> Self:
        """Actions the user may see anyhow. That one came from an item shows only where the item does."""
        return self.filter(action__in=Action.objects.visible_to(user))


class ItemAction(models.Model):
    """That an action was given at a meeting, for an item. The action hangs on the case where there is one."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="given")
    action = models.OneToOneField(Action, models.PROTECT, related_name="given_at")

    objects = ItemActionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.action} of {self.item}"


@pghistory.track()
class Escalation(models.Model):
    """A late action was taken to the agency's lead, and after that to the board."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="escalations")
    level = models.CharField(max_length=12, choices=EscalationLevel)
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["action", "level"], name="action_escalated_once")]

    def __str__(self) -> str:
        return f"{self.action} to {self.get_level_display().lower()}"
