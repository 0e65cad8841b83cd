"""All that a report prints, as plain values: its page, its PDF and its files are made from this alone."""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from csp.agencies.models import Partnership
from csp.core.calendar import Period, local_day
from performance.enums import ReportKind
from performance.models import PerformanceReport
from performance.services.report_blocks import (
    SMALL_NOTE,
    Block,
    breakdown_blocks,
    figures_block,
    over_time_block,
)
from performance.services.report_counting import Counts, count
from performance.services.report_parts import PARTS, Asked, note
from performance.services.report_periods import is_quarter, key_of
from performance.services.report_rows import numbers_of
from performance.services.report_sections import BY_NAME, SECTIONS, SectionKind
from performance.services.year_figures import year_figures

Content = dict[str, Any]
FORMAT = 1


@dataclass(frozen=True)
class Wanted:
    """A section that is in the report, and what the team wrote about it."""

    name: str
    narrative: str = ""


def content_of(report: PerformanceReport, at: dt.datetime) -> Content:
    """Of one that is signed off what was frozen then; else as the figures are now."""
    if report.frozen is not None:
        return report.frozen
    rows = report.sections.filter(included=True).order_by("position", "pk")
    wanted = [Wanted(each.name, each.narrative) for each in rows if each.name in BY_NAME]
    return build(report.partnership, report.period, report.title, wanted, at)


def print_of(content: Content) -> str:
    """The same while its words and figures are the same, on whichever day they are counted."""
    said = {name: value for name, value in content.items() if name != "counted_on"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def live(partnership: Partnership, period: Period, at: dt.datetime) -> Content:
    """Of a period for which nobody has begun a report: the usual sections."""
    return build(partnership, period, title_of(period), usual(period), at)


def usual(period: Period) -> list[Wanted]:
    return [Wanted(each.name) for each in SECTIONS if kind_of(period) in each.usual]


def kind_of(period: Period) -> str:
    return ReportKind.QUARTERLY.value if is_quarter(period) else ReportKind.YEARLY.value


def title_of(period: Period) -> str:
    return f"{ReportKind(kind_of(period)).label}, {period.name}"


def build(
    partnership: Partnership, period: Period, title: str, wanted: Sequence[Wanted], at: dt.datetime
) -> Content:
    kinds = [BY_NAME[each.name] for each in wanted]
    counts = count(partnership, period, kinds)
    sections, rules = [_section(each, counts) for each in wanted], _rules(counts)
    content: Content = {
        "format": FORMAT,
        "partnership": partnership.name,
        "slug": partnership.slug,
        "kind": kind_of(period),
        "kind_label": ReportKind(kind_of(period)).label,
        "title": title,
        "period": {
            "key": key_of(period),
            "name": period.name,
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
        },
        "counted_on": local_day(at).isoformat(),
        "over": period.last < local_day(at),
        "state": "draft",
        "marking": settings.MARKING,
        "small_numbers": SMALL_NOTE,
        "sections": sections,
        "measures": rules,
        "figures": numbers_of(sections, rules, key_of(period)),
    }
    if content["kind"] == ReportKind.YEARLY:
        content["published"] = year_figures(partnership, period)
        content["waits_for"] = [each["key"] for each in content["published"] if "waits_for" in each]
    return content


def _section(wanted: Wanted, counts: Counts) -> Content:
    kind = BY_NAME[wanted.name]
    blocks = [*_counted(kind, counts), *_part(kind, counts)]
    if not blocks:
        blocks = [note("Nothing was recorded for this part.")]
    return {"name": kind.name, "title": kind.title, "narrative": wanted.narrative, "blocks": blocks}


def _counted(kind: SectionKind, counts: Counts) -> list[Block]:
    return [
        *figures_block(kind, counts),
        *over_time_block(kind, counts),
        *(block for tally in kind.tallies for block in breakdown_blocks(tally, counts)),
    ]


def _part(kind: SectionKind, counts: Counts) -> list[Block]:
    part = PARTS.get(kind.name)
    return part(Asked(counts.partnership, counts.period)) if part else []


def _rules(counts: Counts) -> list[Content]:
    """How each figure is counted, in words, as it was when it was counted."""
    return [
        {"name": each.measure.name, "label": each.measure.label, "unit": each.measure.unit,
         "rule": each.measure.rule, "room": each.measure.room}
        for each in counts.counted.values()
    ]  # fmt: skip
