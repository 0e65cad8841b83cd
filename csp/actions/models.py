import datetime as dt
from typing import Self

import pghistory
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from csp.actions.enums import ACTION_TRANSITIONS, OUTSTANDING, ActionStatus
from csp.agencies.access import held_by, level_permissions
from csp.agencies.enums import ShareLevel
from csp.agencies.models import GroupPermission, Partner, Partnership, User
from csp.core.models import Workflow


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, user: User) -> Self:
        """Actions asked of, or asked by, a partner of the user."""
        return self.filter(held_by(user, ActionGroupPermission, Action, ShareLevel.SUMMARY))

    def outstanding(self) -> Self:
        return self.filter(status__in=OUTSTANDING)

    def late(self, on: dt.date) -> Self:
        return self.outstanding().filter(due_on__lt=on)

    def owned_by(self, partner_ids: set[int]) -> Self:
        return self.filter(owner__in=partner_ids)


@pghistory.track()
class Action(Workflow):
    """A task one partner gives an agency, hung on a report, a case, a meeting item or a plan."""

    transitions = ACTION_TRANSITIONS

    reference = models.CharField(max_length=24, unique=True)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="actions")
    lead = models.ForeignKey(Partner, models.PROTECT, related_name="actions_asked")
    """The partner that asks."""
    owner = models.ForeignKey(Partner, models.PROTECT, related_name="actions")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="actions"
    )
    text = models.TextField()
    due_on = models.DateField()
    status = models.CharField(max_length=12, choices=ActionStatus, default=ActionStatus.OPEN)
    outcome = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    target_type = models.ForeignKey(ContentType, models.PROTECT, null=True, blank=True, related_name="+")
    target_id = models.BigIntegerField(null=True, blank=True)
    target = GenericForeignKey("target_type", "target_id")

    objects = ActionQuerySet.as_manager()

    class Meta:
        permissions = level_permissions("action")
        indexes = [
            models.Index(
                fields=["owner", "due_on", "id"],
                condition=Q(status__in=OUTSTANDING),
                name="action_outstanding",
            ),
            models.Index(fields=["target_type", "target_id"], name="action_target"),
        ]
        constraints = [
            models.CheckConstraint(
                name="action_ended_iff_not_outstanding",
                condition=Q(status__in=OUTSTANDING, ended_at=None)
                | ~Q(status__in=OUTSTANDING) & Q(ended_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_outstanding(self) -> bool:
        return self.status in OUTSTANDING


class ActionGroupPermission(GroupPermission):
    content_object = models.ForeignKey(Action, models.CASCADE, related_name="permission_rows")


class ActionUpdate(models.Model):
    """What the agency said of its action, and when."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="updates")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=ActionStatus)

    def __str__(self) -> str:
        return f"{self.action} {self.get_status_display()}"
