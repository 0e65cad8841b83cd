"""The pages of the room, one beside the other above each of them."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from csp.agencies.models import Partnership, User

READ, EXPLORE = "performance.read", "performance.explore"


@dataclass(frozen=True)
class Page:
    label: str
    url_name: str
    perm: str = READ


PAGES = (
    Page("Dashboard", "performance:dashboard"),
    Page("Reports", "performance:reports"),
    Page("Plan", "performance:plans", EXPLORE),
    Page("Hotspots", "performance:hotspots", EXPLORE),
    Page("Housing", "performance:housing_count", EXPLORE),
    Page("Indicators", "performance:indicators", EXPLORE),
    Page("Police data", "performance:police", EXPLORE),
    Page("What figures count", "performance:measures"),
)


def pages_for(user: User, partnership: Partnership, active: str) -> list[dict[str, Any]]:
    """For `partials/sub_navigation.html`: those that this person may open."""
    return [
        {"label": page.label, "url": reverse(page.url_name), "active": page.url_name == active}
        for page in PAGES
        if user.has_perm(page.perm, partnership)
    ]
