import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q

from csp.agencies.models.partnerships import Partnership


class DatedQuerySet(models.QuerySet):
    def on(self, day: dt.date) -> Self:
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)


class DatedRule(models.Model):
    """A local rule as data. It holds from a date, to a date, and is never rewritten backwards."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="First day it no longer holds")

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            )
        ]
