import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from csp.audit.history import no_truncate

APPEND_ONLY = [
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
    no_truncate(),
]


class Event(models.Model):
    """Something a person or the system did or saw. Written once, never changed, sealed every night."""

    at = models.DateTimeField(db_default=Now(), editable=False)
    verb = models.CharField(max_length=60)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    partnership = models.ForeignKey("agencies.Partnership", models.PROTECT, null=True, related_name="+")
    partner = models.ForeignKey("agencies.Partner", models.PROTECT, null=True, related_name="+")
    target_type = models.CharField(max_length=60, blank=True)
    target_id = models.BigIntegerField(null=True)
    reference = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    request_id = models.CharField(max_length=36, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["partnership", "-id"], name="event_partnership"),
            models.Index(fields=["target_type", "target_id", "-id"], name="event_target"),
            models.Index(fields=["actor", "-id"], name="event_actor"),
            models.Index(fields=["at"], name="event_at"),
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.verb} {self.reference}".strip()


class Seal(models.Model):
    """One day's events, hashed together with the seal of the day before."""

    day = models.DateField(unique=True)
    first_id = models.BigIntegerField(null=True)
    last_id = models.BigIntegerField(null=True)
    count = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, blank=True)
    sealed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.digest[:12]}"
