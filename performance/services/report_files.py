"""A report as a file: PDF, JSON, CSV and ODS, each made from its content alone.

The same content gives the same bytes, whenever and wherever it is made.
"""

import io
import json
import zipfile
from collections.abc import Callable

from csp.core.pdf import render_pdf
from csp.core.spreadsheet import Row, write_csv, write_ods
from performance.services.report_content import Content
from performance.services.report_paper import printable

HEAD = ("Section", "Figure", "Measure", "Period", "Counted by", "Of", "Number", "Unit", "Part", "Per cent")
KEPT_BACK = "held back"


def as_pdf(content: Content) -> bytes:
    context = {"report": printable(content)}
    title = f"{content['title']}, {content['partnership']}"
    return render_pdf("performance/report.pdf.html", context, title=title, marking=content["marking"])


def as_json(content: Content) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def as_csv(content: Content) -> bytes:
    """Who and what at its head, then one row for each number."""
    file = io.BytesIO()
    write_csv(file, [*_about(content), [], *_figures(content)])
    return file.getvalue()


def as_ods(content: Content) -> bytes:
    file = io.BytesIO()
    sheets: list[tuple[str, list[Row]]] = [
        ("About this file", _about(content)),
        ("Figures", _figures(content)),
        ("How they are counted", _rules(content)),
        *_plan(content),
        *_indicators(content),
        *_published(content),
    ]
    write_ods(file, sheets)
    return _timeless(file.getvalue())


def _timeless(package: bytes) -> bytes:
    """Zip files say when they were made. This one does not."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.infolist():
            entry = zipfile.ZipInfo(each.filename)
            entry.compress_type = each.compress_type
            new.writestr(entry, old.read(each))
    return out.getvalue()


MAKERS: dict[str, Callable[[Content], bytes]] = {
    "pdf": as_pdf,
    "json": as_json,
    "csv": as_csv,
    "ods": as_ods,
}
TYPES = {
    "pdf": "application/pdf",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}


def name_of(content: Content, file_format: str) -> str:
    return f"{content['kind']}-report-{content['slug']}-{content['period']['key']}.{file_format}"


def _about(content: Content) -> list[Row]:
    period = content["period"]
    return [
        [content["marking"]],
        [content["title"], content["partnership"]],
        [f"{period['first']} to {period['last']}", f"Counted on {content['counted_on']}"],
        [content["small_numbers"]],
    ]


def _figures(content: Content) -> list[Row]:
    """Numbers that are held back say so in words."""
    rows: list[Row] = [HEAD]
    for each in content["figures"]:
        number = each["words"] if each["number"] is None else str(each["number"])
        part = each["part_words"] if each["part"] is None else str(each["part"])
        percent = "" if each["percent"] is None else str(each["percent"])
        rows.append(
            (each["section"], each["label"], each["measure"], each["period"], each["by"], each["of"],
             number, each["unit"], part, percent)
        )  # fmt: skip
    return rows


def _rules(content: Content) -> list[Row]:
    rows: list[Row] = [("Measure", "Name", "Unit", "How it is counted")]
    return [
        *rows,
        *((each["name"], each["label"], each["unit"], each["rule"]) for each in content["measures"]),
    ]


def _blocks(content: Content, kind: str) -> list[Content]:
    return [block for each in content["sections"] for block in each["blocks"] if block["type"] == kind]


def _plan(content: Content) -> list[tuple[str, list[Row]]]:
    return [
        (
            "Plan",
            [
                ("Action", "What", "Led by", "Rating", "Value", "What was done"),
                *(
                    (row["ref"], row["what"], row["leads"], row["rating_words"], row["value"] or "",
                     row["narrative"])
                    for row in block["rows"]
                ),
            ],
        )
        for block in _blocks(content, "plan")
    ]  # fmt: skip


def _indicators(content: Content) -> list[tuple[str, list[Row]]]:
    head = ("Indicator", "Unit", "Of", "Value", "A year before", "Source")
    return [
        (
            "Indicators",
            [
                head,
                *(
                    (row["label"], row["unit"], row["of"], row["words"], row["year_ago"], row["source"])
                    for row in block["rows"]
                ),
            ],
        )
        for block in _blocks(content, "indicators")
    ]


def _published(content: Content) -> list[tuple[str, list[Row]]]:
    if "published" not in content:
        return []
    rows: list[Row] = [("Figure", "Of", "Number", "Waits for")]
    for each in content["published"]:
        if "values" in each:
            rows += [(each["label"], of, words, "") for of, words in each["words"].items()]
        else:
            rows.append((each["label"], "", each.get("words", ""), each.get("waits_for", "")))
    return [("Figures of the year", rows)]
