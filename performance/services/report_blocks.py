"""What a section prints, as plain values: figures, tables and charts, with small numbers held back.

A report is published, so what it holds back it holds back from everybody.
"""

from collections.abc import Sequence
from typing import Any

from csp.agencies.measures import Breakdown, Figure, Measure
from csp.core.text import mid_sentence
from performance.services.longer_periods import Part, one_of_year, shown_of_year
from performance.services.report_counting import COUNT_NOBODY, Counted, Counts
from performance.services.report_periods import IN_PART, is_quarter
from performance.services.report_sections import SectionKind, Tally
from performance.services.small_numbers import HELD_BACK, Shown, ShownTable, known_elsewhere, shown

Block = dict[str, Any]
MISSING = "not recorded"
MOST_ROWS = 15
MOST_DRAWN = 10
LEAST_DRAWN = 3
"""Fewer compare nothing that the table does not show as well."""
KEPT_WHOLE = 14
"""Rows of a table that stays on one page."""
SMALL_NOTE = (
    "Numbers from 1 to 4 are not printed, nor is any number from which one could be worked out, where they "
    "count reports, cases or people. Meetings, the actions that they give, attendance, the actions of the "
    "plan and the figures that others publish point at nobody, and are printed however small."
)


def held_back(measure: Measure, figures: Sequence[Figure], total: Figure | None = None) -> ShownTable:
    return shown(figures, total, small=measure.name in COUNT_NOBODY)


def figure_row(counted: Counted, counts: Counts) -> Block:
    """One number beside those of the period before and of the same period a year ago."""
    now, before, year_ago = (_read(counted, place) for place in (-1, -2, 0))
    than = None if counted.in_part[-2] else before
    row = {
        "measure": counted.measure.name,
        "label": counted.measure.label,
        "unit": counted.measure.unit,
        **_values(now),
        "part_label": counted.measure.part.label if counted.measure.part else "",
        "before": {"period": counts.periods[-2].name, **_values(before)},
        "direction": direction(now, than),
        "change": change(now, than),
        "change_words": _in_part(counted, -2) or _change_words(counted, now, than),
        "before_note": _in_part(counted, -2),
        "trend": [_values(_read(counted, place))["number"] for place in range(len(counts.periods))],
    }
    if is_quarter(counts.period):
        row["year_ago"] = {"period": counts.periods[0].name, **_values(year_ago)}
        row["change_on_year"] = None if counted.in_part[0] else change(now, year_ago)
        row["year_ago_note"] = _in_part(counted, 0)
    return row


def _in_part(counted: Counted, place: int) -> str:
    return IN_PART if counted.in_part[place] else ""


def _change_words(counted: Counted, now: Shown | None, before: Shown | None) -> str:
    """Of a measure with a part its share changes for better or worse, not how many there were."""
    if counted.measure.part is None:
        return change_words(change(now, before))
    if now is None or before is None or now.percent is None or before.percent is None:
        return ""
    if now.percent == before.percent:
        return f"share the same, {now.percent}%"
    return f"share {'up' if now.percent > before.percent else 'down'} from {before.percent}%"


def _read(counted: Counted, place: int) -> Shown | None:
    figure = counted.figures[place]
    if figure is None:
        return None
    small = counted.measure.name in COUNT_NOBODY
    return one_of_year(figure, counted.quarters[place], small=small)


def _values(read: Shown | None) -> Block:
    if read is None:
        return {"number": None, "words": MISSING, "part": None, "part_words": "", "percent": None}
    return {
        "number": read.number,
        "words": read.words,
        "part": read.part,
        "part_words": read.part_words,
        "percent": read.percent,
    }


def direction(now: Shown | None, earlier: Shown | None) -> str:
    """Up from 24, down from 24, the same as before; nothing where either number is not shown."""
    if now is None or earlier is None or now.number is None or earlier.number is None:
        return ""
    if now.number == earlier.number:
        return f"no change from {earlier.words}"
    return f"{'up' if now.number > earlier.number else 'down'} from {earlier.words}"


def change(now: Shown | None, earlier: Shown | None) -> int | None:
    """By how many per cent; none where the earlier number is nought or either is not shown."""
    if now is None or earlier is None or now.number is None or not earlier.number:
        return None
    return round(100 * (now.number - earlier.number) / earlier.number)


def change_words(percent: int | None) -> str:
    """up 12%, down 8%, no change"""
    if percent is None:
        return ""
    if percent == 0:
        return "no change"
    return f"{'up' if percent > 0 else 'down'} {abs(percent):,}%"


