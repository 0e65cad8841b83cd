"""The rows of a street-level file as the police of England and Wales publish it each month."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from cases.services.imports.reading import Table
from cases.services.imports.refusals import CannotImport, RowRejected
from cases.services.imports.tables import Row
from csp.agencies.services.gazetteer import LSOA_CODE
from csp.agencies.services.points import HALF, NO_NUMBERS, Point, sound_point

COLUMNS = {
    "crime_id": ("crime id",),
    "month": ("month",),
    "force": ("falls within", "reported by"),
    "longitude": ("longitude",),
    "latitude": ("latitude",),
    "location": ("location",),
    "lsoa_code": ("lsoa code",),
    "lsoa_name": ("lsoa name",),
    "crime_type": ("crime type",),
    "outcome": ("last outcome category", "outcome type"),
}
MAY_LACK = {"crime_id", "outcome"}
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
LONGEST_ID, LONGEST_TYPE = 64, 60


class PoliceRow(NamedTuple):
    force: str
    month: str
    crime_id: str
    crime_type: str
    location: str
    point: Point | None
    lsoa_code: str
    lsoa_name: str
    outcome: str


class NotAPoliceFile(CannotImport):
    """The file is a table, but of something else."""


def reader_of(table: Table, today: dt.date) -> Callable[[Row], PoliceRow]:
    """A function that reads a row, or raises `RowRejected`. Raises `NotAPoliceFile` for another header."""
    where = columns_of(table.header)
    this_month = f"{today:%Y-%m}"

    def read(row: Row) -> PoliceRow:
        cells = _whole(row, len(table.header))
        return _read({name: cells[place] for name, place in where.items()}, this_month)

    return read


def columns_of(header: Sequence[str]) -> dict[str, int]:
    names = {name.casefold(): place for place, name in enumerate(header)}
    found = {
        name: next((names[each] for each in spellings if each in names), -1)
        for name, spellings in COLUMNS.items()
    }
    missing = [COLUMNS[name][0] for name, place in found.items() if place < 0 and name not in MAY_LACK]
    if missing:
        listed = ", ".join(f"“{name.capitalize().replace('Lsoa', 'LSOA')}”" for name in missing)
        raise NotAPoliceFile(
            f"This is not a street-level file of the police: it has no column {listed}. "
            "Choose a file whose name ends with street.csv"
        )
    return {name: place for name, place in found.items() if place >= 0}


def _whole(row: Row, width: int) -> list[str]:
    if row.problem:
        raise RowRejected(row.problem)
    if len(row.cells) < width or any(row.cells[width:]):
        raise RowRejected(f"It has {len(row.cells)} values, but the header names {width} columns")
    return row.cells


def _read(given: dict[str, str], this_month: str) -> PoliceRow:
    if not MONTH.fullmatch(given["month"]):
        raise RowRejected(f"“{given['month']}” is not a month. Write it like 2024-04")
    if given["month"] > this_month:
        raise RowRejected(f"The month {given['month']} is in the future")
    if not given["force"]:
        raise RowRejected("It does not say which force it is from")
    if not given["crime_type"]:
        raise RowRejected("It has no crime type")
    if len(given["crime_type"]) > LONGEST_TYPE:
        raise RowRejected(f"Its crime type is longer than {LONGEST_TYPE} characters")
    if len(given.get("crime_id", "")) > LONGEST_ID:
        raise RowRejected(f"Its crime ID is longer than {LONGEST_ID} characters")
    if given["lsoa_code"] and not LSOA_CODE.fullmatch(given["lsoa_code"]):
        raise RowRejected(f"“{given['lsoa_code']}” is not an LSOA code")
    return PoliceRow(
        force=given["force"][:80],
        month=given["month"],
        crime_id=given.get("crime_id", ""),
        crime_type=given["crime_type"],
        location=given["location"][:200],
        point=_point(given),
        lsoa_code=given["lsoa_code"],
        lsoa_name=given["lsoa_name"][:80],
        outcome=given.get("outcome", "")[:80],
    )


def _point(given: dict[str, str]) -> Point | None:
    """Some published points lie far outside the country. Those rows come in without a point."""
    point, notes = sound_point(given["latitude"], given["longitude"])
    if HALF in notes or NO_NUMBERS in notes:
        raise RowRejected(notes[0])
    return point
