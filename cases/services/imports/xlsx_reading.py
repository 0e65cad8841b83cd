"""Excel workbooks, read row by row. Only the table of shared texts is held in memory: its size is limited."""

import datetime as dt
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from cases.services.imports.csv_reading import clean
from cases.services.imports.refusals import CannotRead
from cases.services.imports.tables import Layout, Row
from csp.core.uploads import MEGABYTE

MOST_SHARED_TEXT = 200 * MEGABYTE
SHARED_TEXT = "xl/sharedStrings.xml"
HEAD = 1024
BROKEN = "The workbook is broken. Open it in Excel, save it again and try once more"
LARGE = "The workbook holds too much text to open at once. Save the sheet as CSV and try again"
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)
MADE_BY_HAND = (ParseError, InvalidFileException, KeyError, ValueError, TypeError, IndexError, AttributeError)
WRONG = (*UNREADABLE, *MADE_BY_HAND)
"""What the library raises over files that are cut off, damaged or made by hand."""


def detect(file: IO[bytes], asked: Layout) -> Layout:
    _refuse_what_fills_the_memory(file)
    with _workbook(file) as book:
        names = tuple(sheet.title for sheet in book.worksheets)
    if not names:
        raise CannotRead("The workbook has no sheet")
    return replace(asked, sheet=asked.sheet if asked.sheet in names else names[0], sheets=names)


@contextmanager
def rows_of(file: IO[bytes], layout: Layout) -> Iterator[Iterator[Row]]:
    with _workbook(file) as book:
        sheet = next((each for each in book.worksheets if each.title == layout.sheet), None)
        if sheet is None:
            raise CannotRead(f"The workbook has no sheet named “{layout.sheet}”")
        sheet.reset_dimensions()  # some programs write a size that is not true
        yield _rows(sheet)


def _rows(sheet: Any) -> Iterator[Row]:
    try:
        for line, values in enumerate(sheet.iter_rows(values_only=True), 1):
            yield Row(line, [as_text(value) for value in values], line)
    except WRONG as problem:
        raise CannotRead(BROKEN) from problem


def as_text(value: object) -> str:
    """What the cell holds, as it would stand in a CSV file."""
    match value:
        case None:
            return ""
        case str():
            return clean(value)
        case bool():
            return "yes" if value else "no"
        case dt.datetime():
            return (
                value.date().isoformat() if value.time() == dt.time.min else value.isoformat(" ", "seconds")
            )
        case dt.date() | dt.time():
            return value.isoformat()
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case _:
            return str(value)


@contextmanager
def _workbook(file: IO[bytes]) -> Iterator[Any]:
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about looks and rules of cells, which we do not read
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except WRONG as problem:
        raise CannotRead(BROKEN) from problem
    try:
        yield book
    finally:
        book.close()


def _refuse_what_fills_the_memory(file: IO[bytes]) -> None:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            for part in archive.infolist():
                if part.filename == SHARED_TEXT and part.file_size > MOST_SHARED_TEXT:
                    raise CannotRead(LARGE)
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as opened:
                        if b"<!DOCTYPE" in opened.read(HEAD).upper():
                            raise CannotRead(BROKEN)  # no program writes one, and it may unfold without end
    except UNREADABLE as problem:
        raise CannotRead(BROKEN) from problem
