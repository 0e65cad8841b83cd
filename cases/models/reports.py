from __future__ import annotations

from typing import Any, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from cases.enums import (
    REPORT_TRANSITIONS,
    TRIAGED,
    CallerKind,
    Channel,
    ContactMethod,
    Effect,
    HateStrand,
    LinkRole,
    PersonConsent,
    Precision,
    ReportStatus,
    Risk,
    WhenKind,
)
from cases.models.cases import Case, named_on
from cases.models.people import Person, Place
from cases.models.rules import Category
from csp.agencies.access import held_by, held_in_order, level_permissions
from csp.agencies.enums import ShareLevel
from csp.agencies.models import Area, GroupPermission, Partner, Partnership, Share, User
from csp.core.models import Clocked, ClockedQuerySet, Workflow

REPORT_WORDS = SearchVector("what_happened", "location", config="english")
"""What a search for words looks in. The index holds the very same expression."""


def _kept_from(user: User) -> Any:
    """The restricted case of the outer report, where the user is not named on it."""
    return Case.objects.filter(pk=OuterRef("case"), restricted=True).exclude(named_on(user, "pk"))


class ReportQuerySet(ClockedQuerySet["Report"]):
    def visible_to(self, user: User) -> Self:
        """Reports a partner of the user leads or is shared, at summary level or above: the only read gate.

        Those of a restricted case are open to the people named on the case and to nobody else.
        """
        return self._held(user, ShareLevel.SUMMARY)

    def listed_for(self, user: User) -> Self:
        """The same reports as `visible_to`, for the pages of a list in the order of an index."""
        held = held_in_order(user, ReportGroupPermission, Report, ShareLevel.SUMMARY)
        return self.filter(held, Q(case=None) | ~Exists(_kept_from(user)))

    def readable_by(self, user: User) -> Self:
        """Reports open to the user in full: who reported, and every word of it."""
        return self._held(user, ShareLevel.FULL)

    def open_to_add(self, user: User) -> Self:
        """Reports to which the user's partner may add what it knows."""
        return self._held(user, ShareLevel.CONTRIBUTE)

    def known_to(self, user: User) -> Self:
        """Reports of which the user may know that they exist, and nothing else: reference and lead."""
        return self.filter(held_by(user, ReportGroupPermission, Report, ShareLevel.EXISTENCE))

    def _held(self, user: User, level: ShareLevel) -> Self:
        held = held_by(user, ReportGroupPermission, Report, level)
        return self.filter(held, Q(case=None) | ~Exists(_kept_from(user)))

    def awaiting_triage(self) -> Self:
        return self.filter(status=ReportStatus.NEW)

    def triaged(self) -> Self:
        """Decided by somebody. What was recorded without triage is not."""
        return self.filter(status__in=TRIAGED)

    def in_queue_order(self) -> Self:
        """Highest risk first, then the clock that runs out first. An index ends this sort."""
        return self.order_by("-risk", "clock_due_at", "pk")


