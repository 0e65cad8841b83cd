"""The partnership's map in words: districts, local areas, wards, parishes and places."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError, Value
from django.db.models.functions import Concat, Substr

from csp.agencies.models import Area, Partnership, User
from csp.audit.services import record
from csp.core.errors import RuleBroken


class CannotChangeArea(RuleBroken): ...


@transaction.atomic
def add_area(
    *, partnership: Partnership, parent: Area | None, kind: str, name: str, codes: list[str], by: User | None
) -> Area:
    area = Area(partnership=partnership, parent=parent, kind=kind, name=name, codes=codes)
    _save(area)
    area.path = f"{parent.path if parent else '/'}{area.pk}/"
    area.save(update_fields=["path"])
    record("area.added", by=by, target=area, kind_of_area=kind)
    return area


@transaction.atomic
def change_area(*, area: Area, by: User, **values: Any) -> Area:
    """`values`: name, codes, parent. With a new parent, everything below moves along."""
    area = Area.objects.select_for_update(of=("self",)).get(pk=area.pk)
    parent = values.get("parent", area.parent)
    if parent is not None and parent.path.startswith(area.path):
        raise CannotChangeArea(f"{area} cannot lie within itself")
    changed = [field for field, value in values.items() if getattr(area, field) != value]
    for field in changed:
        setattr(area, field, values[field])
    if not changed:
        return area
    _save(area)
    if "parent" in changed:
        _move(area, f"{parent.path if parent else '/'}{area.pk}/")
    record("area.changed", by=by, target=area, fields=changed)
    return area


@transaction.atomic
def remove_area(*, area: Area, by: User) -> None:
    """Only while nothing lies in it: reports of the past keep their areas."""
    pk = area.pk
    try:
        with transaction.atomic():
            record("area.removed", by=by, target=area)
            area.delete()
    except ProtectedError as problem:
        area.pk = pk
        raise CannotChangeArea(f"{area} is in use, so it stays. You can change its name") from problem


def _save(area: Area) -> None:
    try:
        with transaction.atomic():
            area.save()
    except IntegrityError as clash:
        raise CannotChangeArea(f"{area.name} is there already") from clash


def _move(area: Area, path: str) -> None:
    before = area.path
    Area.objects.within(area).update(path=Concat(Value(path), Substr(F("path"), len(before) + 1)))
    area.path = path
