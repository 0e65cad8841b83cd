"""The partnership's areas, grown from the published list of wards and districts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from csp.agencies.enums import AreaKind
from csp.agencies.models import Area, Partnership, User, Ward
from csp.agencies.services.area_index import AreaIndex, folded_name
from csp.agencies.services.gazetteer import Tally, load_lsoas
from csp.audit.services import record
from csp.core.errors import RuleBroken


class NoSuchDistrict(RuleBroken): ...


@dataclass
class Grown:
    """What became of the area tree. `unplaced` are wards known from postcodes that lie nowhere in it yet."""

    created: int = 0
    updated: int = 0
    unplaced: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {"created": self.created, "updated": self.updated, "unplaced_wards": self.unplaced}


@transaction.atomic
def load_areas(
    *, path: Path, partnership: Partnership, districts: Sequence[str] = (), by: User | None = None
) -> tuple[Tally, Grown]:
    """LSOAs, wards, and the partnership's areas for the wards of its districts, named or given by code."""
    tally = load_lsoas(path=path, by=by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT ward FROM staged")
        listed = [code for (code,) in cursor.fetchall()]
    wards = Ward.objects.filter(code__in=listed).order_by("district_code", "code")
    Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)  # two loads would make twins
    tree = AreaTree(partnership)
    tree.grow(_within(list(wards), tree.wanted(districts)))
    if tree.grown.created or tree.grown.updated:
        record("areas.loaded", by=by, partnership=partnership, **tree.grown.as_dict())
    tree.grown.unplaced = _unplaced(partnership)
    return tally, tree.grown


def _within(wards: list[Ward], districts: Sequence[str]) -> list[Ward]:
    if not districts:
        raise NoSuchDistrict("The partnership has no district yet. Name its districts, or give their codes")
    known = {name for ward in wards for name in (ward.district_code, folded_name(ward.district_name))}
    if missing := [each for each in districts if each not in known and folded_name(each) not in known]:
        there = ", ".join(sorted({ward.district_name for ward in wards}))
        raise NoSuchDistrict(f"The file has no district {missing[0]}. It has: {there}")
    wanted = {*districts, *map(folded_name, districts)}
    return [ward for ward in wards if {ward.district_code, folded_name(ward.district_name)} & wanted]


def _unplaced(partnership: Partnership) -> list[str]:
    index = AreaIndex(partnership)
    codes = [code for area in index.areas.values() if area.kind == AreaKind.DISTRICT for code in area.codes]
    wards = Ward.objects.filter(district_code__in=codes).order_by("code")
    return [f"{ward.code} {ward.name}" for ward in wards if not index.place(ward).ward]


class AreaTree:
    """Adds what is missing and leaves what the administrator arranged: a ward in a local area stays in it."""

    def __init__(self, partnership: Partnership) -> None:
        self.partnership = partnership
        self.grown = Grown()
        self.areas = list(Area.objects.filter(partnership=partnership).order_by("pk"))

    def wanted(self, districts: Sequence[str]) -> list[str]:
        own = [code for area in self.areas if area.kind == AreaKind.DISTRICT for code in area.codes]
        return [each.strip() for each in districts if each.strip()] or own

    def grow(self, wards: Sequence[Ward]) -> None:
        for ward in wards:
            district = self._area(AreaKind.DISTRICT, ward.district_code, ward.district_name, None)
            self._area(AreaKind.WARD, ward.code, ward.name, district)

    def _root(self) -> Area:
        found = next((area for area in self.areas if area.kind == AreaKind.PARTNERSHIP), None)
        return found or self._add(AreaKind.PARTNERSHIP, "", self.partnership.name, None)

    def _area(self, kind: AreaKind, code: str, name: str, above: Area | None) -> Area:
        """By code, else by name anywhere below `above`, else new."""
        akin = [area for area in self.areas if area.kind == kind]
        if found := next((area for area in akin if code in area.codes), None):
            return found
        below = [area for area in akin if area.path.startswith(above.path if above else "/")]
        found = next((area for area in below if folded_name(area.name) == folded_name(name)), None)
        if not found:
            return self._add(kind, code, name, above or self._root())
        found.codes = [*found.codes, code]
        found.save(update_fields=["codes"])
        self.grown.updated += 1
        return found

    def _add(self, kind: AreaKind, code: str, name: str, parent: Area | None) -> Area:
        area = Area(partnership=self.partnership, parent=parent, kind=kind, name=name)
        area.codes = [code] if code else []
        area.save()
        area.path = f"{parent.path if parent else '/'}{area.pk}/"
        area.save(update_fields=["path"])
        self.areas.append(area)
        self.grown.created += 1
        return area
