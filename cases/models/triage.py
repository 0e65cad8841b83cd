from typing import Self

import pghistory
from django.db import models
from django.db.models import Exists, OuterRef, Q

from cases.enums import (
    CONTACT_TRANSITIONS,
    DECIDED,
    ContactKind,
    ContactMethod,
    ContactStatus,
    ReportStatus,
)
from cases.models.cases import Case
from cases.models.people import Person
from cases.models.reports import Report, ReportShare
from csp.actions.models import Action
from csp.agencies.models import Partner, Partnership, User
from csp.core.models import Workflow


@pghistory.track()
class Decision(models.Model):
    """What triage decided about a report, and why. Undone on the same day, it stays in the record."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=12, choices=[(s.value, s.label) for s in DECIDED])
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="decisions")
    referred_to = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="+")
    share = models.ForeignKey(ReportShare, models.PROTECT, null=True, blank=True, related_name="+")
    action = models.ForeignKey(Action, models.PROTECT, null=True, blank=True, related_name="+")
    """What the agency was asked to do."""
    duplicate_of = models.ForeignKey(
        Report, models.PROTECT, null=True, blank=True, related_name="duplicate_decisions"
    )
    advice = models.TextField(blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undo_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report"], condition=Q(undone_at=None), name="decision_one_stands_per_report"
            ),
            models.CheckConstraint(
                name="decision_names_what_it_points_to",
                condition=(
                    Q(outcome__in=[ReportStatus.CASE_OPENED, ReportStatus.JOINED], case__isnull=False)
                    | Q(outcome=ReportStatus.REFERRED, referred_to__isnull=False)
                    | Q(outcome=ReportStatus.DUPLICATE, duplicate_of__isnull=False)
                    | Q(outcome__in=[ReportStatus.ADVICE, ReportStatus.NOT_ASB, ReportStatus.RECORDED])
                ),
            ),
            models.CheckConstraint(
                name="decision_undone_by_somebody",
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.get_outcome_display()}"


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, user: User) -> Self:
        """What was said to callers and to people in cases, where the user may read the record in full."""
        of_report = Exists(Report.objects.readable_by(user).filter(pk=OuterRef("report")))
        of_case = Exists(Case.objects.readable_by(user).filter(pk=OuterRef("case")))
        return self.filter(of_report | of_case)


@pghistory.track()
class Contact(Workflow):
    """Something said to the caller of a report or to somebody in a case, the way that is safe for them:
    e-mail, letter, or a call somebody has to make.
    """

    transitions = CONTACT_TRANSITIONS

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, models.PROTECT, null=True, blank=True, related_name="contacts")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="contacts")
    """Of one report or of one case, never both."""
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    """Whom it goes to, where it is of a case."""
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="contacts")
    """The decision it tells of. If that is undone before the caller was told, this is withdrawn."""
    kind = models.CharField(max_length=12, choices=ContactKind, default=ContactKind.DECISION)
    method = models.CharField(max_length=8, choices=ContactMethod)
    subject = models.CharField(max_length=160)
    body = models.TextField()
    address = models.TextField(blank=True, help_text="E-mail address, postal address or phone number used")
    status = models.CharField(max_length=10, choices=ContactStatus)
    problem = models.CharField(max_length=300, blank=True, help_text="Why it did not reach the caller")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["report", "-made_at"], name="contact_report"),
            models.Index(fields=["case", "-made_at"], name="contact_case"),
            models.Index(fields=["made_at"], condition=Q(status=ContactStatus.QUEUED), name="contact_queued"),
            models.Index(fields=["partnership", "made_at"], name="contact_made"),
            models.Index(
                fields=["partnership", "made_at"],
                condition=Q(status=ContactStatus.TO_DO),
                name="contact_to_do",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="contact_of_a_report_or_a_case",
                condition=Q(report__isnull=False, case=None, person=None)
                | Q(report=None, case__isnull=False, person__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()}: {self.subject}"

    @property
    def about(self) -> Report | Case:
        """The record it hangs on."""
        return self.report or self.case  # type: ignore[return-value]  # the database holds one of the two


class ContactAttempt(models.Model):
    """Somebody tried to phone the caller and nobody answered, or it was not safe to talk."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="attempts")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"Attempt at {self.contact}"
