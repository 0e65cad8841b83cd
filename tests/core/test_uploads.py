import io
import stat
import struct
import wave
import zipfile
import zlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from PIL import Image

from csp.core import storage_s3, uploads
from csp.core.forms import GDSForm, MultipleUploadField, UploadField
from csp.core.storage import PrivateFileSystemStorage, private_storage, sha256_of
from csp.core.uploads import (
    CSV,
    DOCX,
    IMAGES,
    JPEG,
    PDF,
    PNG,
    SPREADSHEETS,
    TEXT,
    UploadRefused,
    check_upload,
    in_words,
    safe_name,
)

ODT = b"application/vnd.oasis.opendocument.text"


def picture(kind="PNG", size=(2, 2), **options):
    out = io.BytesIO()
    Image.new("RGB", size).save(out, kind, **options)
    return out.getvalue()


def archive(parts, **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **options) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def sheet():
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def sound():
    out = io.BytesIO()
    with wave.open(out, "wb") as recording:
        recording.setparams((1, 2, 8000, 8000, "NONE", "not compressed"))
        recording.writeframes(b"\0" * 16000)
    return out.getvalue()


def png_that_claims(width, height):
    """A few bytes that say they are a huge picture."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


def sent(name, content):
    return SimpleUploadedFile(name, content, content_type="text/html")


@pytest.mark.parametrize(
    ("name", "content", "mime", "called"),
    [
        ("photo.png", picture(), "image/png", "photo.png"),
        ("photo.exe", picture("JPEG"), "image/jpeg", "photo.jpg"),
        ("photo", picture("GIF"), "image/gif", "photo.gif"),
        ("photo.webp", picture("WEBP"), "image/webp", "photo.webp"),
        ("letter.pdf", b"%PDF-1.7\nhello", "application/pdf", "letter.pdf"),
        ("rows.csv", b"\xef\xbb\xbfa,b\r\n1,\xc2\xa32\r\n", "text/csv", "rows.csv"),
        ("rows.TSV", b"a\tb\n", "text/csv", "rows.csv"),
        ("diary.txt", b"Loud again \x96 all night", "text/plain", "diary.txt"),
        ("diary.doc", b"Only words", "text/plain", "diary.txt"),
        ("rows.xlsx", sheet(), uploads.XLSX.mime, "rows.xlsx"),
        (
            "note.docx",
            archive({"[Content_Types].xml": "x", "word/document.xml": "x"}),
            DOCX.mime,
            "note.docx",
        ),
        ("talk.pptx", archive({"ppt/presentation.xml": "x"}), uploads.PPTX.mime, "talk.pptx"),
        ("note.odt", archive({"mimetype": ODT, "content.xml": "x"}), ODT.decode(), "note.odt"),
        ("noise.wav", sound(), "audio/x-wav", "noise.wav"),
        ("noise.mp3", b"ID3" + b"\0" * 300, "audio/mpeg", "noise.mp3"),
    ],
)
def test_upload_is_known_by_its_content(name, content, mime, called):
    file = sent(name, content)

    found = check_upload(file)

    assert (found.kind.mime, found.name, found.size) == (mime, called, len(content))
    assert file.read() == content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.pdf", b"MZ\x90\x00" + b"\0" * 500),
        ("run.sh.jpg", b"\x7fELF" + b"\0" * 500),
        ("page.txt", b"  <!DOCTYPE html><script>alert(1)</script>"),
        ("page.csv", b"\xef\xbb\xbf<html><body>"),
        ("drawing.txt", b"<svg onload=alert(1)>"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("files.zip", archive({"a.txt": "a"})),
        ("cut.docx", archive({"word/document.xml": "x" * 999})[:60]),
        ("macro.docx", archive({"word/document.xml": "x", "word/vbaProject.bin": "x"})),
        ("macro.ods", archive({"mimetype": uploads.ODS.mime, "Basic/Standard/Module1.xml": "x"})),
        ("strange.odt", archive({"mimetype": "application/epub+zip"})),
        ("broken.png", picture()[:40]),
        ("broken.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 40),
        ("binary.txt", b"words\0words"),
        ("binary_late.csv", b"a,b\n" * 400_000 + b"\0"),
    ],
)
def test_upload_of_anything_else_is_refused(name, content):
    with pytest.raises(UploadRefused, match=r"is not a file we can take\. Choose a JPG, PNG"):
        check_upload(sent(name, content))


@pytest.mark.parametrize("size", [(30_000, 30_000), (9_000, 9_000)])
def test_upload_of_a_picture_that_would_fill_the_memory_is_refused(size):
    with pytest.raises(UploadRefused, match="not a file we can take"):
        check_upload(sent("bomb.png", png_that_claims(*size)))


def test_upload_of_a_moving_picture_counts_every_frame(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_PIXELS", 7)
    frames = [Image.new("L", (2, 2), shade) for shade in (0, 255)]
    moving = picture("GIF", save_all=True, append_images=frames)

    with pytest.raises(UploadRefused):
        check_upload(sent("moving.gif", moving))


def test_upload_that_unpacks_into_a_flood_is_refused(monkeypatch):
    monkeypatch.setattr(uploads, "UNPACKED_ANYWAY", 1000)
    flood = archive({"word/document.xml": "x" * 100_000}, compression=zipfile.ZIP_DEFLATED)

    with pytest.raises(UploadRefused):
        check_upload(sent("flood.docx", flood))


def test_upload_of_nothing_is_refused():
    with pytest.raises(UploadRefused, match=r"“a\.txt” is empty\. Choose another file"):
        check_upload(sent("a.txt", b""))


@pytest.mark.parametrize(("size", "taken"), [(99, True), (100, True), (101, False)])
def test_upload_may_be_as_large_as_the_limit(size, taken):
    file = sent("a.txt", b"a" * size)

    if taken:
        assert check_upload(file, max_bytes=100).size == size
    else:
        with pytest.raises(
            UploadRefused, match=r"“a\.txt” is too big\. Choose a file smaller than 100\xa0bytes"
        ):
            check_upload(file, max_bytes=100)


def test_upload_of_a_kind_not_wanted_here_says_which_are():
    with pytest.raises(UploadRefused, match=r"“a\.png” is not a file we can take\. Choose a CSV or Excel"):
        check_upload(sent("a.png", picture()), kinds=SPREADSHEETS)


def test_upload_kinds_in_words():
    assert in_words([PDF]) == "a PDF file"
    assert in_words(IMAGES) == "a JPG, PNG, GIF, WebP or HEIC file"


@pytest.mark.parametrize(
    ("given", "kind", "safe"),
    [
        ("C:\\Users\\Jo\\photo.png", PNG, "photo.png"),
        ("../../etc/passwd", TEXT, "passwd.txt"),
        ("a\x00b\r\nc.txt", TEXT, "ab c.txt"),
        ("gpj.\u202eexe.png", PNG, "gpj.exe.png"),
        ('we<ird>:"|?*.png', PNG, "we_ird______.png"),
        (".htaccess", TEXT, "htaccess.txt"),
        ("...", TEXT, "file.txt"),
        ("", TEXT, "file.txt"),
        ("CON.txt", TEXT, "_CON.txt"),
        ("شکایت.jpeg", JPEG, "شکایت.jpg"),
        ("v1.2 of my long-ending", TEXT, "v1.2 of my long-ending.txt"),
        ("x" * 300 + ".csv", CSV, "x" * 100 + ".csv"),
    ],
)
def test_safe_name_keeps_what_a_name_says_and_no_more(given, kind, safe):
    assert safe_name(given, kind) == safe


@given(st.text(max_size=300))
def test_safe_name_is_always_a_name(name):
    safe = safe_name(name, PDF)

    assert safe.endswith(".pdf")
    assert 5 <= len(safe) <= 105
    assert not set(safe) & set('/\\<>:"|?*\n\r\0')
    assert not safe.startswith(".")


class OneForm(GDSForm):
    file = UploadField(label="Photo", kinds=IMAGES)


class ManyForm(GDSForm):
    files = MultipleUploadField(label="Photos", kinds=IMAGES, required=False, max_files=2)


def test_upload_field_renames_and_types_what_it_takes():
    form = OneForm({}, MultiValueDict({"file": [sent("a/b.exe", picture())]}))

    assert form.is_valid()
    assert (form.cleaned_data["file"].name, form.cleaned_data["file"].content_type) == ("b.png", "image/png")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([], "Choose a file"),
        ([sent("a.png", b"")], "The file is empty. Choose another file"),
        (
            [sent("a.png", b"words")],
            "“a.png” is not a file we can take. Choose a JPG, PNG, GIF, WebP or HEIC file",
        ),
    ],
)
def test_upload_field_says_what_to_choose(files, message):
    assert OneForm({}, MultiValueDict({"file": files})).errors == {"file": [message]}


def test_upload_field_keeps_a_file_that_is_there_already():
    field = UploadField()

    assert field.clean(None, initial="kept.png") == "kept.png"


def test_upload_field_asks_the_browser_for_these_kinds():
    assert 'accept=".jpg,.png,.gif,.webp,.heic"' in str(OneForm()["file"])
    assert " multiple" in str(ManyForm()["files"])


@pytest.mark.parametrize("count", [0, 1, 2])
def test_multiple_upload_field_gives_a_list(count):
    form = ManyForm({}, MultiValueDict({"files": [sent(f"{n}.jpg", picture()) for n in range(count)]}))

    assert form.is_valid()
    assert [file.name for file in form.cleaned_data["files"]] == [f"{n}.png" for n in range(count)]


def test_multiple_upload_field_has_a_limit():
    form = ManyForm({}, MultiValueDict({"files": [sent("a.png", picture())] * 3}))

    assert form.errors == {"files": ["Choose up to 2 files at a time"]}


def test_multiple_upload_field_refuses_one_bad_file_among_good():
    form = ManyForm({}, MultiValueDict({"files": [sent("a.png", picture()), sent("b.png", b"words")]}))

    assert "“b.png” is not a file we can take" in form.errors["files"][0]


def test_private_storage_gives_names_that_nobody_can_guess(tmp_path):
    store = PrivateFileSystemStorage(location=tmp_path / "private", base_url=None)

    names = {store.save("report/Jo Smith.PNG", ContentFile(b"x")) for _ in range(3)}

    assert len(names) == 3
    for name in names:
        assert "Smith" not in name
        assert name.endswith(".png")
        assert len(name) > 30


def test_private_storage_is_readable_by_nobody_else(tmp_path):
    store = PrivateFileSystemStorage(location=tmp_path / "private", base_url=None)

    path = tmp_path / "private" / store.save("a.png", ContentFile(b"x"))

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_private_storage_has_no_addresses():
    with pytest.raises(ValueError, match="served by a view, through the gate"):
        private_storage().url("ab/abc.png")


def test_private_storage_in_a_bucket_has_unguessable_names_too():
    store = storage_s3.PrivateS3Storage(bucket_name="casework")

    assert store.get_available_name("Jo Smith.PNG") != store.get_available_name("Jo Smith.PNG")


def test_sha256_is_read_from_the_start_and_leaves_the_file_there():
    file = sent("a.txt", b"abc")
    file.read(2)

    assert sha256_of(file) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert file.read() == b"abc"
