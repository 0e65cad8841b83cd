"""What stays countable of destroyed records: numbers of past periods do not shrink because records went."""

from collections.abc import Mapping
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.fields.json import KeyTransform

from cases.models.retention import Tombstone
from csp.agencies.models import Partnership
from csp.core.calendar import Period


class _Keys(Func):
    """A row for each of them."""

    function, set_returning = "jsonb_object_keys", True


class KeptCountQuerySet(models.QuerySet["KeptCount"]):
    def of(self, measure: str, partnership: Partnership) -> Self:
        return self.filter(measure=measure, partnership=partnership)

    def keyed(self, keys: Mapping[str, str]) -> Self:
        """By the name of each breakdown, the one key that is wanted."""
        return self.filter(**{f"keys__{name}__has_key": key for name, key in keys.items()})

    def within(self, period: Period) -> Self:
        return self.filter(day__gte=period.first, day__lte=period.last)

    def standing_at_the_end(self, period: Period) -> Self:
        return self.filter(day__lte=period.last, until__gt=period.last)

    def once_within(self, period: Period) -> Self:
        """What came back in the same period, as a case to a later meeting, does not count again."""
        earlier = Q(day__lt=OuterRef("day")) | Q(day=OuterRef("day"), pk__lt=OuterRef("pk"))
        same = {name: OuterRef(name) for name in ("measure", "tombstone", "subject")}
        return self.within(period).filter(~Exists(KeptCount.objects.within(period).filter(earlier, **same)))

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
    subject = models.PositiveSmallIntegerField(default=0)
    """Which of those that went together: 0 is the record, others are people known from nowhere else."""
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
