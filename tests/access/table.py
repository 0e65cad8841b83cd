"""Reads `table.txt` and the tables of the nouns: what each address answers to each role."""

from dataclasses import dataclass
from pathlib import Path

from tests.access.nouns import lines
from tests.access.world import ROLES

FILE = Path(__file__).with_name("table.txt")
CODES = {"ok", ">>", "in", "no", "--", "401"}


@dataclass(frozen=True)
class Row:
    name: str
    method: str
    codes: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.name}"


def read(text: str) -> list[Row]:
    rows = []
    for line in text.splitlines():
        if not line.strip() or line.startswith(("#", "==")):
            continue
        name, method, *codes = line.split()
        if len(codes) != len(ROLES) or not CODES.issuperset(codes):
            raise ValueError(
                f"This line of the table has to say what each of {len(ROLES)} roles gets: {line}"
            )
        rows.append(Row(name, method, dict(zip(ROLES, codes, strict=True))))
    return rows


ROWS = read(FILE.read_text() + lines("TABLE"))
KNOWN = {(row.name, row.method) for row in ROWS}
