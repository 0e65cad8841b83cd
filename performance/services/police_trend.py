"""How many incidents the police counted here each month. What they publish names nobody."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from csp.agencies.enums import AreaKind
from csp.agencies.models import Area, Partnership
from csp.core.calendar import add_months
from performance.models import PoliceFile, PoliceIncident

ASB = "Anti-social behaviour"
FIELDS: dict[str, str] = {
    AreaKind.DISTRICT: "district",
    AreaKind.LOCAL_AREA: "local_area",
    AreaKind.WARD: "ward",
}
"""The kinds of area by which incidents can be counted."""


@dataclass(frozen=True)
class TrendRow:
    crime_type: str
    numbers: tuple[int | None, ...]
    """None for a month of which no file is loaded."""


@dataclass(frozen=True)
class Trend:
    months: tuple[dt.date, ...]
    rows: list[TrendRow]
    """One for each crime type, by name."""
    nought: tuple[int | None, ...]
    """What a type without a single row has."""

    @property
    def has_gaps(self) -> bool:
        return None in self.nought

    @property
    def total(self) -> TrendRow:
        return TrendRow("All types", self.without(""))

    def row(self, crime_type: str) -> TrendRow:
        found = next((row for row in self.rows if row.crime_type == crime_type), None)
        return found or TrendRow(crime_type, self.nought)

    def without(self, crime_type: str) -> tuple[int | None, ...]:
        """All types but that one, added up."""
        others = [self.nought, *(row.numbers for row in self.rows if row.crime_type != crime_type)]
        return tuple(
            None if None in month else sum(number or 0 for number in month)
            for month in zip(*others, strict=True)
        )


def months_loaded(partnership: Partnership) -> list[dt.date]:
    """The newest first."""
    files = PoliceFile.objects.filter(partnership=partnership)
    return list(files.order_by("-month").values_list("month", flat=True).distinct())


def last_months(loaded: Sequence[dt.date], number: int) -> tuple[dt.date, ...]:
    """So many up to the newest that is loaded, whether each is loaded or not. The oldest first."""
    if not loaded:
        return ()
    first = min(loaded)
    months = [add_months(loaded[0], -back) for back in reversed(range(number))]
    return tuple(month for month in months if month >= first)


def crime_types(partnership: Partnership) -> list[str]:
    found = PoliceIncident.objects.filter(partnership=partnership).order_by("crime_type")
    return list(found.values_list("crime_type", flat=True).distinct())


def trend(
    partnership: Partnership,
    months: Sequence[dt.date],
    loaded: Sequence[dt.date],
    *,
    area: Area | None = None,
    crime_type: str = "",
) -> Trend:
    """One query, over the index of partnership, month and crime type."""
    found = PoliceIncident.objects.filter(partnership=partnership, month__in=months)
    if area is not None:
        found = found.filter(**{FIELDS[area.kind]: area})
    if crime_type:
        found = found.filter(crime_type=crime_type)
    counted: dict[str, dict[dt.date, int]] = defaultdict(dict)
    for kind, month, number in found.values_list("crime_type", "month").annotate(number=Count("pk")):
        counted[kind][month] = number
    there = set(loaded)
    rows = [
        TrendRow(kind, tuple(counted[kind].get(month, 0) if month in there else None for month in months))
        for kind in sorted(counted)
    ]
    return Trend(tuple(months), rows, tuple(0 if month in there else None for month in months))
