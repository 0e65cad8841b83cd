"""Where reports, cases and police incidents are: hexagons of equal size with a number in each.

The database puts together what lies at the same point; only those points are sorted into hexagons.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

import h3
from django.db.models import Case as Where
from django.db.models import Count, DateField, F, Max, Q, QuerySet, When
from django.db.models.enums import TextChoices
from django.db.models.functions import Coalesce, TruncMonth

from cases.services.points import (
    Cut,
    cases_to_count,
    cases_without_a_point,
    reports_to_count,
    reports_without_a_point,
)
from csp.agencies.enums import AreaKind
from csp.agencies.measures import Figure
from csp.agencies.models import Area, Partnership
from csp.core.calendar import LONDON, Period, add_months
from performance.models import PoliceFile, PoliceIncident

SMALL, MEDIUM, LARGE = 9, 8, 7
NOWHERE = "No area known"
EDGE = 0.0002
"""How far, in degrees, the sides of a hexagon may bow out between its corners."""


class What(TextChoices):
    REPORTS = "reports", "Reports"
    CASES = "cases", "Cases"
    POLICE = "police", "Police incidents"


@dataclass(frozen=True)
class Wanted:
    """What is to be counted: whole months, both ends included."""

    what: str
    first: dt.date
    last: dt.date
    category: str = ""
    """The id of one of ours, or a crime type as the police call it."""
    area: Area | None = None
    hours: tuple[int, int] | None = None
    size: int = MEDIUM

    @property
    def period(self) -> Period:
        return whole_months(self.first, self.last)

    @property
    def months(self) -> list[dt.date]:
        apart = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        return [add_months(self.first, n) for n in range(apart + 1)]

    def noun(self, number: int | None = None) -> str:
        """report, reports"""
        one = SOURCES[self.what].one
        return one if number == 1 else f"{one}s"

    def words(self, number: int) -> str:
        return f"{number:,} {self.noun(number)}"


@dataclass(frozen=True)
class Source:
    """How records of one kind say where and when they are."""

    records: Callable[[Partnership, Wanted], QuerySet[Any]]
    one: str
    latitude: str
    longitude: str
    hint: str
    """The way to words for the spot that point at nobody's door."""
    month: Any
    hidden: Callable[[Collection[int]], Q]
    """Which of them have no point for people of these partners."""
    area: tuple[str, ...] = ("ward", "local_area")
    """The ways to where it lies, the nearest first."""


def whole_months(first: dt.date, last: dt.date) -> Period:
    """From the first day of the one month to the last day of the other."""
    name = f"{first:%B %Y}" if first == last else f"{first:%B %Y} to {last:%B %Y}"
    return Period(first, add_months(last, 1) - dt.timedelta(days=1), name)


def _cut(wanted: Wanted) -> Cut:
    areas = None if wanted.area is None else _areas_below(wanted.area)
    category = int(wanted.category) if wanted.category else None
    return Cut(wanted.period, category, areas, wanted.hours)


def _areas_below(area: Area) -> list[int]:
    return list(Area.objects.within(area).values_list("pk", flat=True))


def _reports(partnership: Partnership, wanted: Wanted) -> QuerySet[Any]:
    return reports_to_count(partnership, _cut(wanted))


def _cases(partnership: Partnership, wanted: Wanted) -> QuerySet[Any]:
    return cases_to_count(partnership, _cut(wanted))


def _police(partnership: Partnership, wanted: Wanted) -> QuerySet[Any]:
    found = PoliceIncident.objects.filter(
        partnership=partnership, month__gte=wanted.first, month__lte=wanted.last
    )
    if wanted.category:
        found = found.filter(crime_type=wanted.category)
    if wanted.area is None:
        return found
    areas = _areas_below(wanted.area)
    return found.filter(Q(ward__in=areas) | Q(local_area__in=areas) | Q(district__in=areas))


def _month_of(moment: str) -> TruncMonth:
    return TruncMonth(moment, tzinfo=LONDON, output_field=DateField())


def _none_hidden(_ours: Collection[int]) -> Q:
    """The police move their points before they publish them."""
    return Q(pk__in=[])


SOURCES: dict[str, Source] = {
    What.REPORTS: Source(
        records=_reports,
        one="report",
        latitude="latitude",
        longitude="longitude",
        hint="postcode",
        month=_month_of("received_at"),
        hidden=reports_without_a_point,
    ),
    What.CASES: Source(
        records=_cases,
        one="case",
        latitude="place__latitude",
        longitude="place__longitude",
        hint="place__postcode",
        month=_month_of("opened_at"),
        hidden=cases_without_a_point,
    ),
    What.POLICE: Source(
        records=_police,
        one="incident",
        latitude="latitude",
        longitude="longitude",
        hint="location",
        month=F("month"),
        hidden=_none_hidden,
        area=("ward", "local_area", "district"),
    ),
}


@dataclass
class Hexagon:
    cell: str
    number: int = 0
    areas: Counter[int] = field(default_factory=Counter)
    hints: Counter[str] = field(default_factory=Counter)
    label: str = ""

    @property
    def centre(self) -> tuple[float, float]:
        north, east = h3.cell_to_latlng(self.cell)
        return round(north, 5), round(east, 5)

    @property
    def ring(self) -> list[tuple[float, float]]:
        return [(round(north, 5), round(east, 5)) for north, east in h3.cell_to_boundary(self.cell)]

    @property
    def area(self) -> int:
        """The one that most of it lies in, a ward if possible; 0 where none is known."""
        return self.areas.most_common(1)[0][0]

    @property
    def hint(self) -> str:
        return next((words for words, _ in self.hints.most_common() if words), "")

    @property
    def figure(self) -> Figure:
        return Figure(self.cell, self.label, self.number)


