import datetime as dt
from typing import Self

import pghistory
from django.db import models
from django.db.models import F, Q

from csp.agencies.models.partnerships import Partner, Partnership


class SharingAgreementQuerySet(models.QuerySet["SharingAgreement"]):
    def in_force(self, on: dt.date) -> Self:
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=on), signed_on__lte=on)

    def lapsed(self, on: dt.date) -> Self:
        """In force on paper, but its review date has passed."""
        return self.in_force(on).filter(review_on__lte=on)


@pghistory.track()
class SharingAgreement(models.Model):
    """An information-sharing agreement between partners, with the date by which it is to be reviewed."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="agreements")
    title = models.CharField(max_length=200)
    signed_on = models.DateField()
    review_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True, help_text="First day it no longer holds")
    impact_assessment = models.URLField(blank=True, help_text="Where its data protection assessment is kept")
    covers = models.TextField(blank=True, help_text="What it allows to be shared, and for what")
    signatories = models.ManyToManyField(Partner, through="AgreementSignatory", related_name="agreements")

    objects = SharingAgreementQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["partnership", "review_on"], name="agreement_review")]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "title"], name="agreement_title_once"),
            models.CheckConstraint(
                name="agreement_reviewed_after_signing", condition=Q(review_on__gt=F("signed_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def has_lapsed(self, on: dt.date) -> bool:
        return self.review_on <= on

    def has_ended(self, on: dt.date) -> bool:
        return self.ended_on is not None and self.ended_on <= on

    def falls_short(self, partner: Partner, on: dt.date) -> list[str]:
        """Why it does not cover a share with the partner on that day. Empty where it does."""
        signed = self.signatures.filter(partner=partner, signed_on__lte=on).exists()
        reasons = {"ended": self.has_ended(on), "lapsed": self.has_lapsed(on), "not_signed": not signed}
        return [code for code, holds in reasons.items() if holds]


@pghistory.track()
class AgreementSignatory(models.Model):
    """A partner that signed, who signed for it, and when."""

    agreement = models.ForeignKey(SharingAgreement, models.PROTECT, related_name="signatures")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    signed_by = models.CharField(max_length=120)
    signed_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "partner"], name="agreement_signed_once")]

    def __str__(self) -> str:
        return f"{self.partner}, {self.signed_on}"
