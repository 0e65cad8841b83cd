"""The dated rules of the rooms. A room registers each rule model with its form in `AppConfig.ready()`."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model

from csp.agencies.models import Partnership


@dataclass(frozen=True)
class RuleBook:
    """One kind of rule, and how the administrator reads and edits it.

    `form_class` is a GDSModelForm over what the rule says; it gets `partnership=` so that its choices stay
    inside it. The page adds the date. `columns` are the heads of the list and the attributes under them;
    `get_…_display` is used where there is one. Rules with the same values in `same` are versions of one rule,
    so that a new one ends the one before: ("risk",) for one standard per risk, ("partnership",) for one rule.

    A plain list, such as categories, has no first day: `starts` is None and `ends` names its retirement date.
    """

    slug: str
    title: str
    explanation: str
    model: type[Model]
    form_class: type[forms.BaseForm]
    columns: tuple[tuple[str, str], ...]
    same: tuple[str, ...] = ()
    starts: str | None = "starts_on"
    ends: str = "ends_on"
    sort: tuple[str, ...] = ()
    position: int = 100

    @property
    def order(self) -> tuple[str, ...]:
        return (self.sort or self.same) + ((self.starts,) if self.starts else ())

    def cells(self, rule: Any) -> list[tuple[str, str]]:
        """What the list shows of a rule, each under its head."""
        return [(head, self._words(rule, attribute)) for head, attribute in self.columns]

    def _words(self, rule: Any, attribute: str) -> str:
        display = getattr(rule, f"get_{attribute}_display", None)
        value = display() if display else getattr(rule, attribute)
        if isinstance(value, bool):
            return "Yes" if value else "No"
        return "" if value is None else str(value)

    @property
    def fields(self) -> list[str]:
        """What a rule says, without whose it is and from when."""
        return list(self.form_class._meta.fields)  # type: ignore[attr-defined]


_books: dict[str, RuleBook] = {}
_starters: list[Callable[[Partnership, dt.date], None]] = []


def register_starter(starter: Callable[[Partnership, dt.date], None]) -> None:
    """`starter(partnership, on)` gives a new partnership the rules of a room to begin with."""
    if starter not in _starters:
        _starters.append(starter)


def start_with_defaults(partnership: Partnership, on: dt.date) -> None:
    for starter in _starters:
        starter(partnership, on)


def register(book: RuleBook) -> None:
    _books[book.slug] = book


def books() -> list[RuleBook]:
    return sorted(_books.values(), key=lambda book: (book.position, book.title))


def book(slug: str) -> RuleBook | None:
    return _books.get(slug)
