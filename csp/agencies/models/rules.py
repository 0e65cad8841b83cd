import datetime as dt
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from csp.agencies.models.partnerships import Partnership

NEVER_REWRITTEN = pgtrigger.Trigger(
    name="never_rewritten",
    operation=pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    declare=[("today", "date")],
    func="""
        today = (now() AT TIME ZONE 'Europe/London')::date;
        IF TG_OP = 'DELETE' THEN
            IF OLD.starts_on <= today THEN
                RAISE EXCEPTION 'A rule that has started is ended, never removed';
            END IF;
            RETURN OLD;
        END IF;
        IF OLD.starts_on <= today AND to_jsonb(NEW) - 'ends_on' <> to_jsonb(OLD) - 'ends_on' THEN
            RAISE EXCEPTION 'A rule that has started is not changed: end it and start a new one';
        END IF;
        IF NEW.ends_on IS DISTINCT FROM OLD.ends_on AND LEAST(OLD.ends_on, NEW.ends_on) < today THEN
            RAISE EXCEPTION 'A rule ends today or later: what held in the past stays as it was';
        END IF;
        RETURN NEW;
    """,
)


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
        triggers = [NEVER_REWRITTEN]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            )
        ]
