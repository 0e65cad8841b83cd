from typing import Self

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Now

from csp.audit.enums import Kind
from csp.audit.history import no_truncate

APPEND_ONLY = [
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
    no_truncate(),
]
DATABASE_CLOCK = pgtrigger.Trigger(
    name="database_clock",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    func="NEW.at = clock_timestamp(); RETURN NEW;",
)


class EventQuerySet(models.QuerySet["Event"]):
    def newest_first(self) -> Self:
        """Several indexes end this sort."""
        return self.order_by("-at", "-pk")

    def before(self, event: "Event") -> Self:
        return self.filter(Q(at=event.at, pk__lt=event.pk) | Q(at__lt=event.at), at__lte=event.at)


class Event(models.Model):
    """Something a person or the system did or saw. Written once, never changed, sealed every night.

    The moment is the database's own, taken while the row is written: whoever writes an event cannot date it.
    """

    at = models.DateTimeField(db_default=Now(), editable=False)
    verb = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=Kind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    """Empty where the system did it, or a member of the public."""
    actor_partner = models.ForeignKey(
        "agencies.Partner", models.PROTECT, null=True, related_name="+", db_index=False
    )
    """For whom the actor acted, where they sit at one partner of this partnership."""
    partnership = models.ForeignKey(
        "agencies.Partnership", models.PROTECT, null=True, related_name="+", db_index=False
    )
    partner = models.ForeignKey(
        "agencies.Partner", models.PROTECT, null=True, related_name="+", db_index=False
    )
    """The other partner the event concerns, such as the one a record was shared with."""
    target_type = models.CharField(max_length=60, blank=True)
    target_id = models.BigIntegerField(null=True)
    reference = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    request_id = models.CharField(max_length=36, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="event_at"),
            models.Index(fields=["partnership", "-at", "-id"], name="event_partnership"),
            models.Index(fields=["partnership", "kind", "-at", "-id"], name="event_kind"),
            models.Index(fields=["actor", "-at", "-id"], name="event_actor"),
            models.Index(fields=["actor_partner", "-at", "-id"], name="event_actor_partner"),
            models.Index(
                fields=["partner", "-at", "-id"], condition=Q(partner__isnull=False), name="event_partner"
            ),
            models.Index(fields=["target_type", "target_id", "-at"], name="event_target"),
            models.Index(fields=["reference", "-at"], condition=~Q(reference=""), name="event_reference"),
            models.Index(
                KeyTransform("words", "detail"), condition=Q(detail__has_key="words"), name="event_words"
            ),
        ]
        triggers = [*APPEND_ONLY, DATABASE_CLOCK]

    def __str__(self) -> str:
        return f"{self.verb} {self.reference}".strip()

    @property
    def target(self) -> models.Model | None:
        """What the event is about, if it still exists. Fetched each time; lists show `reference` instead."""
        try:
            model = apps.get_model(self.target_type)
        except (LookupError, ValueError):
            return None
        return model._default_manager.filter(pk=self.target_id).first()


class Seal(models.Model):
    """One day's events, hashed together with the seal of the day before."""

    day = models.DateField(unique=True)
    count = models.PositiveBigIntegerField()
    marks = models.BinaryField()
    """For each event its number and the start of its hash: says which event was touched if the seal fails."""
    digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, blank=True)
    sealed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.digest[:12]}"
