"""Five monthly files of the police through the command, beside COPY of the same rows into a plain table."""

import csv
import io
import json
import random
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management import call_command

from bench.importing import HEADER, copy_plainly, timed
from csp.agencies.enums import AreaKind
from csp.agencies.models import Area, Partnership

FILES, ROWS = 5, 16_000
LSOAS = 1_000
WITHOUT_PLACE = 0.02
TYPES = ("Anti-social behaviour", "Burglary", "Drugs", "Public order", "Violence and sexual offences")
DISTRICTS = tuple(f"District {number}" for number in range(16))
OURS = 2
"""So many of the force's districts are the partnership's."""


def measure_police() -> dict[str, Any]:
    """Of a force with sixteen districts, for a partnership of two of them: as the published files are."""
    partnership = Partnership.objects.order_by("pk")[0]
    for name in DISTRICTS[:OURS]:
        Area.objects.get_or_create(
            partnership=partnership, kind=AreaKind.DISTRICT, name=name, defaults={"path": "/"}
        )
    with tempfile.TemporaryDirectory() as folder:
        paths = [_street_file(Path(folder) / f"{number}-street.csv", number) for number in range(FILES)]
        ours = timed(lambda: _import(paths, partnership))
        copied = sum(timed(partial(copy_plainly, path)) for path in paths)
    rows = FILES * ROWS
    return {
        "files": FILES, "rows": rows, "rows_per_second": rows / ours, "copy_seconds": copied,
        "times_copy": ours / copied,
    }  # fmt: skip


def _street_file(path: Path, number: int) -> Path:
    chance = random.Random(number)  # noqa: S311 -- made-up incidents, not secrets
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(HEADER)
    month = f"2025-{number + 1:02}"
    writer.writerows(_row(chance, month) for _ in range(ROWS))
    path.write_text(sheet.getvalue(), encoding="utf-8")
    return path


def _row(chance: random.Random, month: str) -> list[str]:
    common = [month, "Demo Police", "Demo Police"]
    kind = chance.choice(TYPES)
    ref = "" if kind == TYPES[0] else f"{chance.getrandbits(256):064x}"
    if chance.random() < WITHOUT_PLACE:
        return [ref, *common, "", "", "No Location", "", "", kind, "", ""]
    lsoa = chance.randrange(LSOAS)
    point = (f"{-1.6 + chance.randrange(400) / 600:.6f}", f"{51.4 + chance.randrange(400) / 1000:.6f}")
    place = (f"E0199{lsoa:04}", f"{DISTRICTS[lsoa % len(DISTRICTS)]} {lsoa:03}A")
    return [ref, *common, *point, "On or near Mill Road", *place, kind, "Under investigation", ""]


def _import(paths: list[Path], partnership: Partnership) -> None:
    answer = io.StringIO()
    call_command(
        "import_police_crimes", *paths, partnership=partnership.slug, json=True, again=True, stdout=answer
    )
    read = sum(each["read"] for each in json.loads(answer.getvalue())["files"])
    if read != FILES * ROWS:
        raise ValueError(f"{read} of {FILES * ROWS} rows were read")
