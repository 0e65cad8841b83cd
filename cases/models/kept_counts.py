"""What stays countable of destroyed records: numbers of past periods do not shrink because records went."""

from collections.abc import Mapping
from typing import Any, Self

from django.db import models
from django.db.models import Count, F, Func, Q, Value
from django.db.models.fields.json import KeyTransform

from cases.models.retention import Tombstone
from csp.agencies.models import Partnership
from csp.core.calendar import Period


class _Keys(Func):
    """A row for each of them."""

    function, set_returning = "jsonb_object_keys", True


class KeptCountQuerySet(models.QuerySet["KeptCount"]):
    def of(
        self, measure: str, partnership: Partnership, period: Period, only: Mapping[str, str], *, stood: bool
    ) -> Self:
        """Of one measure: what is of the period, or what stood at its end."""
        when = Q(until__gt=period.last) if stood else Q(day__gte=period.first)
        keyed = {f"keys__{name}__has_key": key for name, key in only.items()}
        return self.filter(when, partnership=partnership, measure=measure, day__lte=period.last, **keyed)

    def number(self, *, once: bool) -> Count:
        """`once`: what came back in the same period, as a case to a later meeting, does not count again."""
        return Count("tombstone", distinct=True) if once else Count("pk")

    def how_many(self, *, once: bool) -> int:
        return int(self.aggregate(number=self.number(once=once))["number"])

    def keys_and_words(self, breakdown: str) -> tuple[Func, Func]:
        text = models.TextField()
        key = _Keys(KeyTransform(breakdown, "keys"), output_field=text)
        name = Value(breakdown)
        return key, Func(F("keys"), name, key, function="jsonb_extract_path_text", output_field=text)


class KeptCount(models.Model):
    """What one measure counted of a destroyed record: its day and by what it was counted, without people."""

    tombstone = models.ForeignKey(Tombstone, models.PROTECT, related_name="counts")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    measure = models.CharField(max_length=60)
    day = models.DateField()
    until = models.DateField(null=True, blank=True)
    """The day on which it stood no longer, for measures of what stood at the end of a period."""
    part = models.BooleanField(default=False)
    keys: Any = models.JSONField(default=dict)
    """By the name of each breakdown, its keys and what they were called: "" of a record that said nothing.
    A breakdown that is missing is not known.
    """

    objects = KeptCountQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["partnership", "measure", "day"], name="kept_count_measure_day")]

    def __str__(self) -> str:
        return f"{self.measure}: {self.tombstone}"
