"""A report's content made ready for a page or a PDF: charts are drawn, and that is all."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from csp.core.charts import Chart, Line, spark
from performance.services.report_blocks import MISSING
from performance.services.report_content import Content

Opens = Callable[[str, str, str], str]
"""The address of the records behind a figure: of its measure, and the breakdown and key it is of, if any."""


def printable(content: Content, opens: Opens | None = None) -> dict[str, Any]:
    """What templates print. The content stays as it is. With `opens` each figure leads to its records."""
    period = content["period"]
    return {
        **content,
        "first": dt.date.fromisoformat(period["first"]),
        "last": dt.date.fromisoformat(period["last"]),
        "counted_on_day": dt.date.fromisoformat(content["counted_on"]),
        "signed_off_at": _moment(content.get("signed_off", {}).get("at")),
        "sections": [
            {
                **each,
                "blocks": [_block(block, opens) for block in each["blocks"]],
                "tiles": each["name"] == "summary",
            }
            for each in content["sections"]
        ],
        "waiting": [each for each in content.get("published", []) if "waits_for" in each],
    }


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _block(block: Content, opens: Opens | None) -> Content:
    kind = block["type"]
    if kind == "chart":
        return {**block, "chart": chart_of(block), "tabled": block["kind"] != "bar"}
    if kind == "figures":
        return {**block, "rows": [_figure(row, opens) for row in block["rows"]]}
    if kind == "table" and block["measure"] and opens:
        rows = [{**row, "url": opens(block["measure"], block["by"], row["key"])} for row in block["rows"]]
        return {**block, "rows": rows}
    if kind == "plan":
        return {**block, "chart": _rated(block)}
    return block


def _figure(row: Content, opens: Opens | None) -> Content:
    url = opens(row["measure"], "", "") if opens and row["words"] != MISSING else ""
    return {**row, "spark": _spark(row["trend"]), "trend_words": _trend_words(row), "url": url}


def _trend_words(row: Content) -> str:
    """For those who do not see the small picture."""
    numbers = ("no figure" if each is None else f"{each:,}" for each in row["trend"])
    return f"{row['label']} up to now: {', '.join(numbers)}"


def chart_of(block: Content) -> Chart:
    """A line where a number is missing or held back, since a column cannot show that; else as asked for."""
    lines = tuple(Line(each["label"], tuple(each["values"])) for each in block["lines"])
    gaps = any(value is None for line in lines for value in line.values)
    kind = "line" if gaps and block["kind"] == "columns" else block["kind"]
    return Chart(block["title"], block["unit"], tuple(block["labels"]), lines, kind)


def _rated(block: Content) -> Chart:
    ratings = [each for each in block["ratings"] if each["number"]]
    return Chart(
        "Actions of the plan by rating",
        "actions",
        tuple(each["label"] for each in ratings),
        (Line("Actions", tuple(each["number"] for each in ratings)),),
        "bar",
    )


def _spark(trend: list[int | None]) -> str:
    """Nothing where there is no last number, or nothing before it to compare."""
    known = [each for each in trend if each is not None]
    return spark(trend) if trend[-1] is not None and len(set(known)) > 1 else ""
