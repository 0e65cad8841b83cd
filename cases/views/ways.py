"""Ways from a case, a person or a place into the rooms above, which register them when they start."""

import dataclasses

from django.urls import reverse
from django.utils.http import urlencode

from csp.agencies.models import User


@dataclasses.dataclass(frozen=True)
class Way:
    """A link for those who hold `perm`. Its address gets what it starts from, such as `?person=12`."""

    label: str
    url_name: str
    perm: str


_ways: dict[str, list[Way]] = {"case": [], "person": [], "place": []}


def register_way(start: str, way: Way) -> None:
    """`start` is case, person or place."""
    if way not in _ways[start]:
        _ways[start].append(way)


def ways_from(start: str, key: str | int, user: User) -> list[dict[str, str]]:
    return [
        {"label": way.label, "url": f"{reverse(way.url_name)}?{urlencode({start: key})}"}
        for way in _ways[start]
        if user.has_perm(way.perm)
    ]
