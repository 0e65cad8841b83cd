"""Which of a partnership's areas a published ward is, although its code and name change with the years."""

import re
import unicodedata
from collections import defaultdict
from typing import NamedTuple

from csp.agencies.enums import AreaKind
from csp.agencies.models import Area, Partnership, Ward

ADDED_BY_PUBLISHERS = re.compile(
    r"(\s+(ward|ed|district|county|london boro))?(\s*\((b|ua|c)\))?$", re.IGNORECASE
)
NOT_LETTERS = re.compile(r"[^a-z0-9]+")
SAY_NOTHING = frozenset(["and", "the", "of", "on", "in", "with"])
POINT_SOMEWHERE = SAY_NOTHING | frozenset(
    ["north", "south", "east", "west", "central", "park", "upper", "lower", "st"]
)


class Placed(NamedTuple):
    ward: Area | None = None
    local_area: Area | None = None


def plain_name(name: str) -> str:
    """Without what publishers add: `Oxford District (B)` is Oxford, the bar in `Hailey| Leafield` a comma."""
    return ADDED_BY_PUBLISHERS.sub("", name.strip().replace("|", ",")).strip()


def folded_name(name: str) -> str:
    """One spelling, so that `St. Mary's & Holton Ward` is found as `St Marys and Holton`."""
    plain = unicodedata.normalize("NFKD", plain_name(name)).casefold().replace("&", " and ")
    return " ".join(NOT_LETTERS.sub(" ", re.sub(r"['\u2019\u0300-\u036f]", "", plain)).split())


class AreaIndex:
    """The areas of one partnership in memory: a few hundred rows, read once."""

    def __init__(self, partnership: Partnership) -> None:
        self.areas = {area.pk: area for area in Area.objects.filter(partnership=partnership).order_by("pk")}
        self._by_code: dict[str, Area] = {}
        self._wards: dict[int, dict[str, Area]] = defaultdict(dict)
        self.districts = {
            folded_name(area.name): area for area in self.areas.values() if area.kind == AreaKind.DISTRICT
        }
        """By the name that `folded_name` makes of theirs."""
        self._found: dict[str, Placed] = {}
        for area in self.areas.values():
            if area.kind not in (AreaKind.DISTRICT, AreaKind.WARD):
                continue
            self._by_code |= dict.fromkeys(area.codes, area)
            if area.kind == AreaKind.WARD and (district := self.above(area, AreaKind.DISTRICT)):
                self._wards[district.pk][folded_name(area.name)] = area

    def above(self, area: Area, kind: AreaKind) -> Area | None:
        """The nearest ancestor of a kind."""
        ancestors = (self.areas.get(int(pk)) for pk in reversed(area.path.strip("/").split("/")[:-1]))
        return next((each for each in ancestors if each and each.kind == kind), None)

    def district(self, ward: Ward) -> Area | None:
        """The district of a published ward, by its code or its name. None where it is outside."""
        found = self._by_code.get(ward.district_code)
        if found and found.kind == AreaKind.DISTRICT:
            return found
        return self.districts.get(folded_name(ward.district_name))

    def place(self, ward: Ward) -> Placed:
        """Where a published ward lies here. Empty where it is outside the partnership."""
        if ward.code not in self._found:
            area = self.ward(ward)
            self._found[ward.code] = Placed(area, self._local_area(ward, area))
        return self._found[ward.code]

    def ward(self, ward: Ward) -> Area | None:
        """By code, else by name within the district, else the one ward whose name holds all of the other's
        words: Benson became Benson & Crowmarsh.
        """
        if area := self._by_code.get(ward.code):
            return area
        names = self._names(ward)
        wanted = folded_name(ward.name)
        if wanted in names:
            return names[wanted]
        words = set(wanted.split()) - SAY_NOTHING
        near = [area for name, area in names.items() if _holds(set(name.split()) - SAY_NOTHING, words)]
        return near[0] if len(near) == 1 else None

    def _names(self, ward: Ward) -> dict[str, Area]:
        district = self._by_code.get(ward.district_code)
        return self._wards[district.pk] if district else {}

    def _local_area(self, ward: Ward, area: Area | None) -> Area | None:
        """Of a ward that is no more, the local area to which all wards named after the same place belong:
        wherever Didcot Ladygrove went, it is still in Didcot.
        """
        if area:
            return self.above(area, AreaKind.LOCAL_AREA)
        words = set(folded_name(ward.name).split()) - POINT_SOMEWHERE
        akin = [each for name, each in self._names(ward).items() if words & set(name.split())]
        local = {self.above(each, AreaKind.LOCAL_AREA) for each in akin}
        return local.pop() if len(local) == 1 else None


def _holds(one: set[str], other: set[str]) -> bool:
    return bool(one and other) and (one <= other or other <= one)
