"""The published lists of postcodes and LSOAs, brought in from files."""

import csv
import gzip
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from django.db import connection, transaction

from csp.agencies.models import User
from csp.agencies.services.area_index import plain_name
from csp.agencies.services.points import sound_point
from csp.audit.services import record
from csp.core.errors import RuleBroken
from csp.core.typed import read_postcode

AT_ONCE = 10_000
GZIP = b"\x1f\x8b"
WARD_CODE = re.compile(r"[EWSN]\d{8}")
LSOA_CODE = re.compile(r"[EWS]01\d{6}")
QUALITY = re.compile(r"\d{1,2}")


class FileRefused(RuleBroken):
    """The file as a whole is not what it should be."""


class RowRefused(Exception):
    """One row is not; the others go on."""


@dataclass
class Tally:
    """What a run did with the rows of a file."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[tuple[int, str, list[str]]] = field(default_factory=list)
    """Line number, reason and the row as it was."""
    header: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        counts = {name: getattr(self, name) for name in ("read", "created", "updated", "unchanged")}
        return counts | {"rejected": len(self.rejected)}


POSTCODE_COLUMNS = {
    "code": r"postcode|pcds?",
    "quality": r"positional_quality_indicator",
    "latitude": r"lat(itude)?",
    "longitude": r"long?(itude)?",
    "ward": r"admin_ward_code|osward",
    "ward_name": r"admin_ward_name",
    "district": r"admin_district_code|oslaua",
    "district_name": r"admin_district_name",
}
LSOA_COLUMNS = {
    "code": r"lsoa\d\dcd",
    "name": r"lsoa\d\dnm",
    "ward": r"wd\d\dcd",
    "ward_name": r"wd\d\dnm",
    "district": r"lad\d\dcd",
    "district_name": r"lad\d\dnm",
}

STAGE_POSTCODES = """
CREATE TEMP TABLE staged (code text, latitude float8, longitude float8, quality int, ward text,
    ward_name text, district text, district_name text) ON COMMIT DROP
"""
STAGE_LSOAS = """
CREATE TEMP TABLE staged (code text, name text, ward text, ward_name text, district text, district_name text)
    ON COMMIT DROP
"""
UPSERT_WARDS = """
INSERT INTO agencies_ward AS old (code, name, district_code, district_name)
SELECT DISTINCT ON (ward) ward, ward_name, district, district_name FROM staged WHERE ward IS NOT NULL
ORDER BY ward, ward_name
ON CONFLICT (code) DO UPDATE SET name = excluded.name, district_code = excluded.district_code,
    district_name = excluded.district_name
WHERE (old.name, old.district_code, old.district_name)
    IS DISTINCT FROM (excluded.name, excluded.district_code, excluded.district_name)
"""
UPSERT_POSTCODES = """
INSERT INTO agencies_postcode AS old (code, latitude, longitude, quality, ward_id)
SELECT staged.code, latitude, longitude, quality, agencies_ward.id
FROM staged LEFT JOIN agencies_ward ON agencies_ward.code = staged.ward
ON CONFLICT (code) DO UPDATE SET latitude = excluded.latitude, longitude = excluded.longitude,
    quality = excluded.quality, ward_id = excluded.ward_id
WHERE (old.latitude, old.longitude, old.quality, old.ward_id)
    IS DISTINCT FROM (excluded.latitude, excluded.longitude, excluded.quality, excluded.ward_id)
