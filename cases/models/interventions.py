"""Tools and powers used in a case, and the limits that law and local practice set to them."""

import dataclasses
import datetime as dt
from typing import Self

import pghistory
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from cases.enums import (
    INTERVENTION_TRANSITIONS,
    STANDING,
    BreachResponse,
    ConditionKind,
    InterventionKind,
    InterventionStatus,
    PowerLimit,
    ServiceMethod,
)
from cases.models.case_links import OfCaseQuerySet
from cases.models.cases import Case
from cases.models.notes import Evidence
from cases.models.people import Person, Place
from csp.agencies.models import DatedRule, Partner, User
from csp.core.calendar import end_of_day, local_day
from csp.core.clocks import Unit
from csp.core.models import Workflow


class PowerRule(DatedRule):
    """One limit of one power, from a day on, with the law or practice it comes from."""

    kind = models.CharField(max_length=20, choices=InterventionKind)
    limit = models.CharField(max_length=18, choices=PowerLimit)
    amount = models.PositiveIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=14, choices=Unit, blank=True)
    follows = models.CharField(max_length=20, choices=InterventionKind, blank=True)
    """The power that must come before it, where the limit is that."""
    source = models.CharField(max_length=200)
    is_law = models.BooleanField(default=True, help_text="Refused if broken; local practice only warns")
    confirmed = models.BooleanField(default=True, help_text="Read in the source itself")

    class Meta(DatedRule.Meta):
        constraints = [
            *DatedRule.Meta.constraints,
            models.UniqueConstraint(
                fields=["partnership", "kind", "limit", "starts_on"], name="power_rule_starts_once"
            ),
            models.CheckConstraint(
                name="power_rule_says_how_much", condition=Q(amount__isnull=False) | ~Q(follows="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_limit_display().lower()}"


BEFORE_ITS_END = dt.timedelta(days=28)
BEFORE_A_HEARING = dt.timedelta(hours=48)


@dataclasses.dataclass(frozen=True)
class Falling:
    """One thing that is due with a power, and by when."""

    words: str
    due_at: dt.datetime | None = None

    @property
    def key(self) -> str:
        """By which a reminder of it is known."""
        return self.words[:1] + (f"{self.due_at.astimezone(dt.UTC):%Y%m%d%H%M}" if self.due_at else "")


class InterventionQuerySet(OfCaseQuerySet):
    def falling_due(self, at: dt.datetime) -> Self:
        """Those of which `falling` has something to say."""
        soon = Q(hearing_at__range=(at, at + BEFORE_A_HEARING)) | Q(review_on__lte=local_day(at))
        soon |= Q(ends_at__range=(at, at + BEFORE_ITS_END)) | Q(status=InterventionStatus.APPEALED)
        return self.filter(soon, status__in=STANDING)

    def with_kept_safe(self) -> Self:
        """Each with `kept_safe`: somebody who must not be found lives at its place."""
        protected = Person.objects.filter(do_not_disclose=True, place=OuterRef("place"))
        return self.annotate(kept_safe=Exists(protected))


@pghistory.track()
class Intervention(Workflow):
    """A warning, notice, order, contract or other step taken with somebody or at a place."""

    transitions = INTERVENTION_TRANSITIONS

    case = models.ForeignKey(Case, models.PROTECT, related_name="interventions")
    kind = models.CharField(max_length=20, choices=InterventionKind)
    status = models.CharField(max_length=10, choices=InterventionStatus, default=InterventionStatus.DRAFT)
    issuer = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    issued_by = models.CharField(max_length=120, help_text="Name and post of who issues it")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="interventions")
    body = models.CharField(max_length=160, blank=True, help_text="A company or other body, if not a person")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="interventions")
    area = models.CharField(max_length=300, blank=True, help_text="What it covers, in words")
    grounds = models.TextField(help_text="The conduct, and why this step")
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed_by")
    """The warning before a notice, the notice before an order."""
    consulted = models.TextField(blank=True, help_text="Who was consulted or told before, and when")
    served_at = models.DateTimeField(null=True, blank=True)
    served_to = models.CharField(max_length=160, blank=True, help_text="Who took it, in words")
    service_method = models.CharField(max_length=8, choices=ServiceMethod, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    hearing_at = models.DateTimeField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    appeal_by = models.DateField(null=True, blank=True)
    """The last day on which it can be appealed."""
    appealed_on = models.DateField(null=True, blank=True)
    appeal_result = models.TextField(blank=True)
    penalty = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    outcome = models.TextField(blank=True)
    ended_on = models.DateField(null=True, blank=True)
    limits_noted = models.JSONField(default=list, blank=True)
    """Warnings about limits of local practice that the officer went past, with their reasons."""
    reminded_of = models.CharField(max_length=80, blank=True, editable=False)
    """What the last reminder was about, so that each is sent once."""
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    form_token = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects = InterventionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["case", "-made_at", "-id"], name="intervention_case"),
            models.Index(
                fields=["ends_at"],
                condition=Q(status=InterventionStatus.IN_FORCE),
                name="intervention_ending",
            ),
            models.Index(
                fields=["served_at"], condition=Q(served_at__isnull=False), name="intervention_served"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="intervention_ends_after_it_starts",
                condition=Q(ends_at=None) | Q(starts_at=None) | Q(ends_at__gte=F("starts_at")),
            ),
            models.CheckConstraint(
                name="intervention_in_force_is_served",
                condition=Q(status__in=[InterventionStatus.DRAFT, InterventionStatus.WITHDRAWN])
                | Q(served_at__isnull=False),
            ),
            models.CheckConstraint(name="intervention_not_after_itself", condition=~Q(follows=F("pk"))),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def falling(self, at: dt.datetime) -> list[Falling]:
        """What needs somebody now."""
        found = []
        if self.hearing_at and at <= self.hearing_at <= at + BEFORE_A_HEARING:
            found.append(Falling("Court hearing", self.hearing_at))
        if self.status == InterventionStatus.APPEALED:
            found.append(Falling("Appeal waits for its result"))
        if self.review_on and self.review_on <= local_day(at):
            found.append(Falling("Review due", end_of_day(self.review_on)))
        if self.ends_at and at <= self.ends_at <= at + BEFORE_ITS_END:
            found.append(Falling("Ends soon", self.ends_at))
        return found


class OfInterventionQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(intervention__in=Intervention.objects.visible_to(user))


@pghistory.track()
class InterventionCondition(models.Model):
    intervention = models.ForeignKey(Intervention, models.PROTECT, related_name="conditions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=ConditionKind)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["intervention", "position"], name="condition_order")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.text}"


@pghistory.track()
class InterventionBreach(models.Model):
    intervention = models.ForeignKey(Intervention, models.PROTECT, related_name="breaches")
    condition = models.ForeignKey(
        InterventionCondition, models.PROTECT, null=True, blank=True, related_name="breaches"
    )
    happened_on = models.DateField()
    what = models.TextField()
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")
    response = models.CharField(max_length=14, choices=BreachResponse)
    penalty = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    form_token = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects = OfInterventionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["happened_on"], name="breach_happened")]

    def __str__(self) -> str:
        return f"Breach of {self.intervention}"
