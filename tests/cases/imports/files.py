"""Files as other systems write them."""

import csv
import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings

POLICE_FILES = {
    "2018-06": (18_188, 3_431),
    "2024-01": (15_606, 1_142),
    "2024-02": (15_016, 1_243),
    "2024-03": (16_160, 1_414),
    "2024-04": (16_194, 1_568),
}
"""Rows, and rows of anti-social behaviour among them, as the notes on the data say."""

POLICE_HEADER = [
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location",
    "LSOA code", "LSOA name", "Crime type", "Last outcome category", "Context",
]  # fmt: skip
ASB = "Anti-social behaviour"


def csv_bytes(rows, *, encoding="utf-8", delimiter=",", line_end="\r\n", quoting=csv.QUOTE_MINIMAL):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(rows)
    return out.getvalue().encode(encoding)


def csv_file(rows, **dialect):
    return io.BytesIO(csv_bytes(rows, **dialect))


def xlsx_bytes(rows, sheet="Sheet1"):
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(content, name, data):
    """The workbook with one more part, or with another in its place."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for part in before.infolist():
            if part.filename != name:
                after.writestr(part, before.read(part.filename))
        after.writestr(name, data)
    return out.getvalue()


def police_row(
    month="2024-01",
    lon="-1.267367",
    lat="51.750231",
    place="On or near Mill Road",
    lsoa="E01028500",
    kind=ASB,
    ref="",
):
    return [
        ref,
        month,
        "Made-up Police",
        "Made-up Police",
        lon,
        lat,
        place,
        lsoa,
        "Oxford 001A",
        kind,
        "",
        "",
    ]


def police_sample():
    """A small made-up file with the quirks of the real ones."""
    return [
        POLICE_HEADER,
        police_row(),
        police_row(),
        police_row(),  # three incidents that look the same
        police_row(lon="", lat="", place="No Location", lsoa=""),
        police_row(lon="", lat="", place="No Location", lsoa=""),
        police_row(lon="0", lat="0"),
        police_row(lon="51.750231", lat="-1.267367"),
        police_row(lon="12.5", lat="41.9", place="On or near"),
        police_row(kind="Burglary", ref="a" * 64),
        police_row(kind="Drugs", ref="b" * 64),
        police_row(place="On or near, King's Head"),
    ]


def shared_file(name):
    path = Path(settings.SHARED_DATA_DIR) / name
    if not path.exists():
        pytest.skip("the open data samples are not on this machine (SHARED_DATA_DIR)")
    return path


A_DATE = dt.datetime(2024, 4, 3)  # noqa: DTZ001 -- as workbooks hold dates
