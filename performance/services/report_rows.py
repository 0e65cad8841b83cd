"""What a report prints, as rows: each number, and each text that somebody wrote or that explains a number."""

from collections.abc import Iterator, Sequence
from typing import Any

Content = dict[str, Any]
VALUES = ("number", "words", "part", "part_words", "percent")
OVER_TIME = "period"
TOTAL = "Total"


def numbers_of(sections: Sequence[Content], measures: Sequence[Content], period: str) -> list[Content]:
    """One row for each number, as files and other programs read it. What is drawn with a table below it is
    the table's.
    """
    names = {each["label"]: each["name"] for each in measures}
    return [
        {"section": section["name"], **row}
        for section in sections
        for block in section["blocks"]
        for row in _numbers(block, period, names)
    ]


def _numbers(block: Content, period: str, names: dict[str, str]) -> Iterator[Content]:
    if block["type"] == "figures":
        return _compared(block, period)
    if block["type"] == "table":
        return _of_table(block, period)
    if block["type"] == "chart" and block["kind"] != "bar":
        return _over_time(block, names)
    return iter(())


def _compared(block: Content, period: str) -> Iterator[Content]:
    for row in block["rows"]:
        earlier = {"before": _earlier(row["before"]), "year_ago": _earlier(row.get("year_ago"))}
        changes = {"change": row["change"], "change_on_year": row.get("change_on_year")}
        yield _line(row, period, "", "", row) | earlier | changes


def _of_table(block: Content, period: str) -> Iterator[Content]:
    head = {**block, "label": block["title"]}
    for row in block["rows"]:
        yield _line(head, period, block["by"], row["label"], row)
    if block["total"]:
        yield _line(head, period, block["by"], TOTAL, block["total"])


def _over_time(block: Content, names: dict[str, str]) -> Iterator[Content]:
    for line in block["lines"]:
        head = {"measure": names.get(line["label"], ""), "label": line["label"], "unit": block["unit"]}
        for label, number, words in zip(block["labels"], line["values"], line["words"], strict=True):
            yield _line(head, label.replace(" ", "-"), OVER_TIME, label, {"number": number, "words": words})


def _earlier(figure: Content | None) -> Content | None:
    return figure and {name: figure[name] for name in ("period", "number", "words")}


def _line(head: Content, period: str, by: str, of: str, row: Content) -> Content:
    values = {"part": None, "part_words": "", "percent": None} | {
        name: row[name] for name in VALUES if name in row
    }
    return {
        "measure": head["measure"], "label": head["label"], "unit": head["unit"], "period": period,
        "by": by, "of": of, "key": row.get("key", ""), **values,
    }  # fmt: skip


def texts_of(content: Content) -> list[tuple[str, str, str, str]]:
    """Section, what it is about, the text, and who supplied it."""
    return [
        (section["name"], *text)
        for section in content["sections"]
        for text in [("", section["narrative"], ""), *map(_text, section["blocks"])]
        if text[1]
    ]


def _text(block: Content) -> tuple[str, str, str]:
    if block["type"] == "story":
        return block["title"], block["text"], block["by"]
    if block["type"] == "note":
        return "", block["text"], ""
    if block["type"] == "table":
        return block["title"], " ".join(filter(None, (_more(block["more"]), block["note"]))), ""
    return "", "", ""


def _more(number: int) -> str:
    return f"{number} more with smaller numbers are not printed." if number else ""
