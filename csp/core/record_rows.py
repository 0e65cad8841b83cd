"""How records of any kind stand in one list, such as that of what a figure counts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet


@dataclass(frozen=True)
class Row:
    """A record as the list of what a figure counts shows it."""

    reference: str
    title: str
    url: str
    detail: str


_rows: dict[type[Model], tuple[tuple[str, ...], tuple[str, ...], Callable[[Any], Row]]] = {}


def register_rows(
    model: type[Model], select: Sequence[str], row: Callable[[Any], Row], prefetch: Sequence[str] = ()
) -> None:
    """How a room lists the records of one model that its measures count, and what comes along with them."""
    _rows[model] = (tuple(select), tuple(prefetch), row)


def with_what_is_shown(found: QuerySet[Any]) -> QuerySet[Any]:
    select, prefetch, _ = _rows[found.model]
    return found.select_related(*select).prefetch_related(*prefetch)


def row_of(record: Any) -> Row:
    return _rows[type(record)][-1](record)
