"""The fonts of our PDFs: from npm packages, and no others, so that every machine prints the same page.

The packages hold compressed fonts for browsers. They are unpacked once per installation into
`DATA_DIR/fonts`, beside a fontconfig file that knows this folder and nothing else.
"""

import hashlib
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from shutil import rmtree
from xml.sax.saxutils import escape

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from fontTools.ttLib import TTFont, woff2

MAIN = "Source Sans 3"
OTHER_SCRIPTS = ("arabic", "bengali", "devanagari", "gujarati", "gurmukhi", "tamil")
FACES = [
    "source-sans-3/files/source-sans-3-*-400-normal.woff2",
    "source-sans-3/files/source-sans-3-*-400-italic.woff2",
    "source-sans-3/files/source-sans-3-*-700-normal.woff2",
    *(f"noto-sans-{s}/files/noto-sans-{s}-{s}-{w}-normal.woff2" for s in OTHER_SCRIPTS for w in (400, 700)),
]
FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{folder}/ttf</dir><cachedir>{folder}/cache</cachedir></fontconfig>
"""
FAMILY, FULL_NAME = 1, 4
_environment = threading.Lock()


@cache
def font_folder() -> Path:
    """The folder of unpacked fonts, made when this set of packages is first used."""
    sources = font_files()
    folder = Path(settings.DATA_DIR).resolve() / "fonts" / _fingerprint(sources)
    if not folder.exists():
        unpack(sources, folder)
    return folder


def font_files() -> list[Path]:
    root = settings.NPM_ROOT / "@fontsource"
    found = {face: sorted(root.glob(face)) for face in FACES}
    if missing := [face for face, files in found.items() if not files]:
        raise ImproperlyConfigured(f"Fonts for PDFs are missing, such as {root / missing[0]}. Run `npm ci`")
    return [file for files in found.values() for file in files]


def _fingerprint(sources: list[Path]) -> str:
    names = "\n".join(f"{file.name} {file.stat().st_size}" for file in sources)
    return hashlib.sha256((FONTCONFIG + names).encode()).hexdigest()[:16]


def unpack(sources: list[Path], folder: Path) -> None:
    """Make the folder aside and move it into place, so that nobody meets half of it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        (aside / "ttf").mkdir()
        for source in sources:
            (aside / "ttf" / f"{source.stem}.ttf").write_bytes(_unpacked(source))
        (aside / "fonts.conf").write_text(FONTCONFIG.format(folder=escape(str(folder))))
        aside.rename(folder)
    except OSError:
        if not folder.exists():  # else another process was quicker
            raise
    finally:
        rmtree(aside, ignore_errors=True)


def _unpacked(source: Path) -> bytes:
    """The font as fontconfig reads it, each piece of a family under a name of its own.

    Source Sans comes cut up by alphabet, and WeasyPrint takes fonts of one name for one font.
    """
    plain = BytesIO()
    woff2.decompress(str(source), plain)
    font = TTFont(BytesIO(plain.getvalue()), recalcTimestamp=False)
    piece = source.name.removeprefix("source-sans-3-").rpartition("-")[0].rpartition("-")[0]
    for name in font["name"].names:
        if name.nameID in (FAMILY, FULL_NAME):
            name.string = str(name).replace(f"{MAIN} ExtraLight", f"{MAIN} {piece}")
    plain = BytesIO()
    font.save(plain)
    return plain.getvalue()


@contextmanager
def only_our_fonts() -> Iterator[None]:
    """fontconfig takes its file from the environment, which others in this process must not keep."""
    with _environment:
        before = os.environ.get("FONTCONFIG_FILE")
        os.environ["FONTCONFIG_FILE"] = str(font_folder() / "fonts.conf")
        try:
            yield
        finally:
            os.environ.pop("FONTCONFIG_FILE")
            if before is not None:
                os.environ["FONTCONFIG_FILE"] = before
