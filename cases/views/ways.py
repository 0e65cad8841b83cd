"""Ways from a case, a person or a place into the rooms above, which register them when they start."""

import dataclasses
from collections.abc import Callable

from django.urls import reverse
from django.utils.http import urlencode

from csp.agencies.models import User


@dataclasses.dataclass(frozen=True)
class Way:
    """A link for those who hold `perm`. Its address gets what it starts from, such as `?person=12`."""

    label: str
    url_name: str
    perm: str


@dataclasses.dataclass(frozen=True)
class Found:
    """A record of a room above about somebody or some place."""

    title: str
    url: str
    detail: str


Source = Callable[[int, User], list[Found]]
"""What the user may see of it."""

_ways: dict[str, list[Way]] = {"case": [], "person": [], "place": []}
_lists: dict[str, dict[str, Source]] = {"person": {}, "place": {}}


def register_way(start: str, way: Way) -> None:
    """`start` is case, person or place."""
    if way not in _ways[start]:
        _ways[start].append(way)


def register_list(start: str, heading: str, source: Source) -> None:
    """`start` is person or place: a panel on that page, where there is anything."""
    _lists[start][heading] = source


def ways_from(start: str, key: str | int, user: User) -> list[dict[str, str]]:
    return [
        {"label": way.label, "url": f"{reverse(way.url_name)}?{urlencode({start: key})}"}
        for way in _ways[start]
        if user.has_perm(way.perm)
    ]


def lists_from(start: str, key: int, user: User) -> list[tuple[str, list[Found]]]:
    found = [(heading, source(key, user)) for heading, source in _lists[start].items()]
    return [(heading, rows) for heading, rows in found if rows]
