"""Tables that leave the product as CSV or ODS, written row by row: a hundred thousand rows need no more
memory than ten. (tablib and odfpy hold the whole sheet: they read our files in tests and do not write them.)
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import IO
from xml.sax.saxutils import escape, quoteattr

FORMULA = ("=", "+", "-", "@", "\t", "\r")
PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def safe_cell(text: str) -> str:
    """The text as a spreadsheet shows it without running it: what people typed may be a formula.

    Plain numbers such as -0.97 stay, so that coordinates come back as they went out.
    """
    if text.startswith(FORMULA) and not PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


@dataclass(frozen=True)
class Number:
    """A cell that a spreadsheet adds up. People read its words: 1,204 or 67%."""

    words: str

    @property
    def value(self) -> Decimal:
        plain = Decimal(self.words.replace(",", "").removesuffix("%"))
        return plain / 100 if self.is_share else plain

    @property
    def is_share(self) -> bool:
        return self.words.endswith("%")


FIGURE = re.compile(r"-?(\d{1,3}(,\d{3})+|0|[1-9]\d*)(\.\d+)?%?", re.ASCII)
Cell = str | Number
Row = Iterable[Cell]


def figure(words: str) -> Cell:
    """A number where the words are one and no more: not for references and telephone numbers."""
    return Number(words) if FIGURE.fullmatch(words) else words


def words_of(cell: Cell) -> str:
    return cell.words if isinstance(cell, Number) else cell


def write_csv(file: IO[bytes], rows: Iterable[Row]) -> None:
    """With a byte order mark, by which Excel knows the encoding."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerows([safe_cell(words_of(cell)) for cell in row] for row in rows)
    text.flush()
    text.detach()


ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
CONTENT = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>"
)
END = "</office:spreadsheet></office:body></office:document-content>"
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_ods(file: IO[bytes], sheets: Iterable[tuple[str, Iterable[Row]]]) -> None:
    """Every cell is text or a number, so nothing in it runs."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "mimetype", ODS_TYPE, zipfile.ZIP_STORED
        )  # first and plain: how others know the file
        package.writestr("META-INF/manifest.xml", MANIFEST)
        with package.open("content.xml", "w") as content:
            for piece in _content(sheets):
                content.write(piece.encode())


def _content(sheets: Iterable[tuple[str, Iterable[Row]]]) -> Iterator[str]:
    yield CONTENT
    for name, rows in sheets:
        yield f"<table:table table:name={quoteattr(name)}>"
        for row in rows:
            yield f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>"
        yield "</table:table>"
    yield END


def _cell(cell: Cell) -> str:
    if isinstance(cell, Number):
        kind = "percentage" if cell.is_share else "float"
        return (
            f'<table:table-cell office:value-type="{kind}" office:value="{cell.value:f}">'
            f"<text:p>{cell.words}</text:p></table:table-cell>"
        )
    return _text_cell(cell)


def _text_cell(text: str) -> str:
    lines = (f"<text:p>{escape(NO_XML.sub('', line))}</text:p>" for line in text.split("\n"))
    return f'<table:table-cell office:value-type="string">{"".join(lines)}</table:table-cell>'
