"""Street-level files as the police publish them, made up."""

import csv
import gzip
import io

HEADER = [
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location",
    "LSOA code", "LSOA name", "Crime type", "Last outcome category", "Context",
]  # fmt: skip
ASB = "Anti-social behaviour"
FORCE = "Made-up Police"


def police_row(
    kind=ASB,
    *,
    month="2024-04",
    force=FORCE,
    lon="-1.267367",
    lat="51.750231",
    place="On or near Mill Road",
    lsoa="E01028641",
    name="South Oxfordshire 001A",
    ref="",
    outcome="",
):
    return [ref, month, force, force, lon, lat, place, lsoa, name, kind, outcome, ""]


def nowhere(kind=ASB, **values):
    """The police say no place."""
    return police_row(kind, lon="", lat="", place="No Location", lsoa="", name="", **values)


def police_bytes(*rows, header=HEADER, packed=False):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([header, *rows])
    content = out.getvalue().encode()
    return gzip.compress(content) if packed else content
