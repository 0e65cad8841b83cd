"""An import of police-shaped rows through the command, beside COPY of the same file into a plain table."""

import csv
import io
import json
import random
import tempfile
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from cases.models import ImportRun
from csp.agencies.models import Partnership

ROWS = 20_000
HEADER = (
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location",
    "LSOA code", "LSOA name", "Crime type", "Last outcome category", "Context",
)  # fmt: skip
STREETS = ("Mill Road", "Station Road", "High Street", "Park/Open Space", "Supermarket", "Church Lane")


def measure_import() -> dict[str, Any]:
    partnership = Partnership.objects.select_related("receiving_partner").order_by("pk")[0]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "street.csv"
        path.write_text(_street_file(), encoding="utf-8")
        ours = timed(lambda: _import(path, partnership))
        copied = timed(lambda: copy_plainly(path))
    return {"rows": ROWS, "rows_per_second": ROWS / ours, "copy_seconds": copied, "times_copy": ours / copied}


def _street_file() -> str:
    """Like the published files: no reference, a month, a snapped point, some rows without a place."""
    chance = random.Random(ImportRun.objects.count())  # noqa: S311 -- the same file each time, on data of its own
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(HEADER)
    for _ in range(ROWS):
        placed = chance.random() > 0.02
        point = (f"{-1.6 + chance.randrange(400) / 600:.6f}", f"{51.4 + chance.randrange(400) / 1000:.6f}")
        street = f"On or near {chance.choice(STREETS)}" if placed else "No Location"
        writer.writerow(
            ["", "2026-03", "Demo Police", "Demo Police", *(point if placed else ("", "")), street, "", "",
             "Anti-social behaviour", "", ""]
        )  # fmt: skip
    return sheet.getvalue()


def _import(path: Path, partnership: Partnership) -> None:
    answer = io.StringIO()
    call_command(
        "import_reports",
        path,
        partnership=partnership.slug,
        agency=partnership.receiving_partner.name if partnership.receiving_partner else "",
        mapping=settings.BASE_DIR / "cases" / "mappings" / "police-street.toml",
        json=True,
        stdout=answer,
    )
    created = json.loads(answer.getvalue())["created"]
    if created != ROWS:
        raise ValueError(f"{created} of {ROWS} rows came in")


def copy_plainly(path: Path) -> None:
    columns = ", ".join(f'"{name}" text' for name in HEADER)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_copy ({columns})")
        with path.open() as file:
            cursor.copy_expert("COPY bench_copy FROM STDIN WITH (FORMAT csv, HEADER)", file)
        cursor.execute("DROP TABLE bench_copy")


def timed(call: Any) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
