"""A report as a file: PDF, JSON, CSV and ODS, each made from its content alone.

The same content gives the same bytes, whenever and wherever it is made.
"""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable

from csp.core.calendar import local_day
from csp.core.pdf import render_pdf
from csp.core.spreadsheet import Cell, Row, figure, write_csv, write_ods
from csp.core.words import date_words
from performance.models import PerformanceReport
from performance.services.report_content import Content
from performance.services.report_paper import printable
from performance.services.report_periods import key_of
from performance.services.report_rows import numbers_of, texts_of

HEAD = (
    "Section", "Figure", "Measure", "Period", "Counted by", "Of", "Number", "Unit", "Part", "Per cent",
    "Period before", "Number before", "Change in per cent", "Year before", "Number a year before",
    "Change on the year in per cent",
)  # fmt: skip
Sheets = list[tuple[str, list[Row]]]


def as_pdf(content: Content) -> bytes:
    context = {"report": printable(content)}
    title = f"{content['title']}, {content['partnership']}"
    return render_pdf("performance/report.pdf.html", context, title=title, marking=content["marking"])


def as_json(content: Content) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def as_csv(content: Content) -> bytes:
    """All the sheets, one below the other."""
    (_, rows), (_, figures), *others = _sheets(content)
    rows = [*rows, [], *figures]
    for name, more in others:
        rows += [[], [name], *more]
    file = io.BytesIO()
    write_csv(file, rows)
    return file.getvalue()


def as_ods(content: Content) -> bytes:
    file = io.BytesIO()
    write_ods(file, _sheets(content))
    return _timeless(file.getvalue())


def _sheets(content: Content) -> Sheets:
    return [
        ("About this file", _about(content)),
        ("Figures", _figures(content)),
        *_texts(content),
        *_plan(content),
        *_indicators(content),
        *_published(content),
        *_waiting(content),
        ("How they are counted", _rules(content)),
    ]


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


def name_of(report: PerformanceReport, file_format: str) -> str:
    """Each restatement has a name of its own, so that no file takes the other's place in a folder."""
    turn = report.turn
    restated = "" if turn == 0 else "-restated" if turn == 1 else f"-restated-{turn}"
    parts = f"{report.kind}-report-{report.partnership.slug}-{key_of(report.period)}"
    return f"{parts}{restated}.{file_format}"


def _about(content: Content) -> list[Row]:
    period, counted = content["period"], f"Counted on {content['counted_on']}"
    return [
        [content["marking"]],
        [content["title"], content["partnership"]],
        [f"{period['first']} to {period['last']}", counted if content["over"] else f"{counted}, not over"],
        *_state(content),
        [content["small_numbers"]],
    ]


def _state(content: Content) -> list[Row]:
    rows: list[Row] = []
    if restates := content.get("restates"):
        published = f"Restated. This takes the place of the report of {restates['published_on']}"
        rows.append([published, restates["note"]])
    if signed := content.get("signed_off"):
        day = local_day(dt.datetime.fromisoformat(signed["at"]))
        return [*rows, [f"Signed off by {signed['by']} on {date_words(day)}"]]
    return [*rows, ["Draft. Nobody has signed this off"]]


def _figures(content: Content) -> list[Row]:
    """Numbers that are held back say so in words."""
    numbers = numbers_of(content["sections"], content["measures"], content["period"]["key"])
    return [HEAD, *map(_figure, numbers)]


def _figure(row: Content) -> Row:
    of = (row["section"], row["label"], row["measure"], row["period"], row["by"], row["of"])
    part = _number(row["part"], row["part_words"])
    compared = (
        cell
        for then, change in (("before", "change"), ("year_ago", "change_on_year"))
        for cell in (*_then(row.get(then)), _number(row.get(change), ""))
    )
    return (
        *of, _number(row["number"], row["words"]), row["unit"], part, _number(row["percent"], ""), *compared
    )  # fmt: skip


def _then(earlier: Content | None) -> tuple[Cell, Cell]:
    return (earlier["period"], _number(earlier["number"], earlier["words"])) if earlier else ("", "")


def _number(number: int | None, instead: str) -> Cell:
    return instead if number is None else figure(str(number))


def _texts(content: Content) -> Sheets:
    found = texts_of(content)
    return [("In words", [("Section", "About", "Text", "Supplied by"), *found])] if found else []


def _rules(content: Content) -> list[Row]:
    rows: list[Row] = [("Measure", "Name", "Unit", "How it is counted")]
    return [
        *rows,
        *((each["name"], each["label"], each["unit"], each["rule"]) for each in content["measures"]),
    ]


def _blocks(content: Content, kind: str) -> list[Content]:
    return [block for each in content["sections"] for block in each["blocks"] if block["type"] == kind]


def _plan(content: Content) -> Sheets:
    head = ("Action", "Priority", "What", "Led by", "Rating", "Value", "What was done")
    return [
        sheet
        for block in _blocks(content, "plan")
        for sheet in (
            ("Plan", [[block["title"]], head, *map(_action, block["rows"])]),
            ("Plan by rating", [("Rating", "Actions"), *map(_rating, block["ratings"])]),
        )
    ]


def _action(row: Content) -> Row:
    return (
        row["ref"], row["priority"], row["what"], row["leads"], row["rating_words"],
        figure(row["value"] or ""), row["narrative"],
    )  # fmt: skip


def _rating(row: Content) -> Row:
    return row["label"], figure(str(row["number"]))


def _indicators(content: Content) -> Sheets:
    head = ("Indicator", "Unit", "Of", "Value", "A year before", "Source")
    return [
        ("Indicators", [head, *map(_indicator, block["rows"])]) for block in _blocks(content, "indicators")
    ]


def _indicator(row: Content) -> Row:
    numbers = figure(row["words"]), figure(row["year_ago"])
    return (row["label"], row["unit"], row["of"], *numbers, row["source"])


def _published(content: Content) -> Sheets:
    if "published" not in content:
        return []
    rows: list[Row] = [("Figure", "Of", "Number", "Waits for")]
    for each in content["published"]:
        if "values" in each:
            rows += [(each["label"], of, figure(words), "") for of, words in each["words"].items()]
        else:
            rows.append((each["label"], "", figure(each.get("words", "")), each.get("waits_for", "")))
    return [("Figures of the year", rows)]


def _waiting(content: Content) -> Sheets:
    return [
        (
            "Not recorded here yet",
            [("Figure", "Waits for"), *((row["label"], row["waits_for"]) for row in block["rows"])],
        )
        for block in _blocks(content, "waiting")
    ]
