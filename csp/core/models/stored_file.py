from django.conf import settings
from django.db import models

from csp.core.storage import private_storage


class StoredFile(models.Model):
    """A file kept outside the web root and served through the gate alone."""

    file = models.FileField(storage=private_storage, max_length=200)
    name = models.CharField(max_length=200, help_text="As the sender named it")
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name
