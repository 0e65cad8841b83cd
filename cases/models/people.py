from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

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
        """People named in a report or a case the user may read in full."""
        from cases.models.case_links import CasePerson  # noqa: PLC0415 -- people are below cases
        from cases.models.reports import Report, ReportPerson  # noqa: PLC0415 -- and below reports

        in_report = ReportPerson.objects.filter(
            person=OuterRef("pk"), report__in=Report.objects.readable_by(user).values("pk")
        )
        in_case = CasePerson.objects.visible_to(user).filter(person=OuterRef("pk"))
        return self.filter(Exists(in_report) | Exists(in_case))


@pghistory.track()
class Person(models.Model):
    """Somebody known to the partnership. What they are in a case lives on the link, not here."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="people")
    name = models.CharField(max_length=160)
    known_as = models.CharField(max_length=160, blank=True)
    search_key = models.CharField(
        max_length=1000, help_text="Names folded to one plain form, for the search index"
    )
    sound_keys = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, help_text="How each name sounds"
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
    gender = models.CharField(max_length=40, blank=True, help_text="In their own words")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    """Set while this is found to be somebody we knew already. Searches and lists show the other one."""
    created_at = models.DateTimeField()

    objects = PersonQuerySet.as_manager()

    class Meta:
        indexes = [
            GistIndex(fields=["partnership", "search_key"], opclasses=NEAREST, name="person_name_near"),
            models.Index(fields=["partnership", "phone_key"], name="person_phone"),
            models.Index(fields=["partnership", "email"], name="person_email"),
            models.Index(
                fields=["partnership", "born_on"], condition=Q(born_on__isnull=False), name="person_born_on"
            ),
            GinIndex(fields=["sound_keys"], name="person_sounds"),
        ]
        constraints = [
            models.CheckConstraint(name="person_not_merged_into_itself", condition=~Q(merged_into=F("pk")))
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Alias(models.Model):
    """Another name somebody goes by."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="aliases")
    name = models.CharField(max_length=160)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="alias_once")]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class PersonMerge(models.Model):
    """That two people were found to be one, and each thing that moved, so that it can be undone."""

    kept = models.ForeignKey(Person, models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Person, models.PROTECT, related_name="merges_away")
    moved = models.JSONField(default=dict)
    """By model, the ids of the rows that pointed to the one and point to the other now."""
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undo_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at=None), name="person_merged_once"),
            models.CheckConstraint(name="person_merge_of_two", condition=~Q(kept=F("gone"))),
        ]

    def __str__(self) -> str:
        return f"{self.gone} is {self.kept}"
