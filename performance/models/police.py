"""Street-level crime and anti-social behaviour as the police publish it each month. It names nobody."""

from typing import Self

from django.db import models
from django.urls import reverse

from csp.agencies.models import Area, Partnership, User
from csp.core.models import LongTask
from csp.core.storage import private_storage
from performance.models.readers import explored_by, made_by


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
    rejected = models.PositiveIntegerField(default=0)
    """Rows that could not be read."""
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
        """Published data: open to whoever reads more of the partnership's performance than a board."""
        return self.filter(partnership__in=explored_by(user))


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


class PoliceUploadQuerySet(models.QuerySet["PoliceUpload"]):
    def visible_to(self, user: User) -> Self:
        """Only the team loads files."""
        return self.filter(partnership__in=made_by(user))


class PoliceUpload(models.Model):
    """A file that somebody sent for a worker to load, and what came of it."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="police_uploads")
    name = models.CharField(max_length=200, help_text="As the sender named it")
    file = models.FileField(storage=private_storage, max_length=200, blank=True)
    """Gone once it is loaded: whoever wants it gets it from the police."""
    rejected_file = models.FileField(storage=private_storage, max_length=200, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    progress = models.ForeignKey(LongTask, models.SET_NULL, null=True, blank=True, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = PoliceUploadQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["partnership", "-at"], name="police_upload_newest")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("performance:police_upload_detail", args=[self.pk])
