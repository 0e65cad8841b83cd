"""How long records are kept, what is destroyed and by whom, and what stays when they are gone."""

from typing import Any

import pghistory
from django.db import models
from django.db.models import F, Q

from cases.enums import DisposalStatus, RecordType
from cases.models.cases import Case
from cases.models.reports import Report
from csp.agencies.models import DatedRule, Partnership, User

ONE_RECORD = Q(case__isnull=False, report=None) | Q(case=None, report__isnull=False)


class RetentionRule(DatedRule):
    """How long one type of record is kept after it ended."""

    record_type = models.CharField(max_length=16, choices=RecordType)
    months = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200, blank=True)

    class Meta(DatedRule.Meta):
        constraints = [
            *DatedRule.Meta.constraints,
            models.UniqueConstraint(
                fields=["partnership", "record_type", "starts_on"], name="retention_rule_starts_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_record_type_display()}: {self.months} months"


@pghistory.track()
class LegalHold(models.Model):
    """Nothing of this record is destroyed while the hold stands."""

    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="legal_holds")
    report = models.ForeignKey(Report, models.PROTECT, null=True, blank=True, related_name="legal_holds")
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="legal_hold_of_one_record", condition=ONE_RECORD),
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at=None, case__isnull=False), name="case_one_legal_hold"
            ),
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(ended_at=None, report__isnull=False),
                name="report_one_legal_hold",
            ),
        ]

    def __str__(self) -> str:
        return f"Legal hold on {self.case or self.report}"


@pghistory.track()
class Disposal(models.Model):
    """What was decided about a record whose time is over: kept longer, or destroyed by two people."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.SET_NULL, null=True, blank=True, related_name="disposals")
    report = models.ForeignKey(Report, models.SET_NULL, null=True, blank=True, related_name="disposals")
    reference = models.CharField(max_length=24)
    status = models.CharField(max_length=10, choices=DisposalStatus)
    reason = models.TextField()
    until = models.DateField(null=True, blank=True, help_text="When it is looked at again")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    second = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    second_at = models.DateTimeField(null=True, blank=True)
    second_reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["partnership", "-at"], name="disposal_partnership")]
        constraints = [
            models.UniqueConstraint(
                fields=["reference"],
                condition=Q(status=DisposalStatus.PROPOSED),
                name="disposal_proposed_once",
            ),
            models.CheckConstraint(name="disposal_by_two_people", condition=~Q(by=F("second"))),
            models.CheckConstraint(
                name="disposal_extended_until",
                condition=~Q(status=DisposalStatus.EXTENDED) | Q(until__isnull=False),
            ),
            models.CheckConstraint(
                name="disposal_destroyed_by_a_second",
                condition=~Q(status=DisposalStatus.DESTROYED) | Q(second__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.get_status_display()}"


class Tombstone(models.Model):
    """What stays of a destroyed record: that it was there, why it went, and counts without people."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    reference = models.CharField(max_length=24, unique=True)
    record_type = models.CharField(max_length=16, choices=RecordType)
    began_on = models.DateField()
    ended_on = models.DateField()
    destroyed_at = models.DateTimeField()
    disposal = models.ForeignKey(Disposal, models.PROTECT, related_name="+")
    statistics: Any = models.JSONField(default=dict)
    """Categories, area, outcomes, counts: no names, no places below an area."""

    def __str__(self) -> str:
        return self.reference
