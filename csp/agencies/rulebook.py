"""The dated rules of the rooms. A room registers each rule model with its form in `AppConfig.ready()`."""

from dataclasses import dataclass

from django import forms

from csp.agencies.models import DatedRule


@dataclass(frozen=True)
class RuleBook:
    """One kind of rule, and how the administrator reads and edits it.

    `form_class` is a form over what the rule says; it gets `partnership=` so that its choices stay inside it.
    The page itself asks for the dates. `columns` are the words of the list's heads and the attributes, read in
    that order; `get_…_display` is used where there is one. Rules with the same values in `same` follow one
    another in time, as versions of one rule: such as ("risk",) for one standard per risk.
    """

    slug: str
    title: str
    explanation: str
    model: type[DatedRule]
    form_class: type[forms.Form]
    columns: tuple[tuple[str, str], ...]
    same: tuple[str, ...] = ()
    position: int = 100


_books: dict[str, RuleBook] = {}


def register(book: RuleBook) -> None:
    _books[book.slug] = book


def books() -> list[RuleBook]:
    return sorted(_books.values(), key=lambda book: (book.position, book.title))


def book(slug: str) -> RuleBook | None:
    return _books.get(slug)