@dataclass
class Ground:
    """All that lies in the months asked for."""

    hexagons: list[Hexagon]
    without_point: int
    wards: list[tuple[str, float, float]]
    """Each with a point to write its name at."""


def records_of(partnership: Partnership, wanted: Wanted) -> QuerySet[Any]:
    return SOURCES[wanted.what].records(partnership, wanted)


def find_hexagons(partnership: Partnership, wanted: Wanted, ours: Collection[int] = ()) -> Ground:
    """The largest number first. What only people of the partners in `ours` may find has a point for them."""
    source = SOURCES[wanted.what]
    spots = (
        records_of(partnership, wanted)
        .order_by()
        .annotate(hidden=Where(When(source.hidden(ours), then=True), default=False))
        .values_list("hidden", source.latitude, source.longitude, Coalesce(*source.area))
        .annotate(number=Count("pk"), hint=Max(source.hint))
    )
    found: dict[str, Hexagon] = {}
    without = 0
    for hidden, north, east, area, number, hint in spots:
        if hidden or not _on_earth(north, east):
            without += number
            continue
        cell = _cell(north, east, wanted.size)
        hexagon = found.setdefault(cell, Hexagon(cell))
        hexagon.number += number
        hexagon.areas[area or 0] += number
        hexagon.hints[_hint_words(hint or "", wanted.what)] += number
    hexagons = sorted(found.values(), key=lambda each: (-each.number, each.cell))
    areas = Area.objects.in_bulk([each.area for each in hexagons])
    for hexagon in hexagons:
        area = areas.get(hexagon.area)
        hexagon.label = ", ".join(filter(None, [area.name if area else NOWHERE, hexagon.hint]))
    _tell_apart(hexagons)
    return Ground(hexagons, without, _on_the_ground(hexagons, areas))


def _tell_apart(hexagons: list[Hexagon]) -> None:
    """Those of the same name get a number each, by where they lie: never by how much lies in them."""
    alike = Counter(each.label for each in hexagons)
    given: Counter[str] = Counter()
    for each in sorted(hexagons, key=lambda each: each.cell):
        name = each.label
        if alike[name] > 1:
            given[name] += 1
            each.label = f"{name} ({given[name]})"


def _on_the_ground(hexagons: list[Hexagon], areas: dict[int, Area]) -> list[tuple[str, float, float]]:
    """Between the hexagons of each ward, never at the spot of what lies in them."""
    centres: dict[str, list[tuple[float, float]]] = {}
    for each in hexagons:
        area = areas.get(each.area)
        if area is not None and area.kind == AreaKind.WARD:
            centres.setdefault(area.name, []).append(each.centre)
    return [
        (name, round(fmean(north for north, _ in at), 5), round(fmean(east for _, east in at), 5))
        for name, at in sorted(centres.items())
    ]


def records_in(
    partnership: Partnership, wanted: Wanted, cell: str, ours: Collection[int] = ()
) -> QuerySet[Any]:
    """What one hexagon counts. The bounds let the database find it; the cell decides."""
    source = SOURCES[wanted.what]
    ring = h3.cell_to_boundary(cell)
    norths, easts = [north for north, _ in ring], [east for _, east in ring]
    bounds = {
        f"{source.latitude}__range": (min(norths) - EDGE, max(norths) + EDGE),
        f"{source.longitude}__range": (min(easts) - EDGE, max(easts) + EDGE),
    }
    near = records_of(partnership, wanted).filter(**bounds).exclude(source.hidden(ours))
    spots = near.order_by().values_list("pk", source.latitude, source.longitude)
    size = h3.get_resolution(cell)
    inside = [pk for pk, north, east in spots if _cell(north, east, size) == cell]
    return near.model._default_manager.filter(pk__in=inside)


def is_hexagon(cell: str) -> bool:
    return h3.is_valid_cell(cell) and h3.get_resolution(cell) in {SMALL, MEDIUM, LARGE}


def by_month(partnership: Partnership, wanted: Wanted) -> list[Figure]:
    """Every month asked for, nought included. Of the police only those that were loaded: nought is not
    missing.
    """
    month = SOURCES[wanted.what].month
    rows = records_of(partnership, wanted).order_by().annotate(in_month=month).values_list("in_month")
    numbers = dict(rows.annotate(number=Count("pk")))
    return [
        Figure(f"{each:%Y-%m}", f"{each:%b %Y}", numbers.get(each, 0))
        for each in months_with_data(partnership, wanted)
    ]


def months_with_data(partnership: Partnership, wanted: Wanted) -> list[dt.date]:
    if wanted.what != What.POLICE:
        return wanted.months
    loaded = PoliceFile.objects.filter(partnership=partnership).values_list("month", flat=True)
    known = set(loaded)
    return [month for month in wanted.months if month in known]


def _cell(north: float, east: float, size: int) -> str:
    return str(h3.latlng_to_cell(north, east, size))


def _on_earth(north: float | None, east: float | None) -> bool:
    return north is not None and east is not None and abs(north) <= 90 and abs(east) <= 180


def _hint_words(hint: str, what: str) -> str:
    """The sector of a postcode, such as OX14 3, where many live; or the street that the police name."""
    if what == What.POLICE:
        return hint.removeprefix("On or near ").strip()
    bare = hint.replace(" ", "").upper()
    return f"{bare[:-3]} {bare[-3]}" if len(bare) >= 5 else ""
