"""The figures that a partnership publishes of its year, and where each comes from.

What a room of this system counts names its measure. What no room counts yet names the room it waits for: it
is missing, which is not nought.
"""

from dataclasses import dataclass, field
from typing import Any

from csp.agencies.measures import Breakdown, Figure, Measure, Question, answers, find_measure
from csp.agencies.models import Partnership
from csp.core.calendar import Period
from performance.services.longer_periods import one_of_year, parts_of
from performance.services.report_blocks import held_back
from performance.services.report_counting import COUNT_NOBODY
from performance.services.small_numbers import held_last
from tasking.enums import SeriesKind

NEARBY = {"kind": SeriesKind.NEIGHBOURHOOD.value}


@dataclass(frozen=True)
class YearFigure:
    key: str
    label: str
    measure: str = ""
    only: dict[str, str] = field(default_factory=dict)
    by: str = ""
    waits_for: str = ""


MEETINGS, CASES, OUTCOMES = "meetings-held", "cases-discussed", "meeting-outcomes"
YEAR_FIGURES = (
    YearFigure("neighbourhood_meetings.total", "Neighbourhood meetings", MEETINGS, NEARBY),
    YearFigure("neighbourhood_meetings.by_area", "Neighbourhood meetings by area", MEETINGS, NEARBY, "area"),
    YearFigure("neighbourhood_cases.total", "Neighbourhood cases", CASES, NEARBY),
    YearFigure("neighbourhood_cases.by_area", "Neighbourhood cases by area", CASES, NEARBY, "area"),
    YearFigure("neighbourhood_cases.by_issue", "Neighbourhood cases by issue", CASES, NEARBY, "issue"),
    YearFigure(
        "neighbourhood_cases.outcomes", "Outcomes of neighbourhood cases", OUTCOMES, NEARBY, "outcome"
    ),
    YearFigure("closure_orders", "Closure orders obtained", "closure-orders"),
    YearFigure("case_reviews", "Case reviews: applications, threshold met, carried out", waits_for="reviews"),
    YearFigure("homicide_reviews", "Domestic homicide reviews", waits_for="reviews"),
    YearFigure("cameras_installed", "Cameras and door viewers installed", waits_for="protection"),
    YearFigure("sanctuary", "Sanctuary referrals and works", waits_for="protection"),
    YearFigure("mediation", "Mediation offered, referred and agreed", waits_for="protection"),
    YearFigure("safe_places", "Safe Places", waits_for="protection"),
    YearFigure("domestic_abuse_service", "Contacts of the domestic abuse service", waits_for="grants"),
    YearFigure("violence_reduction_hub", "Referrals to the violence reduction hub", waits_for="grants"),
    YearFigure("grant", "Grant from the Police and Crime Commissioner", waits_for="grants"),
    YearFigure("funded_projects", "Projects funded", waits_for="grants"),
    YearFigure("campaigns", "Campaigns and training", waits_for="grants"),
)


def waiting_figures() -> list[dict[str, str]]:
    return [
        {"key": each.key, "label": each.label, "waits_for": each.waits_for}
        for each in YEAR_FIGURES
        if each.waits_for
    ]


def year_figures(partnership: Partnership, period: Period) -> list[dict[str, Any]]:
    """Every figure by its key, as published: numbers held back are None, with the words for them."""
    held = [(each, measure) for each in YEAR_FIGURES if (measure := find_measure(each.measure))]
    questions = [_question(each, measure, period) for each, measure in held]
    wholes = [Question(measure, period, only=each.only) for each, measure in held]
    spans = [_quarters(each, measure, partnership, period) for each, measure in held]
    parts = [Question(measure, one) for (_, measure), own in zip(held, spans, strict=True) for one in own]
    found = answers(partnership, [*questions, *wholes, *parts])
    of_quarters = iter(found[2 * len(held) :])
    answered = {
        each.key: _published(
            each, measure, found[place].figures, found[place + len(held)].whole,
            [next(of_quarters).whole for _ in spans[place]],
        )
        for place, (each, measure) in enumerate(held)
    }  # fmt: skip
    return [answered.get(each.key) or _missing(each) for each in YEAR_FIGURES]


def _question(each: YearFigure, measure: Measure, period: Period) -> Question:
    by: Breakdown | None = measure.breakdown(each.by) if each.by else None
    return Question(measure, period, by, each.only)


def _quarters(each: YearFigure, measure: Measure, partnership: Partnership, period: Period) -> list[Period]:
    """Of what is printed for each quarter too."""
    if each.by or each.only:
        return []
    return parts_of(measure, period, partnership.year_start, small=measure.name in COUNT_NOBODY)


def _published(
    each: YearFigure, measure: Measure, figures: list[Figure], whole: Figure, quarters: list[Figure]
) -> dict[str, Any]:
    said: dict[str, Any] = {"key": each.key, "label": each.label, "measure": measure.name}
    if not each.by:
        read = one_of_year(whole, quarters, small=measure.name in COUNT_NOBODY)
        return {**said, "number": read.number, "words": read.words}
    total = whole if sum(row.number for row in figures) == whole.number else None
    rows = held_last(held_back(measure, figures, total)).rows
    return {
        **said,
        "values": {row.label: row.number for row in rows},
        "words": {row.label: row.words for row in rows},
    }


def _missing(each: YearFigure) -> dict[str, Any]:
    return {"key": each.key, "label": each.label, "number": None, "waits_for": each.waits_for or "cases"}
