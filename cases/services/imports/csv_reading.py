"""Comma-separated files and their cousins, in the encodings that Excel, Windows and databases write."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from typing import IO

from cases.services.imports.refusals import CannotRead
from cases.services.imports.tables import Layout, Row
from csp.core.text import tidy

CHUNK = 1024 * 1024
SAMPLE_BYTES = 256 * 1024
SAMPLE_ROWS = 100
DELIMITERS = {
    ",": "Comma",
    ";": "Semicolon",
    "\t": "Tab",
    "|": "Bar",
    ":": "Colon",
    "^": "Caret",
    "~": "Tilde",
}
"""In the order in which we believe in them."""

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a byte order mark",
    "cp1252": "Windows (Western European)",
    "utf-16": "UTF-16",
}
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
DELIMITER_LINE = re.compile(r'"?sep=(.)"?\r?\n?', re.IGNORECASE)
NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1e]")
NEVER_CLOSED = "The quotation mark that opens on line {line} is never closed. Correct the file and try again"
MISPLACED = "A quotation mark is in the wrong place"


def detect(file: IO[bytes], asked: Layout) -> Layout:
    encoding = asked.encoding or _encoding(file)
    if asked.encoding and not _decodes(file, asked.encoding):
        raise CannotRead(f"The file is not written in {ENCODINGS[asked.encoding]}")
    layout = replace(asked, encoding=encoding)
    return replace(layout, delimiter=asked.delimiter or _delimiter(_sample(file, encoding)))


def _encoding(file: IO[bytes]) -> str:
    """By the byte order mark, else UTF-8 if all of it is, else Windows-1252."""
    file.seek(0)
    head = file.read(4)
    for bom, encoding in BOMS.items():
        if head.startswith(bom):
            return _sure(file, encoding)
    if any(NOT_TEXT.search(chunk) for chunk in _chunks(file)):
        raise CannotRead("The file is not text. Choose a CSV or Excel (.xlsx) file")
    for encoding in ("utf-8", "cp1252"):
        if _decodes(file, encoding):
            return encoding
    raise CannotRead("We cannot tell which letters the file holds. Save it as “CSV UTF-8” and try again")


def _sure(file: IO[bytes], encoding: str) -> str:
    if not _decodes(file, encoding):
        raise CannotRead(f"The file says it is {ENCODINGS[encoding]} but is not. Save it as CSV again")
    return encoding


def _decodes(file: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(file):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    return iter(lambda: file.read(CHUNK), b"")


def _sample(file: IO[bytes], encoding: str) -> list[str]:
    """The first lines, whole."""
    file.seek(0)
    head = file.read(SAMPLE_BYTES)
    whole = len(head) < SAMPLE_BYTES
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(head, final=whole)
    lines = list(io.StringIO(text, newline=""))
    return lines if whole or len(lines) == 1 else lines[:-1]


def _delimiter(lines: list[str]) -> str:
    """The sign that cuts the header into columns and most rows into as many."""
    if lines and (told := DELIMITER_LINE.fullmatch(lines[0])):
        return told[1]
    best = max(DELIMITERS, key=lambda sign: _fits(lines, sign))  # the first of equals
    return best if _fits(lines, best) > (0.0, 0) else ","


def _fits(lines: list[str], sign: str) -> tuple[float, int]:
    """The share of rows as wide as the header, and how wide that is."""
    widths: list[int] = []
    try:
        for row in csv.reader(lines, delimiter=sign):
            if any(row):
                widths.append(len(row))
            if len(widths) > SAMPLE_ROWS:
                break
    except csv.Error:
        pass  # what was read so far tells enough
    if not widths or widths[0] == 1:
        return 0.0, 0
    return widths.count(widths[0]) / len(widths), widths[0]


@contextmanager
def rows_of(file: IO[bytes], layout: Layout) -> Iterator[Iterator[Row]]:
    text = io.TextIOWrapper(file, encoding=layout.encoding, newline="")
    try:
        yield _rows(text, layout.delimiter)
    finally:
        text.detach()  # the file is the caller's to close


def _rows(text: io.TextIOWrapper, delimiter: str) -> Iterator[Row]:
    first = text.readline()
    told = bool(DELIMITER_LINE.fullmatch(first))
    reader = csv.reader(text if told else chain([first], text), delimiter=delimiter, strict=True)
    line = last = int(told)
    while True:
        line = last + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            last = reader.line_num + told
            # A quotation mark that swallowed other lines would lose them, so that stops the whole file.
            if last > line or "expected after" not in str(problem):
                raise CannotRead(NEVER_CLOSED.format(line=line)) from problem
            yield Row(line, [], last, MISPLACED)
        else:
            last = reader.line_num + told
            yield Row(line, [clean(cell) for cell in cells], last)


def clean(cell: str) -> str:
    """Most cells are plain already, and there are millions of them."""
    return cell.strip() if cell.isascii() and cell.isprintable() else tidy(cell).strip()


def estimate_rows(file: IO[bytes]) -> int:
    """Line ends: a few more than rows where texts go over several lines."""
    ends = sum(chunk.count(b"\n") or chunk.count(b"\r") for chunk in _chunks(file))
    return max(ends - 1, 1)
