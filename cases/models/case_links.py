"""What ties a case to people, to other cases and to the agencies' own files."""

from typing import Self

import pghistory
from django.db import models
from django.db.models import F, Q

from cases.enums import REQUEST_TRANSITIONS, CaseLinkKind, CaseStatus, LinkRole, RequestStatus
from cases.models.cases import Case, CaseShare, named_on
from cases.models.people import Person
from cases.models.reports import Report
from csp.agencies.enums import ShareLevel
from csp.agencies.models import Partner, User
from csp.core.models import Workflow


class OfCaseQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """What hangs on cases the user may read in full."""
        return self.filter(case__in=Case.objects.readable_by(user))


@pghistory.track()
class CasePerson(models.Model):
    """What a person is in this case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="links")
    person = models.ForeignKey(Person, models.PROTECT, related_name="case_links")
    role = models.CharField(max_length=14, choices=LinkRole)
    report = models.ForeignKey(Report, models.PROTECT, null=True, blank=True, related_name="+")
    """The report they came with. Empty where somebody added them to the case itself."""
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "person", "role"], name="case_person_once_in_a_role")
        ]
        indexes = [models.Index(fields=["person", "case"], name="case_person")]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"


@pghistory.track()
class CaseReference(models.Model):
    """An agency's own reference for a case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="agency_references")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    reference = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "partner"], name="case_reference_once")]
        indexes = [models.Index(fields=["reference"], name="case_agency_reference")]

    def __str__(self) -> str:
        return f"{self.partner}: {self.reference}"


@pghistory.track()
class CaseLink(models.Model):
    """`case` is part of `other`, or related to it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="case_links")
    other = models.ForeignKey(Case, models.PROTECT, related_name="case_links_back")
    kind = models.CharField(max_length=8, choices=CaseLinkKind)
    why = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "other"], name="case_linked_once"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(kind=CaseLinkKind.PARENT), name="case_part_of_one"
            ),
            models.CheckConstraint(name="case_not_linked_to_itself", condition=~Q(case=F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_kind_display().lower()} {self.other}"


@pghistory.track()
class CaseMerge(models.Model):
    """That one case became part of another, and how it was before, so that it can be undone."""

    kept = models.ForeignKey(Case, models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Case, models.PROTECT, related_name="merges_away")
    status_before = models.CharField(max_length=12, choices=CaseStatus)
    held_from_before = models.CharField(max_length=12, blank=True)
    hold_reason_before = models.TextField(blank=True)
    hold_until_before = models.DateField(null=True, blank=True)
    kept_clocks = models.JSONField(default=dict, blank=True)
    """Those of the case that was kept: what they were before the merge, and what it made them."""
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undo_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at=None), name="case_merged_once"),
            models.CheckConstraint(name="case_merge_of_two", condition=~Q(kept=F("gone"))),
        ]

    def __str__(self) -> str:
        return f"{self.gone} into {self.kept}"


class HandOverQuerySet(models.QuerySet["HandOver"]):
    def waiting(self) -> Self:
        return self.filter(status=RequestStatus.WAITING)

    def visible_to(self, user: User) -> Self:
        """Requests made by a partner of the user, and those that a partner of the user answers.

        Whoever is asked may read the request though they do not see the case yet; of a restricted case,
        only those named on it.
        """
        mine = Q(from_partner__in=user.partner_ids) | Q(to_partner__in=user.partner_ids)
        return self.filter(mine, Q(case__restricted=False) | named_on(user, "case"))


@pghistory.track()
class HandOver(Workflow):
    """The team that leads a case asks another partner to take it over."""

    transitions = REQUEST_TRANSITIONS

    case = models.ForeignKey(Case, models.PROTECT, related_name="hand_overs")
    from_partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    to_partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    reason = models.TextField()
    status = models.CharField(max_length=12, choices=RequestStatus, default=RequestStatus.WAITING)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(status=RequestStatus.WAITING), name="case_one_hand_over_waits"
            ),
            models.CheckConstraint(
                name="hand_over_answered_iff_not_waiting",
                condition=Q(status=RequestStatus.WAITING, answered_at=None)
                | ~Q(status=RequestStatus.WAITING) & Q(answered_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["to_partner"], condition=Q(status=RequestStatus.WAITING), name="hand_over_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"Hand-over {self.pk}"


@pghistory.track()
class AccessRequest(Workflow):
    """A partner asks to see a case, or more of it."""

    transitions = REQUEST_TRANSITIONS

    case = models.ForeignKey(Case, models.PROTECT, related_name="access_requests")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(choices=ShareLevel)
    why = models.TextField()
    status = models.CharField(max_length=12, choices=RequestStatus, default=RequestStatus.WAITING)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    share = models.ForeignKey(CaseShare, models.PROTECT, null=True, blank=True, related_name="+")
    """What was shared in answer."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "partner"],
                condition=Q(status=RequestStatus.WAITING),
                name="access_asked_once_at_a_time",
            ),
            models.CheckConstraint(
                name="access_request_answered_iff_not_waiting",
                condition=Q(status=RequestStatus.WAITING, answered_at=None)
                | ~Q(status=RequestStatus.WAITING) & Q(answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Request for access {self.pk}"
