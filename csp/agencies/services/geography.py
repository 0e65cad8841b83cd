"""From a postcode, an LSOA code or a point to the partnership's own ward and local area."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from csp.agencies.models import Area, Lsoa, Partnership, Postcode, Ward
from csp.agencies.services.area_index import AreaIndex, Placed
from csp.agencies.services.points import NEAR_METRES, Point, box_around, sound_point
from csp.core.typed import read_postcode

KEPT_POINTS = 20_000

NEAREST_POSTCODE = """
SELECT wanted.n, nearest.ward_id
FROM unnest(%s::int[], %s::float8[], %s::float8[], %s::float8[], %s::float8[], %s::float8[], %s::float8[])
    AS wanted(n, lat, lon, south, north, west, east)
CROSS JOIN LATERAL (
    SELECT ward_id, (latitude - lat) ^ 2 + ((longitude - lon) * cos(radians(lat))) ^ 2 AS squared_degrees
    FROM agencies_postcode
    WHERE latitude BETWEEN south AND north AND longitude BETWEEN west AND east AND ward_id IS NOT NULL
    ORDER BY squared_degrees, code LIMIT 1
) AS nearest
WHERE nearest.squared_degrees <= ((north - south) / 2) ^ 2
"""


@dataclass(frozen=True)
class Whereabouts:
    """What is known of a place before it is looked up. Coordinates may be anything somebody put in a file."""

    postcode: str = ""
    latitude: object = None
    longitude: object = None
    lsoa: str = ""

    @property
    def postcode_key(self) -> str:
        return (read_postcode(self.postcode) or "").replace(" ", "")

    @property
    def lsoa_key(self) -> str:
        return self.lsoa.strip().upper()


@dataclass(frozen=True)
class Located:
    """`notes` say what was given and could not be used."""

    latitude: float | None = None
    longitude: float | None = None
    ward: Area | None = None
    local_area: Area | None = None
    notes: tuple[str, ...] = ()


def postcode(code: str) -> Postcode | None:
    """The postcode as loaded, however it is typed."""
    if not (clean := read_postcode(code)):
        return None
    return Postcode.objects.select_related("ward").filter(pk=clean.replace(" ", "")).first()


def locate(
    *,
    partnership: Partnership,
    postcode: str = "",
    latitude: object = None,
    longitude: object = None,
    lsoa: str = "",
) -> Located:
    """The point, ward and local area of one place. For many, keep a `Locator`."""
    return Locator(partnership).locate(Whereabouts(postcode, latitude, longitude, lsoa))


class Locator:
    """Finds many places of one partnership with a few queries for each batch.

    The ward is that of the postcode, else of the LSOA, else of the nearest postcode within a kilometre.
    A place outside the partnership's districts has its point and no ward.
    """

    def __init__(self, partnership: Partnership) -> None:
        self.areas = AreaIndex(partnership)
        self._nearest: dict[Point, Placed] = {}

    def locate(self, wanted: Whereabouts) -> Located:
        return self.locate_many([wanted])[0]

    def locate_many(self, wanted: Sequence[Whereabouts]) -> list[Located]:
        postcodes = self._postcodes(each.postcode_key for each in wanted)
        lsoas = self._lsoas(each.lsoa_key for each in wanted)
        found = []
        for each in wanted:
            point, notes = sound_point(each.latitude, each.longitude)
            centre, by_postcode = postcodes.get(each.postcode_key, (None, None))
            placed = first_with_a_ward(by_postcode, lsoas.get(each.lsoa_key))
            found.append((point or centre, notes, placed))
        nearest = self._near(point for point, _, placed in found if point and placed is None)
        return [
            at(point, placed or (nearest[point] if point else Placed()), notes)
            for point, notes, placed in found
        ]

    def _postcodes(self, keys: Iterable[str]) -> dict[str, tuple[Point | None, Placed | None]]:
        if not (known := {key for key in keys if key}):
            return {}
        rows = Postcode.objects.filter(pk__in=known).select_related("ward")
        return {
            row.code: (
                None if row.latitude is None or row.longitude is None else (row.latitude, row.longitude),
                self.areas.place(row.ward) if row.ward else None,
            )
            for row in rows
        }

    def _lsoas(self, keys: Iterable[str]) -> dict[str, Placed]:
        if not (known := {key for key in keys if key}):
            return {}
        rows = Lsoa.objects.filter(pk__in=known).select_related("ward")
        return {row.code: self.areas.place(row.ward) for row in rows}

    def _near(self, points: Iterable[Point]) -> dict[Point, Placed]:
        """The same points come again and again in a file, so what was found is kept, up to a limit."""
        wanted = set(points)
        if len(self._nearest) > KEPT_POINTS:
            self._nearest = {}
        if unknown := sorted(wanted - self._nearest.keys()):
            ward_at = nearest_wards(unknown)
            wards = Ward.objects.in_bulk(set(ward_at.values()))
            for n, point in enumerate(unknown):
                near = wards.get(ward_at.get(n, 0))
                self._nearest[point] = self.areas.place(near) if near else Placed()
        return self._nearest


def at(point: Point | None, placed: Placed, notes: tuple[str, ...]) -> Located:
    latitude, longitude = point or (None, None)
    return Located(latitude, longitude, placed.ward, placed.local_area, notes)


def first_with_a_ward(*placed: Placed | None) -> Placed | None:
    known = [each for each in placed if each is not None]
    return next((each for each in known if each.ward), known[0] if known else None)


def nearest_wards(points: Sequence[Point]) -> dict[int, int]:
    """The ward of the postcode nearest to each point, by the point's number, where one is near enough."""
    columns = zip(*(point + box_around(*point, NEAR_METRES) for point in points), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(NEAREST_POSTCODE, [list(range(len(points))), *map(list, columns)])
        return dict(cursor.fetchall())
