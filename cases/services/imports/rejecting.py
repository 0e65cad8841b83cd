"""The rows that do not come in, as a file that can be corrected and sent again."""

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from cases.models import ImportRun
from cases.services.imports.identity import OWN_COLUMNS
from csp.core.spreadsheet import safe_cell
from csp.core.uploads import MEGABYTE

SHOWN = 20
SPOOL = 8 * MEGABYTE


@dataclass(frozen=True)
class Rejected:
    line: int
    reason: str


class RejectedRows:
    """Written as they come, so that a file of nothing but mistakes fills no memory."""

    def __init__(self, header: Sequence[str]) -> None:
        self.count = 0
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115 -- closed by `close`
        self._text = io.TextIOWrapper(self.file, encoding="utf-8-sig", newline="")  # Excel wants the mark
        self._writer = csv.writer(self._text)
        self._write([*OWN_COLUMNS, *header])

    def add(self, line: int, reason: str, cells: Sequence[str]) -> None:
        self.count += 1
        self._write([str(line), reason, *cells])

    def _write(self, cells: Iterable[str]) -> None:
        self._writer.writerow([safe_cell(cell) for cell in cells])

    def finished(self) -> IO[bytes]:
        """The file at its start."""
        self._text.flush()
        self.file.seek(0)
        return self.file

    def close(self) -> None:
        self._text.close()

    def __enter__(self) -> "RejectedRows":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


def first_rejected(run: ImportRun) -> list[Rejected]:
    """The first of them, for the page."""
    if not run.rejected_file:
        return []
    with run.rejected_file.open("rb") as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        rows = islice(csv.reader(text), 1, SHOWN + 1)
        return [Rejected(int(line), reason) for line, reason, *_ in rows]
