"""What the law makes a partnership publish each year of its case reviews.

The Anti-social Behaviour, Crime and Policing Act 2014, section 104, asks how many were applied for, how often
the threshold was not met, how many were carried out and how many led to recommendations. South and Vale
prints how often it was met, so that is here too.
"""

from dataclasses import dataclass
from typing import Any

from csp.agencies.measures import find_measure
from csp.agencies.models import Partnership
from csp.core.calendar import Period
from performance.services.report_periods import key_of

ROOM = "reviews"
NOT_YET = "Case reviews are not recorded here yet, so these figures are missing, which is not nought."


@dataclass(frozen=True)
class Line:
    key: str
    label: str
    measure: str
    by_law: bool = True


LINES = (
    Line("applications", "Applications for a case review", "case-review-applications"),
    Line("threshold_not_met", "Times the threshold was not met", "case-reviews-not-met"),
    Line("reviews_carried_out", "Case reviews carried out", "case-reviews-carried-out"),
    Line("with_recommendations", "Case reviews that led to recommendations", "case-reviews-recommended"),
    Line("threshold_met", "Times the threshold was met", "case-reviews-met", by_law=False),
)
"""The room that will record case reviews declares its measures under these names."""


def case_reviews(partnership: Partnership, year: Period) -> dict[str, Any]:
    """Whole numbers, however small: the law asks for them."""
    rows = [_line(each, partnership, year) for each in LINES]
    recorded = all(row["number"] is not None for row in rows)
    return {
        "return": "case-reviews",
        "partnership": partnership.name,
        "slug": partnership.slug,
        "year": key_of(year),
        "first": year.first.isoformat(),
        "last": year.last.isoformat(),
        "recorded": recorded,
        "note": "" if recorded else NOT_YET,
        "waits_for": None if recorded else ROOM,
        "figures": rows,
    }


def _line(line: Line, partnership: Partnership, year: Period) -> dict[str, Any]:
    measure = find_measure(line.measure)
    number = None if measure is None else measure.figure(partnership, year).number
    return {"key": line.key, "label": line.label, "number": number, "by_law": line.by_law}
