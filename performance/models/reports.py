"""The quarterly report and the yearly one: drafted, signed off, published, and frozen with their figures."""

from typing import Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from csp.agencies.models import Partner, Partnership, User
from csp.core.calendar import Period
from csp.core.models import LongTask, Workflow
from csp.core.storage import private_storage
from performance.enums import FROZEN, REPORT_TRANSITIONS, ReportKind, ReportStatus
from performance.models.readers import made_by, read_by


class PerformanceReportQuerySet(models.QuerySet["PerformanceReport"]):
    def visible_to(self, user: User) -> Self:
        """A published one is open to all who read performance there, one not yet published to its team."""
        published = Q(partnership__in=read_by(user), status=ReportStatus.PUBLISHED)
        return self.filter(published | Q(partnership__in=made_by(user)))

    def published(self) -> Self:
        return self.filter(status=ReportStatus.PUBLISHED)

    def standing(self) -> Self:
        """Without those that were restated by a published one."""
        return self.exclude(restated_by__status=ReportStatus.PUBLISHED)


@pghistory.track()
class PerformanceReport(Workflow):
    """One partnership's report of one quarter or year."""

    transitions = REPORT_TRANSITIONS

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="performance_reports")
    kind = models.CharField(max_length=10, choices=ReportKind, default=ReportKind.QUARTERLY)
    first_on = models.DateField()
    last_on = models.DateField()
    period_name = models.CharField(max_length=20, help_text="As it is called: 2021-22 Q4")
    title = models.CharField(max_length=160)
    status = models.CharField(max_length=10, choices=ReportStatus, default=ReportStatus.DRAFT)
    restates = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="restated_by")
    restatement_note = models.TextField(blank=True)

    frozen = models.JSONField(null=True, blank=True)
    """All that it prints, with each measure's rule as it was: nothing is counted again after this."""
    frozen_at = models.DateTimeField(null=True, blank=True)
    signed_off_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    file = models.FileField(storage=private_storage, max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    built_at = models.DateTimeField(null=True, blank=True)
    progress = models.ForeignKey(LongTask, models.SET_NULL, null=True, blank=True, related_name="+")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    objects = PerformanceReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "kind", "first_on"],
                condition=Q(restates=None),
                name="performance_report_once_a_period",
            ),
            models.CheckConstraint(
                name="performance_report_ends_after_it_begins", condition=Q(last_on__gt=F("first_on"))
            ),
            models.CheckConstraint(
                name="performance_report_frozen_iff_signed_off",
                condition=Q(status__in=FROZEN, frozen__isnull=False, frozen_at__isnull=False)
                | ~Q(status__in=FROZEN) & Q(frozen=None, frozen_at=None),
            ),
            models.CheckConstraint(
                name="performance_report_restatement_says_why",
                condition=Q(restates=None) | ~Q(restatement_note=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("performance:report", args=[self.pk])

    @property
    def period(self) -> Period:
        return Period(self.first_on, self.last_on, self.period_name)

    @property
    def replaced_by(self) -> Self | None:
        """The published report that took this one's place."""
        later = getattr(self, "restated_by", None)
        return later if later is not None and later.status == ReportStatus.PUBLISHED else None

    @property
    def turn(self) -> int:
        """How often the report of its period was restated up to this one."""
        return 0 if self.restates is None else 1 + self.restates.turn

    @property
    def is_frozen(self) -> bool:
        return self.status in FROZEN


@pghistory.track()
class ReportSection(models.Model):
    """One part of it: whether it is in, in which order, and what the team says about it."""

    report = models.ForeignKey(PerformanceReport, models.PROTECT, related_name="sections")
    name = models.CharField(max_length=40)
    """Of the kind of section, as `performance.sections` lists them."""
    position = models.PositiveSmallIntegerField()
    included = models.BooleanField(default=True)
    narrative = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "name"], name="report_section_once")]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class ReportComment(models.Model):
    report = models.ForeignKey(PerformanceReport, models.PROTECT, related_name="comments")
    section = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    resolved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="report_comment_resolved_by_somebody",
                condition=Q(resolved_by=None, resolved_at=None)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.text


class CaseStudyQuerySet(models.QuerySet["CaseStudy"]):
    def visible_to(self, user: User) -> Self:
        """Open to the agency that supplied it and to the team that writes reports."""
        return self.filter(Q(supplied_by__in=user.partner_ids) | Q(partnership__in=made_by(user)))


@pghistory.track()
class CaseStudy(models.Model):
    """A story that names no one, supplied by an agency for a report."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="case_studies")
    supplied_by = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    text = models.TextField()
    quarter = models.DateField(help_text="First day of the quarter it tells of")
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    """Who read it and found that it names no one. Before that no report prints it."""
    checked_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = CaseStudyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="case_study_checked_by_somebody",
                condition=Q(checked_by=None, checked_at=None)
                | Q(checked_by__isnull=False, checked_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title
