import pghistory
from django.db import models
from django.db.models import Q

from cases.enums import CaseStatus, ClosureReason
from cases.models.case_links import OfCaseQuerySet
from cases.models.cases import Case
from cases.models.rules import CaseOutcome
from csp.agencies.models import User


@pghistory.track()
class Closure(models.Model):
    """One closing of a case. A case that was reopened and closed again has several."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="closures")
    reason = models.CharField(max_length=12, choices=ClosureReason)
    note = models.TextField(help_text="What was done, and why it can end here")
    outcomes = models.ManyToManyField(CaseOutcome, related_name="+")
    told_how = models.TextField(
        blank=True, help_text="How and when the complainant was told, or why they were not"
    )
    letter = models.TextField(
        blank=True, help_text="Words of the letter that tells them, sent when the case closes"
    )
    status_before = models.CharField(max_length=12, choices=CaseStatus, default=CaseStatus.OPEN)
    """Where the case goes back to when it is not approved."""
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    refused_at = models.DateTimeField(null=True, blank=True)
    refusal = models.TextField(blank=True)
    reopened_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopen_reason = models.TextField(blank=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["approved_at"], condition=Q(approved_at__isnull=False), name="closure_approved"
            ),
            models.Index(
                fields=["reopened_at"], condition=Q(reopened_at__isnull=False), name="closure_reopened"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(refused_at=None, reopened_at=None),
                name="case_one_closure_stands",
            ),
            models.CheckConstraint(
                name="closure_approved_or_refused",
                condition=Q(approved_at=None) | Q(refused_at=None),
            ),
            models.CheckConstraint(
                name="closure_says_how_they_were_told", condition=~Q(told_how="", letter="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_reason_display()}"
