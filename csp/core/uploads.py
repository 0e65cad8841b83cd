"""What a file that somebody sends really is, whatever its name says, and whether we take it."""

import re
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from os import SEEK_END
from pathlib import PurePosixPath
from typing import IO, Any

import filetype
from django.template.defaultfilters import filesizeformat
from PIL import Image

from csp.core.errors import RuleBroken
from csp.core.text import tidy

MEGABYTE = 1024 * 1024
MAX_BYTES = 25 * MEGABYTE
MAX_PIXELS = 60_000_000  # sharper than any phone's camera; four bytes each still fit in memory
UNPACKED_ANYWAY = 500 * MEGABYTE
UNPACKED_TIMES = 30  # a large sheet packs to a tenth; a bomb to a thousandth
MAX_NAME = 100
HEAD = 64 * 1024


@dataclass(frozen=True)
class Kind:
    """One sort of file: what people call it, how it is served, and how its name ends."""

    words: str
    mime: str
    extension: str


JPEG = Kind("JPG", "image/jpeg", "jpg")
PNG = Kind("PNG", "image/png", "png")
GIF = Kind("GIF", "image/gif", "gif")
WEBP = Kind("WebP", "image/webp", "webp")
HEIC = Kind("HEIC", "image/heic", "heic")
PDF = Kind("PDF", "application/pdf", "pdf")
DOCX = Kind("Word (.docx)", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx")
XLSX = Kind("Excel (.xlsx)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
PPTX = Kind(
    "PowerPoint (.pptx)", "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"
)
ODT = Kind("OpenDocument text (.odt)", "application/vnd.oasis.opendocument.text", "odt")
ODS = Kind("OpenDocument sheet (.ods)", "application/vnd.oasis.opendocument.spreadsheet", "ods")
TEXT = Kind("plain text", "text/plain", "txt")
CSV = Kind("CSV", "text/csv", "csv")
MP3 = Kind("MP3", "audio/mpeg", "mp3")
M4A = Kind("M4A", "audio/mp4", "m4a")
WAV = Kind("WAV", "audio/x-wav", "wav")
MP4 = Kind("MP4", "video/mp4", "mp4")
M4V = Kind("M4V", "video/x-m4v", "m4v")
MOV = Kind("MOV", "video/quicktime", "mov")
WEBM = Kind("WebM", "video/webm", "webm")

IMAGES = (JPEG, PNG, GIF, WEBP, HEIC)
DOCUMENTS = (PDF, DOCX, XLSX, PPTX, ODT, ODS, TEXT, CSV)
RECORDINGS = (MP3, M4A, WAV, MP4, M4V, MOV, WEBM)
ATTACHMENTS = (*IMAGES, *DOCUMENTS, *RECORDINGS)
SPREADSHEETS = (CSV, XLSX)

BY_MIME = {kind.mime: kind for kind in ATTACHMENTS}
DRAWABLE = {JPEG: "JPEG", PNG: "PNG", GIF: "GIF", WEBP: "WEBP"}
OFFICE_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
MARKUP = re.compile(rb"\s*<(!doctype|\?xml|html|head|body|script|svg|iframe)", re.IGNORECASE)
BAD_IN_NAMES = re.compile(r'[<>:"/\\|?*]')
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)")
JOINERS = "\u200c\u200d"


class UploadRefused(RuleBroken):
    """We do not take that file. The message says what we do take."""


@dataclass(frozen=True)
class CheckedUpload:
    kind: Kind
    name: str
    size: int


def check_upload(
    file: Any, *, kinds: Iterable[Kind] = ATTACHMENTS, max_bytes: int = MAX_BYTES
) -> CheckedUpload:
    """Say what the file is and what to call it, or refuse it. Leaves it at its start, ready to be saved."""
    kinds = tuple(kinds)
    given = file.name or ""
    if not file.size:
        raise UploadRefused(f"“{shown(given)}” is empty. Choose another file")
    if file.size > max_bytes:
        limit = filesizeformat(max_bytes)
        raise UploadRefused(f"“{shown(given)}” is too big. Choose a file smaller than {limit}")
    try:
        kind = kind_of(file, given)
    finally:
        file.seek(0)
    if kind not in kinds:
        raise UploadRefused(f"“{shown(given)}” is not a file we can take. Choose {in_words(kinds)}")
    return CheckedUpload(kind, safe_name(given, kind), file.size)


def in_words(kinds: Iterable[Kind]) -> str:
    """a JPG, PNG or PDF"""
    words = [kind.words for kind in kinds]
    return f"a {' or '.join(filter(None, [', '.join(words[:-1]), words[-1]]))} file"


def kind_of(file: Any, name: str = "") -> Kind | None:
    """What the content is; None for whatever is not on our list, and for what pretends."""
    file.seek(0)
    head = file.read(HEAD)
    if head.startswith(b"PK\x03\x04"):
        return _office(file)
    guess = filetype.guess(head)
    kind = BY_MIME.get(guess.mime) if guess else _text(file, head, name)
    return kind if kind not in DRAWABLE or _opens(file, DRAWABLE[kind]) else None


def _office(file: IO[bytes]) -> Kind | None:
    """A Word, Excel, PowerPoint or OpenDocument file without macros that would not unpack into a flood."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = {part.filename: part.file_size for part in archive.infolist()}
            most = max(UNPACKED_ANYWAY, UNPACKED_TIMES * file.seek(0, SEEK_END))
            if sum(parts.values()) > most or any(_is_program(name) for name in parts):
                return None
            if "mimetype" in parts and parts["mimetype"] < HEAD:
                return BY_MIME.get(archive.read("mimetype").decode("ascii", "replace").strip())
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return None  # cut off, encrypted or packed in a way that nothing here reads
    return next((kind for part, kind in OFFICE_PARTS.items() if part in parts), None)


def _is_program(part: str) -> bool:
    return PurePosixPath(part).name.casefold() == "vbaproject.bin" or part.startswith("Basic/")


def _text(file: IO[bytes], head: bytes, name: str) -> Kind | None:
    """Plain text in UTF-8 or Windows-1252, read to its end; a page or drawing that a browser would run is
    none.
    """
    if MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        return None
    file.seek(0)
    for chunk in iter(lambda: file.read(MEGABYTE), b""):
        if any(byte < ord(" ") and byte not in b"\t\n\r\f" for byte in set(chunk)):
            return None
    return CSV if PurePosixPath(name.casefold()).suffix in {".csv", ".tsv"} else TEXT


def _opens(file: IO[bytes], expected: str) -> bool:
    """Whether the picture is whole, what it says it is, and not so large that opening it would fill the
    memory.
    """
    file.seek(0)
    try:
        with Image.open(file, formats=[expected]) as picture:
            if picture.width * picture.height * getattr(picture, "n_frames", 1) > MAX_PIXELS:
                return False
            picture.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return False
    return True


def shown(name: str) -> str:
    """The name as a message quotes it."""
    return clean_name(name) or "This file"


def clean_name(name: str) -> str:
    """The last part of a path, in any script, without what would trouble a disk or turn the reading
    direction round.
    """
    last = re.split(r"[/\\]", tidy(name).replace("\n", " "))[-1]
    visible = "".join(c for c in last if c in JOINERS or unicodedata.category(c) != "Cf")
    return " ".join(BAD_IN_NAMES.sub("_", visible).split()).strip(". ")


def safe_name(name: str, kind: Kind) -> str:
    """The sender's name for it with the ending of what it is: `photo.exe` that is a picture becomes
    `photo.jpg`.
    """
    stem, dot, ending = clean_name(name).rpartition(".")
    if not dot or len(ending) > len("numbers"):
        stem = clean_name(name)
    stem = stem[:MAX_NAME].strip(". ") or "file"
    return f"{'_' if RESERVED.fullmatch(stem) else ''}{stem}.{kind.extension}"
