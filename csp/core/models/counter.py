from django.db import models


class Counter(models.Model):
    """The last number given out for one kind of record of one partnership in one year."""

    partnership_code = models.CharField(max_length=12)
    kind = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership_code", "kind", "year"], name="core_counter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.partnership_code}-{self.kind}-{self.year % 100:02}: {self.last}"
