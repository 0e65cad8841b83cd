from typing import Self

import pghistory
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.urls import reverse

from cases.enums import CASE_TRANSITIONS, CaseStatus, Risk
from csp.actions.models import Action
from csp.agencies.access import held_by, level_permissions
from csp.agencies.enums import ShareLevel
from csp.agencies.models import GroupPermission, Partner, Partnership, Share, User
from csp.core.models import Workflow


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> Self:
        """Cases a partner of the user leads or is shared, at summary level or above: the only read gate."""
        return self.filter(held_by(user, CaseGroupPermission, Case, ShareLevel.SUMMARY))

    def open(self) -> Self:
        return self.filter(status=CaseStatus.OPEN)


@pghistory.track()
class Case(Workflow):
    """One household, place or group whose behaviour the partnership is tackling."""

    transitions = CASE_TRANSITIONS

    reference = models.CharField(max_length=24, unique=True)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="cases")
    lead = models.ForeignKey(Partner, models.PROTECT, related_name="cases")
    officer = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="cases")
    title = models.CharField(max_length=160)
    status = models.CharField(max_length=12, choices=CaseStatus, default=CaseStatus.OPEN)
    risk = models.PositiveSmallIntegerField(choices=Risk, default=Risk.STANDARD)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    actions = GenericRelation(Action, content_type_field="target_type", object_id_field="target_id")

    objects = CaseQuerySet.as_manager()

    class Meta:
        permissions = level_permissions("case")
        indexes = [
            models.Index(
                fields=["partnership", "-risk", "-opened_at", "id"],
                condition=Q(status=CaseStatus.OPEN),
                name="case_open",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="case_ended_iff_not_open",
                condition=Q(status=CaseStatus.OPEN, ended_at=None)
                | ~Q(status=CaseStatus.OPEN) & Q(ended_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("cases:detail", args=[self.reference])


class CaseGroupPermission(GroupPermission):
    content_object = models.ForeignKey(Case, models.CASCADE, related_name="permission_rows")


@pghistory.track()
class CaseShare(Share):
    record = models.ForeignKey(Case, models.PROTECT, related_name="shares")
