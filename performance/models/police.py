"""Street-level crime and anti-social behaviour as the police publish it each month. It names nobody."""

from typing import Self

from django.db import models

from csp.agencies.models import Area, Partnership, User
from performance.models.readers import read_by


class Lsoa(models.Model):
    """A census area, and the ward and district it lies in, as the national statistics publish it."""

    code = models.CharField(max_length=9, primary_key=True)
    name = models.CharField(max_length=80)
    ward_code = models.CharField(max_length=9)
    ward_name = models.CharField(max_length=80)
    district_code = models.CharField(max_length=9)
    district_name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name


class PoliceFile(models.Model):
    """One month of one force. A corrected file takes the place of the one before it."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="police_files")
    force = models.CharField(max_length=80)
    month = models.DateField(help_text="Its first day")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    """All that the file held."""
    without_place = models.PositiveIntegerField()
    """Rows of which the police say no place, so that nobody knows whose they are."""
    loaded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "force", "month"], name="police_month_once")
        ]

    def __str__(self) -> str:
        return f"{self.force}, {self.month:%B %Y}"


class PoliceIncidentQuerySet(models.QuerySet["PoliceIncident"]):
    def visible_to(self, user: User) -> Self:
        """Published data: open to whoever reads performance in the partnership."""
        return self.filter(partnership__in=read_by(user))


class PoliceIncident(models.Model):
    """One row of such a file that lies in the partnership. Rows that look alike are separate incidents."""

    file = models.ForeignKey(PoliceFile, models.CASCADE, related_name="incidents")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    month = models.DateField()
    crime_id = models.CharField(max_length=64, blank=True)
    crime_type = models.CharField(max_length=60)
    location = models.CharField(max_length=200)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    lsoa_code = models.CharField(max_length=9)
    lsoa_name = models.CharField(max_length=80)
    district = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    local_area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    ward = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=80, blank=True)

    objects = PoliceIncidentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["partnership", "month", "crime_type"], name="police_incident_month"),
        ]

    def __str__(self) -> str:
        return f"{self.crime_type}, {self.location}, {self.month:%B %Y}"
