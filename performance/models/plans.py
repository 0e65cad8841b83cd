"""The partnership's plan: priorities, what is done under each, its measures, and how it goes each quarter."""

import datetime as dt
from collections.abc import Collection
from typing import Self

import pghistory
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from csp.agencies.models import Partner, Partnership, User
from csp.core.calendar import Period
from csp.core.models import StoredFile
from performance.enums import Frequency, MeasureKind, Rating, Youth
from performance.models.indicators import Indicator
from performance.models.readers import explored_by, made_by


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, user: User) -> Self:
        """A plan is a public paper, but how it goes is not before a report says it: a board sees none."""
        return self.filter(partnership__in=explored_by(user))

    def current(self, on: dt.date) -> Self:
        return self.filter(starts_on__lte=on, ends_on__gte=on)


@pghistory.track()
class Plan(models.Model):
    """Numbered actions under themes, or rows of What, How, Who and Why: the same parts serve both."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="plans")
    name = models.CharField(max_length=160)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The last day of it")
    about = models.TextField(blank=True, help_text="What it rests on: the law, the evidence, who signed it")

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "name"], name="plan_name_once"),
            models.CheckConstraint(
                name="plan_ends_after_it_begins", condition=Q(ends_on__gte=F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("performance:plan", args=[self.pk])


@pghistory.track()
class Priority(models.Model):
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="priorities")
    position = models.PositiveSmallIntegerField()
    theme = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200)
    objective = models.CharField(
        max_length=300,
        blank=True,
        help_text="Of the Police and Crime Commissioner's plan, where it serves one",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "theme", "name"], name="priority_name_once_in_its_theme")
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class PlanFigure(models.Model):
    """A figure that the plan states as the position it starts from. Kept as printed."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="figures")
    priority = models.ForeignKey(Priority, models.PROTECT, null=True, blank=True, related_name="figures")
    label = models.CharField(max_length=300)
    period = models.CharField(max_length=40, blank=True)
    value = models.DecimalField(max_digits=14, decimal_places=2)
    unit = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.label


class PlanActionQuerySet(models.QuerySet["PlanAction"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(plan__in=Plan.objects.visible_to(user))

    def led_by(self, partners: Collection[int], user: User) -> Self:
        """Those that the person's agencies lead, and those that name the person."""
        leads = PlanAction.leads.through.objects.filter(planaction=OuterRef("pk"), partner__in=partners)
        return self.filter(Exists(leads) | Q(person=user))

    def asked_in(self, quarter: Period) -> Self:
        """Of which the quarter wants to hear. What was complete before it is asked about no more."""
        in_time = Q(plan__starts_on__lte=quarter.last, plan__ends_on__gte=quarter.first)
        wanted = Q(frequency__in=[Frequency.MONTHLY, Frequency.QUARTERLY]) | Q(
            Q(due_on__lte=quarter.last) | Q(due_on=None, plan__ends_on__lte=quarter.last),
            frequency=Frequency.ONCE,
        )
        if quarter.name.endswith("Q4"):
            wanted |= Q(frequency=Frequency.YEARLY)
        before = PlanUpdate.objects.filter(action=OuterRef("pk"), quarter__lt=quarter.first)
        return self.filter(in_time, wanted).exclude(Exists(before.filter(rating=Rating.COMPLETE)))

    def missing_in(self, quarter: Period) -> Self:
        """Asked in the quarter, and not told of yet."""
        told = PlanUpdate.objects.filter(action=OuterRef("pk"), quarter=quarter.first)
        return self.asked_in(quarter).exclude(Exists(told))


@pghistory.track()
class PlanAction(models.Model):
    """One thing that the plan says will be done."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="actions")
    priority = models.ForeignKey(Priority, models.PROTECT, related_name="actions")
    ref = models.CharField(max_length=12, help_text="Its number in the plan")
    position = models.PositiveSmallIntegerField()
    what = models.TextField()
    how = models.TextField(blank=True)
    why = models.TextField(blank=True)
    youth = models.CharField(max_length=10, choices=Youth, blank=True)
    youth_note = models.TextField(blank=True)
    lead_words = models.TextField(blank=True, help_text="Who leads, as the plan prints it")
    leads = models.ManyToManyField(Partner, related_name="plan_actions", blank=True)
    """The agencies here that update it."""
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="plan_actions")
    due_on = models.DateField(null=True, blank=True)
    frequency = models.CharField(max_length=10, choices=Frequency, default=Frequency.QUARTERLY)
    see_also = models.ManyToManyField("self", symmetrical=False, related_name="seen_from", blank=True)

    objects = PlanActionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "ref"], name="plan_action_ref_once")]

    def __str__(self) -> str:
        return f"Action {self.ref}"

    def get_absolute_url(self) -> str:
        return reverse("performance:plan_action", args=[self.pk])


@pghistory.track()
class PlanMeasure(models.Model):
    """By what the action is judged."""

    action = models.ForeignKey(PlanAction, models.PROTECT, related_name="measures")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    kind = models.CharField(max_length=10, choices=MeasureKind, default=MeasureKind.NARRATIVE)
    unit = models.CharField(max_length=120, blank=True)
    target = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    baseline = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    measure = models.CharField(max_length=40, blank=True, help_text="Counted by this measure of ours")

    def __str__(self) -> str:
        return self.text


class PlanIndicator(models.Model):
    """That the plan watches an indicator: for one priority, or for a theme as a whole."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="watched")
    priority = models.ForeignKey(Priority, models.PROTECT, null=True, blank=True, related_name="watched")
    theme = models.CharField(max_length=200, blank=True)
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="watched_by")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "priority", "theme", "indicator"],
                nulls_distinct=False,
                name="plan_watches_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} in {self.plan}"


@pghistory.track()
class PlanUpdate(models.Model):
    """How one action goes, in one quarter, in the words of who leads it."""

    action = models.ForeignKey(PlanAction, models.PROTECT, related_name="updates")
    quarter = models.DateField(help_text="Its first day")
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    narrative = models.TextField()
    rating = models.CharField(max_length=12, choices=Rating)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["action", "quarter"], name="plan_update_once_a_quarter")
        ]

    def __str__(self) -> str:
        return f"{self.action}, quarter from {self.quarter:%B %Y}"


class PlanUpdateFileQuerySet(models.QuerySet["PlanUpdateFile"]):
    def visible_to(self, user: User) -> Self:
        """Evidence may name people: it is open to the agencies that lead the action, and to the team."""
        action = "update_of__action"
        led = PlanAction.objects.led_by(user.partner_ids, user)
        made = Q(**{f"{action}__plan__partnership__in": made_by(user)})
        return self.filter(
            made | Q(**{f"{action}__in": led}), **{f"{action}__in": PlanAction.objects.visible_to(user)}
        )


class PlanUpdateFile(StoredFile):
    """Evidence of what an update says."""

    update_of = models.ForeignKey(PlanUpdate, models.PROTECT, related_name="files")

    objects = PlanUpdateFileQuerySet.as_manager()


class PlanChase(models.Model):
    """That an agency, or somebody named alone, was reminded of the updates of a quarter. Told once."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    quarter = models.DateField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "partner", "person", "quarter"],
                nulls_distinct=False,
                name="plan_chased_once_a_quarter",
            ),
            models.CheckConstraint(
                name="plan_chase_of_agency_or_person",
                condition=Q(partner=None, person__isnull=False) | Q(partner__isnull=False, person=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan}, {self.partner or self.person}"