@pghistory.track()
class Report(Workflow, Clocked):
    """What somebody told the partnership: not yet a case. Its clock runs until triage decides."""

    transitions = REPORT_TRANSITIONS

    reference = models.CharField(max_length=24, unique=True)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="reports")
    lead = models.ForeignKey(Partner, models.PROTECT, related_name="reports")
    """The partner that triages it."""
    source_partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="reports_made"
    )
    """The agency it came from, where an agency referred it or it was imported."""
    status = models.CharField(max_length=12, choices=ReportStatus, default=ReportStatus.NEW)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="reports")
    officer = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="reports")
    claimed_at = models.DateTimeField(null=True, blank=True)
    routed_because = models.CharField(max_length=200, blank=True)
    chased_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When its officer or manager was told that triage is late. Told once."""

    channel = models.CharField(max_length=10, choices=Channel)
    received_at = models.DateTimeField()
    logged_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    logged_at = models.DateTimeField()
    form_token = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    """Of the form it was typed into: a form sent twice makes one report."""

    caller_kind = models.CharField(max_length=10, choices=CallerKind)
    consent = models.CharField(max_length=10, choices=PersonConsent, blank=True)
    consent_note = models.CharField(max_length=300, blank=True, help_text="Who agreed and how, or why not")
    source_reference = models.CharField(max_length=60, blank=True, help_text="The agency's own reference")
    contact_method = models.CharField(max_length=8, choices=ContactMethod, blank=True)
    contact_when = models.CharField(max_length=120, blank=True)
    contact_avoid = models.CharField(max_length=300, blank=True)

    what_happened = models.TextField()
    when_kind = models.CharField(max_length=10, choices=WhenKind, default=WhenKind.ONCE)
    occurred_precision = models.CharField(max_length=8, choices=Precision, default=Precision.DAY)
    occurred_on = models.DateField(null=True, blank=True)
    occurred_at = models.TimeField(null=True, blank=True)
    occurred_until_on = models.DateField(null=True, blank=True)
    occurred_until_at = models.TimeField(null=True, blank=True)
    occurred_pattern = models.CharField(
        max_length=300, blank=True, help_text="Such as most nights after 11pm"
    )

    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="reports")
    location = models.CharField(max_length=300, blank=True, help_text="Where, in the words given")
    postcode = models.CharField(max_length=8, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    ward = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    local_area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")

    categories = models.ManyToManyField(Category, related_name="reports", blank=True)
    hate = models.BooleanField(default=False)
    hate_strands = ArrayField(models.CharField(max_length=12, choices=HateStrand), default=list, blank=True)
    in_danger = models.BooleanField(default=False)
    children_present = models.BooleanField(default=False)
    reported_before = models.TextField(blank=True)
    why_you = models.TextField(blank=True)
    how_affected = models.TextField(blank=True)
    effect = models.PositiveSmallIntegerField(choices=Effect, null=True, blank=True)
    who_affected = models.TextField(blank=True)
    subjects_known = models.TextField(blank=True, help_text="Who is doing it, in the words given")

    risk = models.PositiveSmallIntegerField(choices=Risk, default=Risk.STANDARD)
    risk_reasons = models.JSONField(default=list)
    vulnerable = models.BooleanField(default=False)
    repeat_victim = models.BooleanField(default=False)
    case_review_notice_due = models.BooleanField(default=False)
    likely_duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    source_system = models.CharField(max_length=60, blank=True)
    source_key = models.CharField(max_length=120, blank=True)
    source_digest = models.CharField(max_length=64, blank=True)
    imported_by_run = models.ForeignKey(
        "cases.ImportRun", models.PROTECT, null=True, blank=True, related_name="reports"
    )

    people = models.ManyToManyField(Person, through="ReportPerson", related_name="reports")

    objects = ReportQuerySet.as_manager()

    class Meta:
        permissions = level_permissions("report")
        indexes = [
            models.Index(
                fields=["partnership", "-risk", "clock_due_at", "id"],
                condition=Q(status=ReportStatus.NEW),
                name="report_queue",
            ),
            models.Index(fields=["partnership", "-received_at", "-id"], name="report_newest"),
            models.Index(
                fields=["partnership", "-received_at", "-id"],
                condition=Q(status__in=TRIAGED),
                name="report_triaged",
            ),
            models.Index(
                fields=["partnership", "clock_stopped_at"],
                condition=Q(status__in=TRIAGED),
                name="report_decided",
            ),
            models.Index(fields=["partnership", "latitude", "longitude"], name="report_point"),
            models.Index(fields=["partnership", "postcode"], name="report_postcode"),
            models.Index(
                fields=["clock_due_at"],
                condition=Q(status=ReportStatus.NEW, chased_at=None),
                name="report_to_chase",
            ),
            GinIndex(REPORT_WORDS, name="report_words"),
            models.Index(
                fields=["officer", "-risk", "clock_due_at"],
                condition=Q(status=ReportStatus.NEW),
                name="report_officer_queue",
            ),
        ]
        constraints = [
            *Clocked.Meta.constraints,
            models.UniqueConstraint(
                fields=["partnership", "source_system", "source_key"],
                condition=~Q(source_key=""),
                name="report_source_row_once",
            ),
            models.CheckConstraint(
                name="report_in_a_case_iff_opened_or_joined",
                condition=Q(status__in=[ReportStatus.CASE_OPENED, ReportStatus.JOINED], case__isnull=False)
                | ~Q(status__in=[ReportStatus.CASE_OPENED, ReportStatus.JOINED]) & Q(case=None),
            ),
            models.CheckConstraint(
                name="report_claimed_iff_it_has_an_officer",
                condition=Q(officer=None, claimed_at=None)
                | Q(officer__isnull=False, claimed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="report_point_is_whole",
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, longitude__isnull=False),
            ),
            models.CheckConstraint(
                name="report_not_its_own_duplicate", condition=~Q(likely_duplicate_of=F("pk"))
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("reports:detail", args=[self.reference])

    def named_now(self) -> Any:
        """Who may see it, where its case is restricted; None where it is not."""
        return self.case.named_now() if self.case else None

    @property
    def awaits_triage(self) -> bool:
        return self.status == ReportStatus.NEW


class ReportGroupPermission(GroupPermission):
    content_object = models.ForeignKey(Report, models.CASCADE, related_name="permission_rows")


@pghistory.track()
class ReportShare(Share):
    record = models.ForeignKey(Report, models.PROTECT, related_name="shares")


@pghistory.track()
class ReportPerson(models.Model):
    """What a person is in this report."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="links")
    person = models.ForeignKey(Person, models.PROTECT, related_name="links")
    role = models.CharField(max_length=14, choices=LinkRole)
    is_caller = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "person", "role"], name="report_person_once_in_a_role"),
            models.UniqueConstraint(
                fields=["report"], condition=Q(is_caller=True), name="report_has_one_caller"
            ),
        ]
        indexes = [models.Index(fields=["person", "report"], name="report_person")]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"


class ToldAgency(models.Model):
    """Another agency the caller has told, with its reference."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="told_agencies")
    agency = models.CharField(max_length=120)
    agency_reference = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return f"{self.agency} {self.agency_reference}".strip()


class FurtherInformation(models.Model):
    """Something added to a report later, by the caller through their link or by an agency that follows it."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="further_information")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    """Empty where the caller added it."""
    text = models.TextField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["report"], condition=Q(seen_at=None), name="information_unread"),
        ]

    def __str__(self) -> str:
        return f"Further information on {self.report}"
