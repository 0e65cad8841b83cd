import os
import re
from importlib import import_module
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured, SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage
from pypdf import PdfReader

from csp.core import fonts
from csp.core.pdf import render_pdf

TITLE = "Figures for January to March 2026"
SENDER = {
    "name": "South and Vale",
    "address": "Abbey House",
    "phone": "01235 000000",
    "email": "a@sv.example",
}
DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
REPORT = """{% extends "pdf/base.pdf.html" %}{% block content %}
<p>Words {{ name }}</p><h2>By month</h2>
<table><caption>Reports</caption><thead><tr><th scope="col">Month</th><th scope="col">Number</th></tr></thead>
<tbody>{% for n in rows %}<tr><th scope="row">{{ n }}</th><td>{{ n }}</td></tr>{% endfor %}</tbody></table>
{{ more|safe }}{% endblock %}"""


@pytest.fixture
def report(tmp_path, settings):
    """A page of its own, which extends the product's."""
    (tmp_path / "report.pdf.html").write_text(REPORT)
    templates = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    settings.TEMPLATES = templates
    return "report.pdf.html"


def printed(template, *, title=TITLE, marking=None, **context):
    return render_pdf(template, {"name": "", "rows": [], "more": ""} | context, title=title, marking=marking)


def read(written):
    return PdfReader(BytesIO(written))


def words_of(page):
    return " ".join(page.extract_text().split())


def tags_of(reader):
    """The kinds of every element in the structure that screen readers follow."""

    def walk(node):
        node = node.get_object()
        if not isinstance(node, dict):
            return
        if "/S" in node:
            yield node["/S"]
        children = node.get("/K", [])
        for child in children if isinstance(children, list) else [children]:
            yield from walk(child)

    return list(walk(reader.root_object["/StructTreeRoot"]))


def test_pdf_is_tagged_for_screen_readers(report):
    reader = read(printed(report, rows=[1]))
    root = reader.root_object
    metadata = root["/Metadata"].get_object().get_data().decode()

    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert re.search(r'<pdfuaid:part>1</pdfuaid:part>|pdfuaid:part="1"', metadata)
    assert reader.metadata.title == TITLE
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/Caption"} <= set(tags_of(reader))


def test_pdf_carries_title_marking_and_page_numbers_on_every_page(report):
    pages = read(printed(report, rows=range(70))).pages

    assert len(pages) == 3
    for number, page in enumerate(pages, start=1):
        assert "OFFICIAL-SENSITIVE" in words_of(page)
        assert f"{TITLE} Page {number} of 3" in words_of(page)


@pytest.mark.parametrize(("marking", "shown"), [("OFFICIAL", True), ("", False)])
def test_pdf_takes_another_marking_or_none(report, marking, shown):
    words = words_of(read(printed(report, marking=marking)).pages[0])

    assert ("OFFICIAL" in words) is shown
    assert "SENSITIVE" not in words


def test_pdf_has_its_headings_as_bookmarks(report):
    title, (chapter,) = read(printed(report)).outline

    assert (title.title, chapter.title) == (TITLE, "By month")


def test_pdf_is_the_same_bytes_for_the_same_page(report):
    assert printed(report, rows=[1]) == printed(report, rows=[1])


@pytest.mark.parametrize(
    ("name", "font"),
    [
        ("Zoë Smith", "Source-Sans-3-latin"),
        ("Łukasz Świątek", "Source-Sans-3-latin-ext"),
        ("Nguyễn Thị", "Source-Sans-3-vietnamese"),
        ("Володимир", "Source-Sans-3-cyrillic"),
        ("Αθανάσιος", "Source-Sans-3-greek"),
        ("محمد", "Noto-Sans-Arabic"),
        ("আমিনা", "Noto-Sans-Bengali"),
        ("प्रिया", "Noto-Sans-Devanagari"),
        ("પ્રિયા", "Noto-Sans-Gujarati"),
        ("ਗੁਰਪ੍ਰੀਤ", "Noto-Sans-Gurmukhi"),
        ("பிரியா", "Noto-Sans-Tamil"),
    ],
)
def test_pdf_prints_every_script_from_our_own_fonts(report, name, font):
    page = read(printed(report, name=name)).pages[0]

    used = {
        entry.get_object()["/BaseFont"].partition("+")[2] for entry in page["/Resources"]["/Font"].values()
    }

    assert font in used
    assert all(used_font.startswith(("Source-Sans-3", "Noto-Sans")) for used_font in used)


def test_pdf_says_letters_that_can_be_searched(report):
    words = words_of(read(printed(report, name="Łukasz Świątek, Володимир, Zoë")).pages[0])

    assert "Words Łukasz Świątek, Володимир, Zoë" in words


