"""Of two people who change the same thing at once, the second is told what the first has changed.

A form keeps a short print of every detail it was filled with, and sends them back with the answers.
"""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from csp.core.errors import RuleBroken

Prints = dict[str, str]


class ChangedMeanwhile(RuleBroken):
    """Somebody else saved first. `details` are what it says now, `fields` what they changed."""

    def __init__(self, fields: list[str], details: Any, thing: str = "report") -> None:
        super().__init__(
            f"Somebody else changed this {thing} while you had it open. Check their changes, then save again"
        )
        self.fields, self.details = fields, details


def prints(values: Mapping[str, Any]) -> Prints:
    return {name: hashlib.sha256(repr(value).encode()).hexdigest()[:12] for name, value in values.items()}


def refuse_unseen(was: Prints, seen: Mapping[str, str], details: Any, thing: str = "report") -> None:
    """Raises `ChangedMeanwhile` where the editor had something else before them than what it says."""
    moved = [name for name in was if seen.get(name) != was[name]]
    if moved:
        raise ChangedMeanwhile(moved, details, thing)


def mine_over(now: Any, typed: Any, typed_prints: Prints, seen: Mapping[str, str]) -> Any:
    """The dataclass `now`, with what this editor changed over it."""
    mine = {name: getattr(typed, name) for name, mark in typed_prints.items() if seen.get(name) != mark}
    return dataclasses.replace(now, **mine)


def read_seen(text: str) -> Prints:
    """The prints that the form was filled with. Nonsense reads as having seen nothing."""
    try:
        seen = json.loads(text)
    except ValueError:
        return {}
    return seen if isinstance(seen, dict) else {}
