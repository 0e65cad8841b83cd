import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from guardian.models import GroupObjectPermissionBase

from csp.agencies.enums import Consent, Gateway, ShareLevel
from csp.core.calendar import local_day


class ShareQuerySet(models.QuerySet):
    def current(self, at: dt.datetime) -> Self:
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at), ended_at=None, starts_at__lte=at)


class Share(models.Model):
    """Why one partner may see another's record: the record of the disclosure.

    A room makes it concrete with a foreign key named `record` to what it shares.
    """

    from_partner = models.ForeignKey("agencies.Partner", models.PROTECT, related_name="+")
    to_partner = models.ForeignKey("agencies.Partner", models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(choices=ShareLevel)
    gateway = models.CharField(max_length=20, choices=Gateway)
    purpose = models.TextField()
    necessity = models.TextField(help_text="Why this much, to this agency, is necessary and proportionate")
    consent = models.CharField(max_length=12, choices=Consent)
    consent_note = models.TextField(blank=True)
    agreement = models.ForeignKey(
        "agencies.SharingAgreement", models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The information-sharing agreement relied on."""
    handling = models.TextField(blank=True, help_text="Handling conditions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey("agencies.User", models.PROTECT, null=True, related_name="+")
    ended_by = models.ForeignKey("agencies.User", models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.TextField(blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["record", "to_partner"],
                condition=Q(ended_at=None),
                name="%(app_label)s_%(class)s_one_open_share_per_partner",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_not_to_itself", condition=~Q(from_partner=F("to_partner"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} to {self.to_partner}"

    @property
    def agreement_flaw(self) -> str:
        """What was wrong with the agreement on the day of the share, in words. Empty where nothing was."""
        day = local_day(self.starts_at)
        if self.agreement is None or not (self.agreement.has_ended(day) or self.agreement.has_lapsed(day)):
            return ""
        return "had ended then" if self.agreement.has_ended(day) else "had lapsed then"


class NamedPersonQuerySet(models.QuerySet):
    def current(self) -> Self:
        """Those who may see it now, by the database's own clock."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=Now()), ended_at=None)


class NamedPerson(models.Model):
    """Somebody who may see one restricted record, for as long as the row holds.

    A room makes it concrete with a foreign key to the record. Nobody else sees the record, whatever their
    partner holds; being named without a permission row of a partner opens nothing either.
    """

    user = models.ForeignKey("agencies.User", models.PROTECT, related_name="+")
    reason = models.TextField()
    broke_glass = models.BooleanField(default=False)
    """They opened it themselves because somebody may come to harm. Told to the manager."""
    added_by = models.ForeignKey("agencies.User", models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("agencies.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = NamedPersonQuerySet.as_manager()

    class Meta:
        abstract = True


class GroupPermission(GroupObjectPermissionBase):
    """A permission row on one record, by direct foreign key. Only `services.sharing` writes it."""

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = True
