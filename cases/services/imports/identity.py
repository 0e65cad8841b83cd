"""Which row is which: when the same file comes again, and when a later one does."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence

from cases.services.imports.mapping import fold_value
from cases.services.imports.rows import MappedRow

OWN_COLUMNS = ("Line in the file", "Why it was rejected")
"""We add these to rejected rows. Corrected and sent again, a row is still the one it was."""

ROW, REFERENCE = "row:", "ref:"
TRAILING_ZEROS = re.compile(r"([+-]?)0*(\d+)(?:\.(\d*?)0*)?")


class RowIdentity:
    """The print of a row without a reference: all it says, whatever the order of its columns.

    Line ends, encoding, blanks and the way a number is written make no difference, so a file that was opened
    and saved again is recognised. Rows that say the same are told apart by counting them.
    """

    def __init__(self, header: Sequence[str], changing: Iterable[str]) -> None:
        ignored = {fold_value(name) for name in (*changing, *OWN_COLUMNS)}
        names = [(fold_value(name), n) for n, name in enumerate(header)]
        self.columns = sorted((name, n) for name, n in names if name not in ignored)

    def of(self, cells: Sequence[str]) -> str:
        said = [f"{name}\x1f{plain(cells[n])}" for name, n in self.columns if cells[n]]
        return hashlib.sha256("\x1e".join(said).encode()).hexdigest()[:40]


def plain(cell: str) -> str:
    """One spelling of what a cell says."""
    if not cell.isascii():
        cell = unicodedata.normalize("NFC", cell)
    if number := TRAILING_ZEROS.fullmatch(cell):
        sign, whole, part = number.groups()
        return f"{'-' if sign == '-' else ''}{whole}{f'.{part}' if part else ''}"
    return " ".join(cell.split())


def key_of_row(identity: str, times: int) -> str:
    """The key of the nth row that says this."""
    return f"{ROW}{identity}:{times}"


def key_of_reference(reference: str) -> str:
    """The reference itself, marked where it could be taken for a row's key."""
    return f"{REFERENCE}{reference}" if reference.startswith((ROW, REFERENCE)) else reference


def digest_of(row: MappedRow) -> str:
    """The print of what the row would make of a report. The status counts only when a report is made."""
    occurred = [row.occurred.on, row.occurred.at, row.occurred.precision] if row.occurred else None
    received = [row.received.on, row.received.at] if row.received else None
    said = [
        row.what_happened, occurred, received, row.location, row.postcode, plain(row.latitude),
        plain(row.longitude), row.lsoa, row.categories, row.hate, row.hate_strands, row.caller.name,
        row.caller.phone, row.caller.email, row.contact_method, row.contact_when, row.contact_avoid,
        row.subjects,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()