def figures_block(kind: SectionKind, counts: Counts) -> list[Block]:
    found = [counts.counted[each.measure] for each in kind.tallies if each.measure in counts.counted]
    if not found:
        return []
    return [
        {
            "type": "figures",
            "title": f"{kind.title}: figures",
            "now": counts.period.name,
            "rows": [figure_row(each, counts) for each in found],
        }
    ]


def over_time_block(kind: SectionKind, counts: Counts) -> list[Block]:
    """A chart of some measures of the section, by period, with its numbers."""
    lines = []
    for name in kind.over_time:
        if name not in counts.drawn:
            continue
        measure = counts.counted[name].measure
        values = [None if each is None else _number(measure, each) for each in counts.drawn[name]]
        words = [MISSING if each is None else _words(measure, each) for each in counts.drawn[name]]
        lines.append({"label": measure.label, "values": values, "words": words})
    if sum(bool(value) for line in lines for value in line["values"]) < LEAST_DRAWN:
        return []
    return [
        {
            "type": "chart",
            "kind": "columns",
            "title": f"{kind.over_time_title}, by quarter",
            "unit": mid_sentence(counts.counted[kind.over_time[0]].measure.unit),
            "labels": [each.name for each in counts.drawn_periods],
            "lines": lines,
        }
    ]


def _number(measure: Measure, figure: Figure) -> int | None:
    return held_back(measure, [figure]).rows[0].number


def _words(measure: Measure, figure: Figure) -> str:
    return held_back(measure, [figure]).rows[0].words


def breakdown_blocks(tally: Tally, counts: Counts) -> list[Block]:
    counted = counts.counted.get(tally.measure)
    if counted is None or counted.now is None:
        return []
    return [
        block
        for name in tally.by
        if (breakdown := counted.measure.breakdown(name)) and len(counts.breakdown(tally.measure, name)) > 1
        for block in _breakdown(counted, breakdown, counts, drawn=tally.drawn == name)
    ]


def _breakdown(counted: Counted, by: Breakdown, counts: Counts, *, drawn: bool) -> list[Block]:
    measure, figures = counted.measure, counts.breakdown(counted.measure.name, by.name)
    small, read = measure.name in COUNT_NOBODY, _read(counted, -1)
    printed = read is not None and read.words != HELD_BACK
    total = counted.now if counted.now and printed and _is_sum(figures, counted.now) else None
    quarters = [
        Part(each.figures, each.total if each.total and _is_sum(each.figures, each.total) else None)
        for each in counts.by_quarter[measure.name, by.name]
    ]
    known = known_elsewhere(measure, by)
    table = shown_of_year(figures, total, quarters, small=small, known=known)
    if all(each.number is None for each in table.rows):
        return []
    if table.total and read and _prints_more(read, table.total):
        return []
    title = f"{measure.label} by {mid_sentence(by.label)}"
    chart = _drawn(title, measure, table) if drawn else []
    block = {
        "type": "table",
        "title": title,
        "measure": measure.name,
        "by": by.name,
        "by_label": by.label,
        "unit": measure.unit,
        "part_label": measure.part.label if measure.part else "",
        "rows": [{"key": each.key, "label": each.label, **_values(each)} for each in table.rows[:MOST_ROWS]],
        "more": len(table.rows[MOST_ROWS:]),
        "drawn": bool(chart),
        "whole": len(table.rows) <= KEPT_WHOLE,
        "total": {"label": "Total", **_values(table.total)} if table.total else None,
        "note": "" if total else OVERLAPS if counted.now and _overlap(figures, counted.now) else "",
    }
    return [*chart, block]


OVERLAPS = "One record may count in several rows, so they do not add up to the figure above."


def _prints_more(read: Shown, total: Shown) -> bool:
    """Whether the figure says what the total of its table has to hold back."""
    return HELD_BACK in (total.words, total.part_words) and HELD_BACK not in (read.words, read.part_words)


def _is_sum(figures: Sequence[Figure], whole: Figure) -> bool:
    return sum(each.number for each in figures) == whole.number


def _overlap(figures: Sequence[Figure], whole: Figure) -> bool:
    return sum(each.number for each in figures) > whole.number


def _drawn(title: str, measure: Measure, table: ShownTable) -> list[Block]:
    """The largest, without those that are held back: the table says which they are."""
    bars = [each for each in table.rows if each.number][:MOST_DRAWN]
    if len(bars) < LEAST_DRAWN:
        return []
    return [
        {
            "type": "chart",
            "kind": "bar",
            "title": title,
            "unit": measure.unit,
            "labels": [each.label for each in bars],
            "lines": [{"label": measure.label, "values": [each.number for each in bars], "words": []}],
        }
    ]
