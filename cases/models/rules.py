from calendar import day_abbr

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cases.enums import Qualifier, RepeatEffect, RepeatScope, Risk
from csp.agencies.models import Area, DatedRule, Partner, Partnership, User
from csp.core.clocks import Unit


class Category(models.Model):
    """A kind of anti-social behaviour, with the label this partnership gives it."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="categories")
    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)
    qualifier = models.CharField(max_length=14, choices=Qualifier)
    risk = models.PositiveSmallIntegerField(choices=Risk, default=Risk.STANDARD)
    position = models.PositiveSmallIntegerField(default=0)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "code"], name="category_code_once")]

    def __str__(self) -> str:
        return self.label


class TriageStandard(DatedRule):
    """How soon a report of each risk is triaged, and when its clock turns amber."""

    risk = models.PositiveSmallIntegerField(choices=Risk)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=14, choices=Unit)
    amber_percent = models.PositiveSmallIntegerField(
        default=75, help_text="Share of the time after which it is amber"
    )

    class Meta(DatedRule.Meta):
        constraints = [
            *DatedRule.Meta.constraints,
            models.UniqueConstraint(
                fields=["partnership", "risk", "starts_on"], name="triage_standard_starts_once"
            ),
            models.CheckConstraint(
                name="triage_standard_amber_within_the_time",
                condition=Q(amber_percent__gte=1, amber_percent__lte=99),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_risk_display()}: {self.amount} {self.get_unit_display()}"


class RepeatRule(DatedRule):
    """How many reports in how long make a repeat, and what follows. The 2025 guidance: 2 in 6 months."""

    name = models.CharField(max_length=120)
    scope = models.CharField(max_length=8, choices=RepeatScope)
    count = models.PositiveSmallIntegerField()
    window_amount = models.PositiveSmallIntegerField()
    window_unit = models.CharField(max_length=14, choices=Unit)
    effect = models.CharField(max_length=20, choices=RepeatEffect)

    class Meta(DatedRule.Meta):
        constraints = [
            *DatedRule.Meta.constraints,
            models.CheckConstraint(name="repeat_rule_needs_two_or_more", condition=Q(count__gte=2)),
        ]

    def __str__(self) -> str:
        return self.name


class RoutingRule(DatedRule):
    """Who gets a new report: the first rule that matches wins, and says why."""

    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True, help_text="0 is Monday"
    )
    from_time = models.TimeField(null=True, blank=True)
    until_time = models.TimeField(null=True, blank=True)
    officer = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(DatedRule.Meta):
        constraints = [
            *DatedRule.Meta.constraints,
            models.CheckConstraint(
                name="routing_rule_sends_to_somebody",
                condition=Q(officer__isnull=False) | Q(partner__isnull=False),
            ),
            models.CheckConstraint(
                name="routing_rule_time_is_whole",
                condition=Q(from_time=None, until_time=None)
                | Q(from_time__isnull=False, until_time__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def weekday_words(self) -> str:
        return ", ".join(day_abbr[day] for day in sorted(self.weekdays))


class CaseOutcome(models.Model):
    """An outcome of a case, as this partnership names it. A case may have several, each counted once."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="case_outcomes")
    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "code"], name="case_outcome_code_once")]

    def __str__(self) -> str:
        return self.label


class CaseStandard(DatedRule):
    """For cases of each risk: how often risk is reviewed and how often the complainant hears from us."""

    risk = models.PositiveSmallIntegerField(choices=Risk)
    review_days = models.PositiveSmallIntegerField(help_text="Calendar days from one review to the next")
    update_days = models.PositiveSmallIntegerField(help_text="Working days from one update to the next")

    class Meta(DatedRule.Meta):
        constraints = [
            *DatedRule.Meta.constraints,
            models.UniqueConstraint(
                fields=["partnership", "risk", "starts_on"], name="case_standard_starts_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_risk_display()}: review every {self.review_days} days"


class NoContactRule(DatedRule):
    """When a case may be closed because its complainant cannot be reached."""

    attempts = models.PositiveSmallIntegerField(help_text="Calls without an answer before we write")
    wait_days = models.PositiveSmallIntegerField(help_text="Working days to wait after we wrote")

    class Meta(DatedRule.Meta):
        constraints = [
            *DatedRule.Meta.constraints,
            models.UniqueConstraint(fields=["partnership", "starts_on"], name="no_contact_rule_starts_once"),
        ]

    def __str__(self) -> str:
        return f"{self.attempts} calls, a letter, {self.wait_days} working days"
