from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Exists, OuterRef

from cases.enums import ContactMethod, Vulnerability
from csp.agencies.models import Area, Partnership, User

NEAREST = ["gist_int8_ops", "gist_trgm_ops(siglen=64)"]
"""An index that gives the rows of one partnership nearest in spelling first, and so stops after a page."""


class Place(models.Model):
    """An address or a spot people can point to. One row per partnership and address."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="places")
    address = models.CharField(max_length=300)
    address_key = models.CharField(
        max_length=300, help_text="The address in one plain form, to find it again"
    )
    postcode = models.CharField(max_length=8, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    ward = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    local_area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "address_key"], name="place_address_once")
        ]
        indexes = [
            GistIndex(fields=["partnership", "address_key"], opclasses=NEAREST, name="place_address_near"),
            models.Index(fields=["partnership", "latitude", "longitude"], name="place_point"),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def full_address(self) -> str:
        """On one line, with its postcode."""
        return ", ".join(dict.fromkeys(filter(None, [self.address, self.postcode])))


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: User) -> Self:
        """People named in a report the user may read in full."""
        from cases.models.reports import Report, ReportPerson  # noqa: PLC0415 -- people are below reports

        link = ReportPerson.objects.filter(
            person=OuterRef("pk"), report__in=Report.objects.readable_by(user).values("pk")
        )
        return self.filter(Exists(link))


@pghistory.track()
class Person(models.Model):
    """Somebody known to the partnership. What they are in a case lives on the link, not here."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="people")
    name = models.CharField(max_length=160)
    known_as = models.CharField(max_length=160, blank=True)
    search_key = models.CharField(
        max_length=360, help_text="Names folded to one plain form, for the search index"
    )
    born_on = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    phone_key = models.CharField(max_length=20, blank=True, help_text="Digits only")
    email = models.EmailField(blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="residents")
    do_not_disclose = models.BooleanField(
        default=False, help_text="Never show address or contact outside the team"
    )
    contact_method = models.CharField(max_length=8, choices=ContactMethod, blank=True)
    contact_when = models.CharField(max_length=120, blank=True)
    contact_avoid = models.CharField(max_length=300, blank=True)
    contact_warning = models.CharField(
        max_length=300, blank=True, help_text="What staff must know before a visit"
    )
    vulnerability = ArrayField(
        models.CharField(max_length=12, choices=Vulnerability), default=list, blank=True
    )
    language = models.CharField(max_length=60, blank=True, help_text="Needs an interpreter or another format")
    created_at = models.DateTimeField()

    objects = PersonQuerySet.as_manager()

    class Meta:
        indexes = [
            GistIndex(fields=["partnership", "search_key"], opclasses=NEAREST, name="person_name_near"),
            models.Index(fields=["partnership", "phone_key"], name="person_phone"),
            models.Index(fields=["partnership", "email"], name="person_email"),
        ]

    def __str__(self) -> str:
        return self.name
