"""The title a case begins with. Agencies that see a summary read it, so it tells no house."""

import re

from cases.models import Report
from cases.services.disclosure import place_is_protected

HOUSE = re.compile(
    r"^(?:(?:flat|apartment|room|unit|number|no\.?)\s+)?\d+\s?[a-z]?(?:\s*[-/&]\s*\d+\s?[a-z]?)?\b\s*",
    re.IGNORECASE,
)


def suggested_title(report: Report) -> str:
    """Kind and street, such as: Noise, Mill Road, Didcot. Where somebody is kept safe, the area alone."""
    kind = report.categories.order_by("-risk", "position").values_list("label", flat=True).first()
    area = str(report.local_area or report.ward or "")
    street = "" if place_is_protected(report) else street_of(str(report.place or report.location))
    return ", ".join(filter(None, [kind or "Anti-social behaviour", street or area]))[:160]


def street_of(address: str) -> str:
    """Without flat and house: 14 Station Close, Thame becomes Station Close, Thame."""
    parts = (HOUSE.sub("", part.strip()) for part in address.split(","))
    return ", ".join(part for part in parts if part)
