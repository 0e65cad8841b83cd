"""Figures from outside the casework: of the police, a hospital, a survey."""

from decimal import Decimal
from typing import Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from csp.agencies.models import Partner, Partnership, User
from performance.enums import Better
from performance.models.readers import explored_by


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def visible_to(self, user: User) -> Self:
        """They name nobody, but a board reads them in published reports alone."""
        return self.filter(partnership__in=explored_by(user))


@pghistory.track()
class Indicator(models.Model):
    """A direction of travel: what is watched, not what is targeted."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="indicators")
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=60, help_text="What is counted, such as incidents or per cent")
    better = models.CharField(max_length=8, choices=Better, default=Better.NEITHER)
    definition = models.TextField(blank=True, help_text="What counts and what does not")
    source = models.CharField(max_length=160, blank=True, help_text="Who publishes it")
    supplied_by = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="+")
    crime_type = models.CharField(
        max_length=60, blank=True, help_text="Counted from the police files loaded, of this crime type"
    )
    measure = models.CharField(max_length=40, blank=True, help_text="Counted by this measure of ours")

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "name"], name="indicator_name_once"),
            models.CheckConstraint(
                name="indicator_counted_one_way_at_most", condition=Q(crime_type="") | Q(measure="")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("performance:indicator", args=[self.pk])


class IndicatorValueQuerySet(models.QuerySet["IndicatorValue"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(indicator__in=Indicator.objects.visible_to(user))

    def standing(self) -> Self:
        """Without those that were restated."""
        return self.filter(restated_by=None)


class IndicatorValue(models.Model):
    """One published figure of one period. It is never changed: a restatement takes its place and says why."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values")
    first_on = models.DateField()
    last_on = models.DateField()
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    """None where the source says that it has no figure, which is not nought."""
    source = models.CharField(max_length=200)
    as_of = models.DateField(help_text="The day on which the source gave it")
    restates = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="restated_by")
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = IndicatorValueQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["indicator", "first_on"], name="indicator_value_period")]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "first_on", "last_on"],
                condition=Q(restates=None),
                name="indicator_value_given_once",
            ),
            models.CheckConstraint(
                name="indicator_value_ends_after_it_begins", condition=Q(last_on__gte=F("first_on"))
            ),
            models.CheckConstraint(
                name="indicator_restatement_says_why", condition=Q(restates=None) | ~Q(note="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}, {self.first_on:%B %Y}: {self.words}"

    @property
    def words(self) -> str:
        """1,204 and 12.5: nought and no figure are told apart."""
        return number_words(self.value)


NO_FIGURE = "no figure"


def number_words(value: Decimal | int | None) -> str:
    if value is None:
        return NO_FIGURE
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".")
