"""What the page shell needs, on every page (docs/front-end.md)."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from csp.agencies import navigation
from csp.agencies.services import typed

WITHOUT_MARKING = {"agencies", ""}
"""Rooms, and allauth's pages, that show no casework."""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Menu, partnership and idle time-out of a signed-in person. Counts only what the page shows."""
    maps = {"map_tiles": settings.MAP_TILES_URL, "map_credit": settings.MAP_TILES_CREDIT}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {**maps, "nav": None, "partnership": None, "partnerships": None, "idle": None, "marking": None}
    partnership = getattr(request, "partnership", None)
    place = request.resolver_match.namespace if request.resolver_match else ""
    several = len(user.partnerships) > 1
    return {
        **maps,
        "nav": SimpleLazyObject(lambda: navigation.menu(user, partnership, request.path)),
        "partnership": partnership,
        "partner": getattr(request, "partner", None),
        "partnerships": user.partnerships if several else None,
        "switch_url": reverse("agencies:switch"),
        "account_url": reverse("agencies:account"),
        "search_url": navigation.search_url(user),
        "idle": {"seconds": settings.SESSION_IDLE_MINUTES * 60, "url": reverse("agencies:stay")},
        "typed_kept": any(owner == user.pk for owner, _ in request.session.get(typed.SESSION_KEY, [])),
        "marking": None if place in WITHOUT_MARKING else settings.MARKING,
    }
