from django.db import models


class Ward(models.Model):
    """A published ward with its district, whichever partnerships exist: what postcodes and LSOAs point to."""

    code = models.CharField(max_length=9, unique=True)
    name = models.CharField(max_length=120)
    district_code = models.CharField(max_length=9)
    district_name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class Postcode(models.Model):
    """A postcode unit with its centre. Stored without its space, in capitals."""

    code = models.CharField(max_length=7, primary_key=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    quality = models.PositiveSmallIntegerField(default=10, help_text="As published: 10 is best")
    ward = models.ForeignKey(Ward, models.PROTECT, null=True, related_name="postcodes")

    class Meta:
        indexes = [models.Index(fields=["latitude", "longitude"], name="postcode_point")]

    def __str__(self) -> str:
        return f"{self.code[:-3]} {self.code[-3:]}"


class Lsoa(models.Model):
    """A lower layer super output area and the ward it fits best."""

    code = models.CharField(max_length=9, primary_key=True)
    name = models.CharField(max_length=80)
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="lsoas")

    def __str__(self) -> str:
        return self.name
