"""Where a row of a police file lies in the partnership."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from csp.agencies.models import Area, Lsoa, Partnership, Ward
from csp.agencies.services.area_index import AreaIndex, folded_name
from csp.agencies.services.geography import nearest_wards
from csp.agencies.services.points import Point
from performance.services.police_rows import PoliceRow


class Spot(NamedTuple):
    district: Area
    local_area: Area | None = None
    ward: Area | None = None


class Placer:
    """By the LSOA where it is in the list that was loaded, else by its name, which begins with the district.

    The second kind gets its ward from the nearest postcode in the same district: LSOAs are drawn anew every
    ten years, and the list may be of another decade than the file.
    """

    def __init__(self, partnership: Partnership) -> None:
        self.areas = AreaIndex(partnership)
        self._spots: dict[tuple[str, str], Spot | None] = {}
        self._near: dict[Point, Ward | None] = {}

    @property
    def knows_districts(self) -> bool:
        return bool(self.areas.districts)

    def place_many(self, rows: Sequence[PoliceRow]) -> list[Spot | None]:
        """None where a row lies elsewhere. A few queries for each batch."""
        self._learn_lsoas(rows)
        spots = [self._spots[row.lsoa_code, row.lsoa_name] for row in rows]
        pairs = list(zip(rows, spots, strict=True))
        self._learn_points(row.point for row, spot in pairs if spot and not spot.ward and row.point)
        return [self._nearer(row, spot) for row, spot in pairs]

    def _learn_lsoas(self, rows: Sequence[PoliceRow]) -> None:
        new = {(row.lsoa_code, row.lsoa_name) for row in rows} - self._spots.keys()
        listed = Lsoa.objects.select_related("ward").in_bulk({code for code, _ in new})
        for code, name in new:
            lsoa = listed.get(code)
            self._spots[code, name] = (self._of_ward(lsoa.ward) if lsoa else None) or self._by_name(name)

    def _of_ward(self, ward: Ward) -> Spot | None:
        placed, district = self.areas.place(ward), self.areas.district(ward)
        return Spot(district, placed.local_area, placed.ward) if district else None

    def _by_name(self, name: str) -> Spot | None:
        """South Oxfordshire 014B lies in South Oxfordshire."""
        district = self.areas.districts.get(folded_name(name.rpartition(" ")[0]))
        return Spot(district) if district else None

    def _learn_points(self, points: Iterable[Point]) -> None:
        if not (new := sorted(set(points) - self._near.keys())):
            return
        found = nearest_wards(new)
        wards = Ward.objects.in_bulk(set(found.values()))
        self._near |= {point: wards.get(found.get(place, 0)) for place, point in enumerate(new)}

    def _nearer(self, row: PoliceRow, spot: Spot | None) -> Spot | None:
        if spot is None or spot.ward or not row.point or not (ward := self._near[row.point]):
            return spot
        near = self._of_ward(ward)
        return near if near and near.district == spot.district else spot
