from typing import Self

import pghistory
from django.db import models
from django.db.models import Q

from cases.enums import ACCESS_TRANSITIONS, AccessStatus, Exemption, ReleaseDecision
from cases.models.people import Person
from csp.agencies.enums import Role
from csp.agencies.models import Partner, Partnership, User
from csp.core.models import Workflow


class SubjectAccessQuerySet(models.QuerySet["SubjectAccess"]):
    def visible_to(self, user: User) -> Self:
        """For the data protection officers and managers of the team that answers."""
        teams = {seat.partner_id for seat in user.seats if seat.role in (Role.AUDITOR, Role.MANAGER)}
        return self.filter(partner__in=teams)


@pghistory.track()
class SubjectAccess(Workflow):
    """Somebody asks what is held about them. One month to answer, two more where it is complex."""

    transitions = ACCESS_TRANSITIONS

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    """The team that answers: only records it leads are gathered."""
    person = models.ForeignKey(Person, models.PROTECT, related_name="subject_access")
    status = models.CharField(max_length=10, choices=AccessStatus, default=AccessStatus.OPEN)
    received_on = models.DateField()
    due_on = models.DateField()
    extended_because = models.TextField(blank=True)
    identity = models.TextField(help_text="How it was checked that it is them, or who may act for them")
    refused_because = models.TextField(blank=True)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SubjectAccessQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["partner", "due_on"], name="subject_access_due")]

    def __str__(self) -> str:
        return f"Subject access {self.pk}"


class SubjectAccessItem(models.Model):
    """One thing held about the person: its words, what of them is released, and why not the rest."""

    request = models.ForeignKey(SubjectAccess, models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    source = models.CharField(max_length=200, help_text="Such as report SV-R-26-000012, what happened")
    at = models.DateTimeField(null=True, blank=True)
    text = models.TextField()
    released = models.TextField(blank=True)
    decision = models.CharField(max_length=10, choices=ReleaseDecision, default=ReleaseDecision.UNDECIDED)
    exemption = models.CharField(max_length=14, choices=Exemption, blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "position"], name="access_item_order"),
            models.CheckConstraint(
                name="access_item_kept_back_says_why",
                condition=~Q(decision__in=[ReleaseDecision.REDACT, ReleaseDecision.WITHHOLD])
                | ~Q(exemption="") & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.source
