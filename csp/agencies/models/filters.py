from django.db import models

from csp.agencies.models.partnerships import Partner
from csp.agencies.models.users import User


class SavedFilter(models.Model):
    """A list's filters under a name: mine, or shared with everybody at my partner."""

    owner = models.ForeignKey(User, models.PROTECT, related_name="saved_filters")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="saved_filters")
    """Set where the filter is shared with this partner's people."""
    room = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, help_text="The list's query string")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "room", "name"], name="saved_filter_name_once")
        ]

    def __str__(self) -> str:
        return self.name