def test_pdf_escapes_what_people_typed(report):
    words = words_of(read(printed(report, name="<b>Jo</b>", title="<i>A & B</i>")).pages[0])

    assert "<b>Jo</b>" in words
    assert "<i>A & B</i>" in words


def test_pdf_draws_inline_pictures(report):
    page = read(printed(report, more=f'<img src="{DOT}" alt="A dot">')).pages[0]

    assert len(page.images) == 1


def test_pdf_fetches_nothing_from_elsewhere(report, caplog):
    more = '<img src="https://example.org/a.png" alt="x"><img src="file:///etc/passwd" alt="x">'

    printed(report, more=more)

    assert "https://example.org/a.png is not a static file" in caplog.text
    assert "file:///etc/passwd is not a static file" in caplog.text


def test_letter_shows_who_writes_to_whom():
    context = {
        "sender": SENDER,
        "recipient_lines": ["Ms O'Brien", "14 Ock Street", "OX14 5BZ"],
        "date": "4 September 2026",
        "our_reference": "SV-R-26-000123",
    }

    words = words_of(read(render_pdf("pdf/letter.pdf.html", context, title="We opened a case")).pages[0])

    for part in (
        "South and Vale Abbey House",
        "14 Ock Street",
        "Our reference: SV-R-26-000123",
        "We opened a case",
    ):
        assert part in words


@pytest.fixture
def built(settings, tmp_path):
    """One static file, as the front end's build leaves it."""
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a b.svg").write_text("<svg/>")
    settings.STATICFILES_DIRS = [tmp_path]
    finders.get_finder.cache_clear()
    yield tmp_path
    finders.get_finder.cache_clear()


@pytest.fixture
def printing():
    """Imported as the product does it: late, with our fonts."""
    with fonts.only_our_fonts():
        return import_module("csp.core.printing")


def test_fetch_opens_a_static_file_from_its_source(built, printing):
    assert printing.StaticFilesOnly().fetch("printed:/static/images/a%20b.svg").read() == b"<svg/>"


def test_fetch_opens_a_static_file_as_collected(tmp_path, printing, monkeypatch):
    (tmp_path / "a b.svg").write_text("<svg/>")
    monkeypatch.setattr(printing, "staticfiles_storage", FileSystemStorage(location=tmp_path))

    assert printing.StaticFilesOnly().fetch("printed:/static/a%20b.svg").read() == b"<svg/>"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/static/app.css",
        "file:///etc/passwd",
        "ftp://example.org/static/x",
        "printed://elsewhere/static/images/a.svg",
        "printed:/images/a.svg",
        "printed:/static/missing.svg",
        "printed:/static/../settings.py",
        "data:text/html,hello",
    ],
)
def test_fetch_refuses_all_but_static_files(built, printing, url):
    with pytest.raises((printing.NotOurs, SuspiciousFileOperation)):
        printing.StaticFilesOnly().fetch(url)


@pytest.fixture
def fresh(settings, tmp_path):
    """An installation that has printed nothing yet."""
    settings.DATA_DIR = tmp_path
    fonts.font_folder.cache_clear()
    yield tmp_path
    fonts.font_folder.cache_clear()


def test_fonts_are_unpacked_once_and_leave_nothing_aside(fresh):
    folder = fonts.font_folder()
    fonts.font_folder.cache_clear()

    assert fonts.font_folder() == folder
    assert [entry.name for entry in (fresh / "fonts").iterdir()] == [folder.name]
    assert len(list((folder / "ttf").iterdir())) == len(fonts.font_files())


def test_fonts_unpacked_by_another_process_meanwhile_are_taken(fresh):
    folder = fonts.font_folder()

    fonts.unpack(fonts.font_files()[:1], folder)

    assert [entry.name for entry in (fresh / "fonts").iterdir()] == [folder.name]


def test_fonts_that_cannot_be_written_are_an_error(fresh, monkeypatch):
    def full(*_args):
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "rename", full)

    with pytest.raises(OSError, match="No space"):
        fonts.font_folder()
    assert list((fresh / "fonts").iterdir()) == []


def test_fonts_that_are_missing_are_named(settings, tmp_path):
    settings.NPM_ROOT = tmp_path

    with pytest.raises(ImproperlyConfigured, match="Run `npm ci`"):
        fonts.font_files()


@pytest.mark.parametrize("before", [None, "/etc/fonts/fonts.conf"])
def test_fonts_leave_the_environment_as_it_was(monkeypatch, before):
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
    if before:
        monkeypatch.setenv("FONTCONFIG_FILE", before)

    with fonts.only_our_fonts():
        assert os.environ["FONTCONFIG_FILE"] == str(fonts.font_folder() / "fonts.conf")

    assert os.environ.get("FONTCONFIG_FILE") == before
