"""What rooms above keep of cases and people, and how they forget it. Each room says so for itself."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from cases.models import Case
from cases.services.erasing_rows import OF_ACTION


@dataclass(frozen=True)
class Room:
    erase: Callable[[Q], None]
    """Deletes what it keeps about these cases (`case__in`) or people (`person__in`), whole."""
    statistics: Callable[[Case], dict[str, Any]]
    """What published figures count of a case, for its tombstone, without anybody in it."""
    keeping: Callable[[str, dt.datetime], Q]
    """Which rows of a table keep a person, where their last record ended then. Empty where all do."""
    of_action: Mapping[str, str]
    """Rows that go with an action, and the way from them to it."""
    rows: Callable[[Q], Mapping[str, Q]]
    """By model, those that `erase` would delete, as far as measures count them."""


_rooms: list[Room] = []


def register(room: Room) -> None:
    _rooms.append(room)
    OF_ACTION.update(room.of_action)


def erase_in_rooms(about: Q) -> None:
    for room in _rooms:
        room.erase(about)


def rows_of_rooms(about: Q) -> dict[str, Q]:
    found: dict[str, Q] = {}
    for room in _rooms:
        add_rows(found, room.rows(about))
    return found


def add_rows(found: dict[str, Q], more: Mapping[str, Q]) -> None:
    for label, which in more.items():
        found[label] = found.get(label, Q()) | which


def statistics_of_rooms(case: Case) -> dict[str, Any]:
    return {name: value for room in _rooms for name, value in room.statistics(case).items()}


def keeping(label: str, until: dt.datetime) -> Q:
    """Which rows of a table keep a person, where `until` is when the destroyed record ended."""
    found = Q()
    for room in _rooms:
        found &= room.keeping(label, until)
    return found
