"""What reports and cases are counted by."""

from cases.enums import Risk
from csp.agencies.measures import Breakdown

NOWHERE = "Place not known"


def by_area(way: str = "") -> Breakdown:
    return Breakdown("area", "Area", f"{way}local_area", f"{way}local_area__name", without=NOWHERE)


def by_ward(way: str = "") -> Breakdown:
    return Breakdown("ward", "Ward", f"{way}ward", f"{way}ward__name", without=NOWHERE)


def by_category(way: str = "") -> Breakdown:
    return Breakdown("category", "Category", f"{way}categories", f"{way}categories__label")


def by_agency(
    way: str, label: str = "Agency", without: str = "Not recorded", *, tells_more: bool = False
) -> Breakdown:
    return Breakdown("agency", label, way, f"{way}__name", without=without, tells_more=tells_more)


def by_risk(way: str = "risk", *, tells_more: bool = False) -> Breakdown:
    choices = tuple((str(value), str(label)) for value, label in Risk.choices)
    return Breakdown("risk", "Risk", way, way, choices, tells_more=tells_more)
