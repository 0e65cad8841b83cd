import csv
import gzip
import io
import zipfile

import openpyxl
import pytest
from openpyxl.chart import BarChart

from cases.services.imports import csv_reading, reading, xlsx_reading
from cases.services.imports.refusals import CannotRead
from cases.services.imports.tables import Layout
from tests.cases.imports.files import A_DATE, csv_bytes, csv_file, with_part, xlsx_bytes

ROWS = [["Ref", "Details"], ["1", "Si\u00e2n\u2019s caf\u00e9 \u2013 \u00a35"], ["2", "two\nlines"]]
MAX = 10_000_000


def read(content, asked=None):
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    layout = reading.detect(file, max_bytes=MAX, asked=asked)
    with reading.opened(file, layout) as table:
        return layout, [list(table.header), *(row.cells for row in table.rows)]


def lines_of(content):
    file = io.BytesIO(content)
    with reading.opened(file, reading.detect(file, max_bytes=MAX)) as table:
        return [(row.line, row.last_line) for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
def test_csv_is_read_in_every_encoding(encoding, line_end):
    layout, rows = read(csv_bytes(ROWS, encoding=encoding, line_end=line_end))

    assert rows == ROWS
    assert layout.encoding == encoding


def test_csv_with_the_line_ends_of_old_macs_is_read():
    assert read(csv_bytes([["a", "b"], ["1", "2"]], line_end="\r"))[1] == [["a", "b"], ["1", "2"]]


@pytest.mark.parametrize("delimiter", csv_reading.DELIMITERS)
def test_csv_delimiter_is_found(delimiter):
    rows = [["Ref", "When", "Details"], ["1", "3 April", "Loud, and; long"], ["2", "4 April", "See above"]]

    layout, read_rows = read(csv_bytes(rows, delimiter=delimiter, quoting=csv.QUOTE_ALL))

    assert (layout.delimiter, read_rows) == (delimiter, rows)


def test_csv_delimiter_that_the_first_line_names_is_believed():
    layout, rows = read(b'"sep=#"\r\nRef#Details\r\n1#a,b\r\n')

    assert (layout.delimiter, rows) == ("#", [["Ref", "Details"], ["1", "a,b"]])
    assert lines_of(b"sep=#\nRef#Details\n1#a\n") == [(3, 3)]


def test_csv_of_one_column_is_read():
    assert read(b"Details\nNoise\nShouting\n")[1] == [["Details"], ["Noise"], ["Shouting"]]


def test_csv_without_a_last_line_end_and_with_blank_lines_is_read():
    assert read(b"a,b\n\n1,2\n,\n \n3,4")[1] == [["a", "b"], ["1", "2"], ["3", "4"]]


def test_csv_with_one_column_of_blanks_keeps_rows():
    assert read(b"a,b\n1,\n,2\n")[1] == [["a", "b"], ["1", ""], ["", "2"]]


def test_csv_rows_know_on_which_lines_they_stand():
    assert lines_of(b'a,b\n1,"x\ny\nz"\n\n2,b\n') == [(2, 4), (6, 6)]


def test_csv_cells_lose_control_characters_and_blanks_at_their_ends():
    assert read(b"a,b\n  x\xc2\xa0, y\x1fz\x7f \n")[1][1] == ["x", "yz"]


def test_what_is_asked_goes_before_what_it_looks_like():
    asked = Layout(encoding="cp1252", delimiter=";")

    assert read("Ref,Details\n1,é\n".encode(), asked)[1] == [["Ref,Details"], ["1,Ã©"]]


def test_what_is_asked_and_cannot_be_is_refused():
    with pytest.raises(CannotRead, match="is not written in UTF-8"):
        read("é".encode("cp1252"), Layout(encoding="utf-8"))
    with pytest.raises(CannotRead, match="is not written in UTF-16"):
        read(b"abc", Layout(encoding="utf-16"))


def test_quotation_mark_in_the_wrong_place_costs_one_row():
    file = csv_file([["a", "b"]])
    file = io.BytesIO(b'a,b\n1,"x"y\n2,z\n')
    layout = reading.detect(file, max_bytes=MAX)

    with reading.opened(file, layout) as table:
        rows = list(table.rows)

    assert [(row.line, row.problem) for row in rows] == [(2, csv_reading.MISPLACED), (3, "")]


@pytest.mark.parametrize(
    "content",
    [b'a,b\n1,"x\n2,y\n3,z\n', b'a,b\n1,"x\n2,"y"\n3,z\n', b'a,b\n1,"' + b"x" * 200_000 + b"\n"],
)
def test_quotation_mark_that_would_swallow_other_rows_stops_the_file(content):
    with pytest.raises(CannotRead, match="opens on line 2 is never closed"):
        read(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \r\n \n", "is empty"),
        (b"\xef\xbb\xbf\n\n,,\n", "is empty"),
        (b"%PDF-1.7\n\x00\x01", "is not text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel file"),
        (gzip.compress(b"a,b\n"), "The file is packed"),
        (b"<html><body>", "is a web page"),
        (b"PK\x03\x04broken", "not an Excel workbook"),
        (b"a,b\n\x81\x8d\n", "cannot tell which letters"),
        (b"\xff\xfeabc", "says it is UTF-16 but is not"),
        (b"Ref,ref ,Details\n1,2,3\n", "Two columns are named “Ref”"),
        (",".join(f"c{n}" for n in range(201)).encode(), "has 201 columns"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, words):
    with pytest.raises(CannotRead, match=words):
        read(content)


def test_file_too_large_is_refused():
    with pytest.raises(CannotRead, match="Choose one smaller than 10"):
        reading.detect(io.BytesIO(b"x" * 11), max_bytes=10)


def test_header_gives_columns_without_a_name_their_number():
    assert read(b"a,,b,,\n1,2,3,,\n")[1][0] == ["a", "Column 2", "b"]


def test_header_alone_has_no_rows():
    file = io.BytesIO(b"a,b\n\n")

    with pytest.raises(CannotRead, match="a header and no rows"):
        reading.refuse_without_rows(file, reading.detect(file, max_bytes=MAX))


def test_a_bad_letter_behind_the_first_part_of_a_file_is_found():
    content = b"a,b\n" + b"1,2\n" * 400_000 + "é,ü\n".encode("cp1252")

    layout, rows = read(content)

    assert (layout.encoding, rows[-1], len(rows)) == ("cp1252", ["é", "ü"], 400_002)


def test_estimate_rows_counts_line_ends():
    file = csv_file([["a"], ["1"], ["2"]])
    assert reading.estimate_rows(file, reading.detect(file, max_bytes=MAX)) == 2


def test_workbook_is_read_as_text():
    content = xlsx_bytes(
        [
            ["Ref", "When", "Lat", "Yes", "Nothing"],
            [17.0, A_DATE, 51.75, True, None],
            ["0012", A_DATE.replace(hour=21, minute=30), -1.2, False, "x"],
            [None, A_DATE.date(), A_DATE.replace(hour=9).time(), 3, "é\n2"],
        ]
    )

    layout, rows = read(content)

    assert (layout.kind, layout.sheet, layout.sheets) == ("xlsx", "Sheet1", ("Sheet1",))
    assert rows[1:] == [
        ["17", "2024-04-03", "51.75", "yes"],
        ["0012", "2024-04-03 21:30:00", "-1.2", "no", "x"],
        ["", "2024-04-03", "09:00:00", "3", "é\n2"],
    ]


def test_workbook_sheet_is_chosen_by_name():
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.create_sheet("Reports").append(["b"])
    out = io.BytesIO()
    book.save(out)

    assert read(out.getvalue(), Layout(sheet="Reports"))[1] == [["b"]]
    assert read(out.getvalue(), Layout(sheet="Gone"))[1] == [["a"]]
    with (
        pytest.raises(CannotRead, match="no sheet named “Gone”"),
        reading.opened(out, Layout(kind="xlsx", sheet="Gone")),
    ):
        pass


def test_workbook_with_blank_rows_keeps_line_numbers():
    assert lines_of(xlsx_bytes([["a"], [], [1], [None], [2]])) == [(3, 3), (5, 5)]


def test_workbook_that_is_broken_is_refused():
    content = xlsx_bytes([["a"], [1]])

    with pytest.raises(CannotRead, match="The workbook is broken"):
        read(with_part(content, "xl/workbook.xml", "<workbook"))
    with pytest.raises(CannotRead, match="The workbook is broken"):
        read(with_part(content, "xl/worksheets/sheet1.xml", "<worksheet><sheetData><row><c"))


def test_workbook_that_is_damaged_is_refused():
    content = xlsx_bytes([["a"], *([f"text {n}"] for n in range(2000))])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
        sheet = archive.read(part)
    damaged = bytearray(content)
    for n in range(part.header_offset + 100, part.header_offset + part.compress_size, 7):
        damaged[n] ^= 0xFF

    with pytest.raises(CannotRead, match="The workbook is broken"):
        read(with_part(content, part.filename, sheet[:-40]))
    with pytest.raises(CannotRead, match="The workbook is broken"):
        read(bytes(damaged))


def test_workbook_of_charts_alone_has_no_sheet():
    book = openpyxl.Workbook()
    book.create_chartsheet("Chart").add_chart(BarChart())
    book.remove(book.active)
    out = io.BytesIO()
    book.save(out)

    with pytest.raises(CannotRead, match="The workbook has no sheet"):
        read(out.getvalue())


def test_workbook_that_would_unfold_without_end_is_refused():
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa">]><sst>&a;</sst>'

    with pytest.raises(CannotRead, match="The workbook is broken"):
        read(with_part(xlsx_bytes([["a"]]), "xl/sharedStrings.xml", bomb))


def test_workbook_with_too_much_shared_text_is_refused(monkeypatch):
    monkeypatch.setattr(xlsx_reading, "MOST_SHARED_TEXT", 1000)

    with pytest.raises(CannotRead, match="too much text"):
        read(with_part(xlsx_bytes([["a"]]), "xl/sharedStrings.xml", f"<sst>{'x' * 2000}</sst>"))


def test_other_packed_files_are_refused():
    content = with_part(xlsx_bytes([["a"]]), "xl/workbook.xml", "")
    with pytest.raises(CannotRead, match="The workbook is broken"):
        read(content)


def test_unpacked_takes_gzip_and_plain_files():
    plain = io.BytesIO(b"a,b\n")
    assert reading.unpacked(plain, max_bytes=10) is plain
    with reading.unpacked(io.BytesIO(gzip.compress(b"a,b\n1,2\n")), max_bytes=10) as file:
        assert file.read() == b"a,b\n1,2\n"


def test_unpacked_refuses_bombs_and_broken_files():
    bomb = io.BytesIO(gzip.compress(b"x" * 3_000_000))
    with pytest.raises(CannotRead, match="unpacks to more than"):
        reading.unpacked(bomb, max_bytes=1_000_000)
    with pytest.raises(CannotRead, match="broken"):
        reading.unpacked(io.BytesIO(gzip.compress(b"a,b\n" * 100)[:-12]), max_bytes=1000)
