"""Points on the map as files give them, and the boxes around them."""

import math
import re

Point = tuple[float, float]  # latitude, longitude in degrees, WGS 84
Box = tuple[float, float, float, float]  # south, north, west, east

NEAR_METRES = 1000
METRES_A_DEGREE = 111_320
SOUTH, NORTH, WEST, EAST = 49.8, 60.95, -8.65, 1.8  # Great Britain with its islands
NUMBER = re.compile(r"[+-]?\d{1,6}(\.\d*)?([eE][+-]?\d{1,2})?", re.ASCII)

HALF = "Only one of latitude and longitude was given"
NO_NUMBERS = "The coordinates are not numbers"
SWAPPED = "Latitude and longitude look swapped"
OUTSIDE = "The coordinates are outside Great Britain"


def sound_point(latitude: object, longitude: object) -> tuple[Point | None, tuple[str, ...]]:
    """The point, or None and a note that says why what was given is not one. Nothing given needs no note."""
    given = [each for each in (latitude, longitude) if each not in (None, "")]
    if not given:
        return None, ()
    if len(given) == 1:
        return None, (HALF,)
    lat, lon = _number(latitude), _number(longitude)
    if lat is None or lon is None:
        return None, (NO_NUMBERS,)
    if in_great_britain(lat, lon):
        return (lat, lon), ()
    return None, (SWAPPED if in_great_britain(lon, lat) else OUTSIDE,)


def in_great_britain(latitude: float, longitude: float) -> bool:
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST


def _number(given: object) -> float | None:
    text = str(given).strip()
    number = float(text) if NUMBER.fullmatch(text) else math.nan
    return number if math.isfinite(number) else None


def box_around(latitude: float, longitude: float, metres: float) -> Box:
    """The square around a point: an index finds what lies in it, the caller then measures."""
    up = metres / METRES_A_DEGREE
    across = up / math.cos(math.radians(latitude))
    return latitude - up, latitude + up, longitude - across, longitude + across


def metres_between(one: Point, other: Point) -> float:
    """Near enough within a county, where the earth is flat."""
    up = one[0] - other[0]
    across = (one[1] - other[1]) * math.cos(math.radians((one[0] + other[0]) / 2))
    return math.hypot(up, across) * METRES_A_DEGREE