RETURNING xmax = 0
"""
UPSERT_LSOAS = """
INSERT INTO agencies_lsoa AS old (code, name, ward_id)
SELECT staged.code, staged.name, agencies_ward.id
FROM staged JOIN agencies_ward ON agencies_ward.code = staged.ward
ON CONFLICT (code) DO UPDATE SET name = excluded.name, ward_id = excluded.ward_id
WHERE (old.name, old.ward_id) IS DISTINCT FROM (excluded.name, excluded.ward_id)
RETURNING xmax = 0
"""


def load_postcodes(*, path: Path, by: User | None = None) -> Tally:
    """Postcodes with their centres and wards, in the shape of Code-Point Open with names added."""
    return _load(
        path, POSTCODE_COLUMNS, _postcode_row, STAGE_POSTCODES, UPSERT_POSTCODES, "postcodes.loaded", by
    )


def load_lsoas(*, path: Path, by: User | None = None) -> Tally:
    """LSOAs with the ward each fits best, and the wards with their districts."""
    return _load(path, LSOA_COLUMNS, _lsoa_row, STAGE_LSOAS, UPSERT_LSOAS, "lsoas.loaded", by)


Clean = Callable[[dict[str, str]], tuple[Any, ...]]


@transaction.atomic
def _load(
    path: Path, columns: dict[str, str], clean: Clean, stage: str, upsert: str, verb: str, by: User | None
) -> Tally:
    tally = Tally()
    with connection.cursor() as cursor, opened(path) as text:
        cursor.execute("DROP TABLE IF EXISTS staged")
        cursor.execute(stage)
        rows = _sound_rows(text, columns, clean, tally)
        while batch := list(islice(rows, AT_ONCE)):
            cursor.copy_expert("COPY staged FROM STDIN (FORMAT csv)", _as_csv(batch))
        cursor.execute(UPSERT_WARDS)
        cursor.execute(upsert)
        fresh = [created for (created,) in cursor.fetchall()]
    tally.created, tally.updated = fresh.count(True), fresh.count(False)
    tally.unchanged = tally.read - len(tally.rejected) - len(fresh)
    if fresh:
        record(verb, by=by, **tally.as_dict())
    return tally


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    try:
        with path.open("rb") as raw:
            packed = raw.read(len(GZIP)) == GZIP
            raw.seek(0)
            binary = gzip.GzipFile(fileobj=raw) if packed else raw
            with io.TextIOWrapper(binary, encoding="utf-8-sig", newline="") as text:
                yield text
    except (OSError, EOFError) as problem:
        raise FileRefused(f"{path} cannot be read: {problem}") from problem
    except (UnicodeDecodeError, csv.Error) as problem:
        raise FileRefused(f"{path} is not a CSV file in UTF-8: {problem}") from problem


def _sound_rows(
    text: TextIO, columns: dict[str, str], clean: Clean, tally: Tally
) -> Iterator[tuple[Any, ...]]:
    reader = csv.reader(text)
    tally.header = next(reader, [])
    where = _find_columns(tally.header, columns)
    seen: dict[str, int] = {}
    line = reader.line_num
    for cells in reader:
        line, first = reader.line_num, line + 1
        if not any(cells):
            continue
        tally.read += 1
        try:
            yield _sound_row(cells, where, clean, seen, first, len(tally.header))
        except RowRefused as problem:
            tally.rejected.append((first, str(problem), cells))


def _sound_row(
    cells: list[str], where: dict[str, int], clean: Clean, seen: dict[str, int], line: int, width: int
) -> tuple[Any, ...]:
    if len(cells) != width:
        raise RowRefused(f"It has {len(cells)} values, but the header names {width} columns")
    row = clean({name: cells[n].strip() for name, n in where.items()})
    if (before := seen.setdefault(row[0], line)) != line:
        raise RowRefused(f"{row[0]} is on line {before} already")
    return row


def _find_columns(header: list[str], columns: dict[str, str]) -> dict[str, int]:
    names = [name.strip().casefold() for name in header]
    where = {
        wanted: n
        for wanted, pattern in columns.items()
        for n, name in enumerate(names)
        if re.fullmatch(pattern, name)
    }
    if missing := [name.replace("_", " ") for name in columns if name not in where and name != "quality"]:
        raise FileRefused(f"The file has no column for: {', '.join(missing)}")
    return where


def _postcode_row(given: dict[str, str]) -> tuple[Any, ...]:
    code = read_postcode(given["code"])
    if not code:
        raise RowRefused(f"{given['code'] or 'Nothing'} is not a postcode")
    point, notes = sound_point(given["latitude"], given["longitude"])
    if notes:
        raise RowRefused(notes[0])
    quality = given.get("quality") or "10"
    if not QUALITY.fullmatch(quality):
        raise RowRefused(f"{quality} is not a quality from 10 to 90")
    ward = _ward(given) if given["ward"] else (None, None, None, None)
    return (code.replace(" ", ""), *(point or (None, None)), int(quality), *ward)


def _lsoa_row(given: dict[str, str]) -> tuple[Any, ...]:
    if not LSOA_CODE.fullmatch(given["code"]):
        raise RowRefused(f"{given['code'] or 'Nothing'} is not an LSOA code")
    return (given["code"], given["name"][:80] or given["code"], *_ward(given))


def _ward(given: dict[str, str]) -> tuple[str, str, str, str]:
    for each in ("ward", "district"):
        if not WARD_CODE.fullmatch(given[each]):
            raise RowRefused(f"{given[each] or 'Nothing'} is not a {each} code")
        if not plain_name(given[f"{each}_name"]):
            raise RowRefused(f"The {each} has no name")
    ward, district = plain_name(given["ward_name"])[:120], plain_name(given["district_name"])[:120]
    return given["ward"], ward, given["district"], district


def _as_csv(rows: list[tuple[Any, ...]]) -> io.StringIO:
    """For COPY, in which nothing between two commas is NULL."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    out.seek(0)
    return out
