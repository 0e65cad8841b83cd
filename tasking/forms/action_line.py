"""An action typed in one line: `what - agency - who - by when`, or without the third."""

import re
from collections.abc import Iterable
from typing import Any

from csp.actions.forms import partners_now, seats_now
from csp.agencies.models import Partner

BETWEEN = re.compile(r"\s+[-\u2013\u2014]\s+")
SHORTEST = 3
NOBODY_FOUND = "?"
"""No choice of the list: the form says so, with all else in its box."""


def spread(data: Any, lead: Partner) -> Any:
    """The form's data with the line cut into its boxes. What is no such line stays as it was typed."""
    parts = BETWEEN.split(str(data.get("text", "")).strip())
    if data.get("owner") or data.get("due_on") or len(parts) < SHORTEST:
        return data
    owners = list(partners_now(lead.partnership_id))
    what, who, when = parts[:-2], parts[-2], parts[-1]
    if owner := called(who, owners):
        return _filled(data, what, owner, "", when)
    if len(what) > 1 and (owner := called(what[-1], owners)):
        seats = list(seats_now(partner=owner).select_related("user"))
        seat = called(who, seats, name=lambda each: each.user.name)
        return _filled(data, what[:-1], owner, str(seat.pk) if seat else NOBODY_FOUND, when)
    return data


def _filled(data: Any, what: list[str], owner: Partner, seat: str, when: str) -> Any:
    filled = data.copy()
    values = {"text": " \u2013 ".join(what), "owner": str(owner.pk), "person": seat, "due_on": when}
    for field, value in values.items():
        filled[field] = value
    return filled


def called(typed: str, records: Iterable[Any], name: Any = str) -> Any:
    """The one record of that name, or the only one with a word that begins so."""
    wanted = typed.casefold().strip()
    names = {each: str(name(each)).casefold() for each in records}
    same = [each for each, said in names.items() if said == wanted]
    begun = [each for each, said in names.items() if begins(said, wanted)]
    found = same or begun
    return found[0] if len(found) == 1 else None


def begins(name: str, typed: str) -> bool:
    return bool(typed) and (name.startswith(typed) or any(word.startswith(typed) for word in name.split()))
