"""How the loading commands tell what they did."""

import csv
import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser, OutputWrapper

from csp.agencies.services.gazetteer import Tally
from csp.core.spreadsheet import safe_cell


def add_output_options(parser: CommandParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--rejected", type=Path, help="where to write rejected rows; by default beside where you are"
    )


def show(out: OutputWrapper, tally: Tally, options: dict[str, Any], **more: dict[str, Any]) -> None:
    facts: dict[str, Any] = tally.as_dict() | more
    if tally.rejected:
        facts["rejected_file"] = str(_write_rejected(tally, options))
    if options["json"]:
        out.write(json.dumps(facts))
        return
    for name, value in facts.items():
        out.write(f"{name.replace('_', ' ').capitalize()}: {_words(value)}")


def _words(value: Any) -> str:
    match value:
        case dict():
            return ", ".join(f"{_words(part)} {name.replace('_', ' ')}" for name, part in value.items())
        case list():
            return str(len(value))
        case _:
            return str(value)


def _write_rejected(tally: Tally, options: dict[str, Any]) -> Path:
    path: Path = options["rejected"] or Path(f"{options['file'].name.split('.')[0]}-rejected.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Line", "Reason", *map(safe_cell, tally.header)])
        for line, reason, cells in tally.rejected:
            writer.writerow([line, safe_cell(reason), *map(safe_cell, cells)])
    return path
