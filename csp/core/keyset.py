"""Pages of a long list, found by the last row of the page before: nothing is counted, nothing is skipped."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)

PAGE_SIZE = 25
AFTER, BEFORE = "after", "before"


@dataclass(frozen=True)
class KeysetPage(Generic[M]):
    """What a list shows, and the way on: `{% include "partials/pagination.html" with … %}`."""

    rows: list[M]
    previous_url: str = ""
    next_url: str = ""


def page_of(
    records: QuerySet[M],
    request: HttpRequest,
    *order: str,
    size: int = PAGE_SIZE,
    places: QuerySet[M] | None = None,
) -> KeysetPage[M]:
    """The page that `?after=` or `?before=` a row's key asks for, or the first.

    `order` names fields that are never empty, as for `order_by`, and ends with the key. The row need not
    be in the list any longer: its place in the order counts. Where the order names an annotation, `places`
    are all rows with that annotation.
    """
    backwards = BEFORE in request.GET
    anchor = request.GET.get(BEFORE if backwards else AFTER, "")
    known = records.model._default_manager.all() if places is None else places
    place = _place(known, anchor, order) if anchor else None
    backwards = backwards and place is not None
    way = tuple(_turned(name) for name in order) if backwards else order
    found = records.order_by(*way)
    if place is not None:
        found = found.filter(_beyond(way, place))
    rows = list(found[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    previous = more if backwards else place is not None
    following = bool(place) if backwards else more
    return KeysetPage(
        rows,
        _url(request, BEFORE, rows[0].pk) if rows and previous else "",
        _url(request, AFTER, rows[-1].pk) if rows and following else "",
    )


def neighbours(
    records: QuerySet[M], at: M, *order: str, places: QuerySet[M] | None = None
) -> tuple[M | None, M | None]:
    """The row before `at` and the row after it. `at` itself need not be in the list any longer.

    `places` as for `page_of`.
    """
    known = type(at)._default_manager.all() if places is None else places
    place = _place(known, str(at.pk), order)
    if place is None:
        return None, None
    back = tuple(_turned(name) for name in order)
    before, after = (
        records.order_by(*way).filter(_beyond(way, place)).exclude(pk=at.pk).first() for way in (back, order)
    )
    return before, after


def _place(known: QuerySet[M], key: str, order: tuple[str, ...]) -> tuple[Any, ...] | None:
    if not key.isdecimal() or len(key) > 18:
        return None
    fields = (name.removeprefix("-") for name in order)
    return known.filter(pk=int(key)).values_list(*fields).first()


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: tuple[str, ...], place: tuple[Any, ...]) -> Q:
    """Rows after `place`. The bound on the first field alone is what lets the index start there."""
    first, *_ = order
    condition = Q()
    for at, name in enumerate(order):
        same = Q(**{field.removeprefix("-"): place[n] for n, field in enumerate(order[:at])})
        condition |= same & Q(**{_side(name): place[at]})
    return condition & Q(**{f"{_side(first)}e": place[0]})


def _side(name: str) -> str:
    return f"{name[1:]}__lt" if name.startswith("-") else f"{name}__gt"


def _url(request: HttpRequest, way: str, key: Any) -> str:
    query = request.GET.copy()
    query.pop(AFTER, None)
    query.pop(BEFORE, None)
    query[way] = str(key)
    return f"?{query.urlencode()}"
