"""Files as other systems write them: what they are, how they are written, and their rows one by one."""

import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from gzip import BadGzipFile, GzipFile
from typing import IO, Any

from cases.services.imports import csv_reading, xlsx_reading
from cases.services.imports.refusals import CannotRead
from cases.services.imports.tables import CSV, MAX_COLUMNS, XLSX, Layout, Row
from csp.core.text import one_line
from csp.core.uploads import MARKUP, MEGABYTE, filesizeformat, kind_of
from csp.core.uploads import XLSX as XLSX_FILE

GZIP = b"\x1f\x8b"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
HEAD = 64 * 1024
NO_ROWS = "The file has a header and no rows. Choose another file"
SPOOL = 8 * MEGABYTE


@dataclass(frozen=True)
class Table:
    """A file being read. `rows` can be gone through once."""

    layout: Layout
    header: tuple[str, ...]
    rows: Iterator[Row]


def detect(file: IO[bytes], *, max_bytes: int, asked: Layout | None = None) -> Layout:
    """How the file is written. What `asked` says goes before what it looks like. Raises `CannotRead`."""
    asked = asked or Layout()
    size = file.seek(0, 2)
    file.seek(0)
    if size > max_bytes:
        raise CannotRead(f"The file is too large. Choose one smaller than {filesizeformat(max_bytes)}")
    head = file.read(HEAD)
    if not head.strip():
        raise CannotRead("The file is empty. Choose another file")
    if head.startswith(b"PK\x03\x04"):
        if kind_of(file) != XLSX_FILE:
            raise CannotRead("The file is not an Excel workbook we can open. Save it as .xlsx or CSV")
        return xlsx_reading.detect(file, replace(asked, kind=XLSX))
    if head.startswith(OLD_EXCEL):
        raise CannotRead(
            "This is an old Excel file. Open it in Excel, save it as .xlsx or CSV, and try again"
        )
    if head.startswith(GZIP):
        raise CannotRead("The file is packed. Unpack it and choose the CSV file inside")
    if MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise CannotRead("The file is a web page or drawing. Choose a CSV or Excel (.xlsx) file")
    return csv_reading.detect(file, replace(asked, kind=CSV))


@contextmanager
def opened(file: IO[bytes], layout: Layout) -> Iterator[Table]:
    """The table in the file. Raises `CannotRead`, also while its rows are read."""
    reader = xlsx_reading if layout.kind == XLSX else csv_reading
    file.seek(0)
    with reader.rows_of(file, layout) as rows:
        first = next((row for row in rows if not row.is_blank), None)
        if first is None:
            raise CannotRead("The file is empty. Choose another file")
        header = _header(first)
        yield Table(layout, header, (row for row in rows if not row.is_blank))


def refuse_without_rows(file: IO[bytes], layout: Layout) -> None:
    with opened(file, layout) as table:
        if next(table.rows, None) is None:
            raise CannotRead(NO_ROWS)


def _header(row: Row) -> tuple[str, ...]:
    """Names of the columns. One without a name gets its number; empty ones at the end are dropped."""
    cells = [one_line(cell) for cell in row.cells]
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MAX_COLUMNS:
        raise CannotRead(f"The file has {len(cells):,} columns. We can take {MAX_COLUMNS}")
    names = tuple(cell or f"Column {n}" for n, cell in enumerate(cells, 1))
    twice = [name for name, times in Counter(name.casefold() for name in names).items() if times > 1]
    if twice:
        shown = next(name for name in names if name.casefold() == twice[0])
        raise CannotRead(f"Two columns are named “{shown}”. Give each column a name of its own")
    return names


def estimate_rows(file: IO[bytes], layout: Layout) -> int | None:
    """About how many rows, to draw a bar with. None where only reading it all would tell."""
    return None if layout.kind == XLSX else csv_reading.estimate_rows(file)


def unpacked(file: IO[bytes], *, max_bytes: int) -> IO[bytes]:
    """The file itself, or what a gzip file holds, which may be as large as any other file and no larger."""
    packed = file.read(len(GZIP)) == GZIP
    file.seek(0)
    if not packed:
        return file
    out: Any = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115 -- the caller closes it
    try:
        _unpack(file, out, max_bytes)
    except (BadGzipFile, EOFError, zlib.error) as problem:
        out.close()
        raise CannotRead("The packed file is broken. Get it again and try once more") from problem
    except CannotRead:
        out.close()
        raise
    out.seek(0)
    return out


def _unpack(file: IO[bytes], out: IO[bytes], max_bytes: int) -> None:
    with GzipFile(fileobj=file) as inner:
        while chunk := inner.read(MEGABYTE):
            out.write(chunk)
            if out.tell() > max_bytes:
                raise CannotRead(f"The file unpacks to more than {filesizeformat(max_bytes)}")
