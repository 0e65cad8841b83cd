import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms

from csp.agencies.models import Area
from csp.core.calendar import add_months
from csp.core.forms import GDSForm
from performance.services.hotspot_choices import AREAS, USUAL_MONTHS
from performance.services.hotspots import LARGE, MEDIUM, SMALL, Wanted, What

MOST_MONTHS = 36
HOURS = [("", "All day"), ("0-6", "Midnight to 6am"), ("6-12", "6am to midday"),
         ("12-18", "Midday to 6pm"), ("18-24", "6pm to midnight")]  # fmt: skip
SIZES = [(LARGE, "Large, 5 km²"), (MEDIUM, "Medium, 0.7 km²"), (SMALL, "Small, 0.1 km²")]
TOO_MANY_MONTHS = f"Choose {MOST_MONTHS} months or fewer"

Choices = list[tuple[Any, Any]]


@dataclass(frozen=True)
class Offered:
    """What there is to choose from."""

    what: str
    months: list[dt.date]
    """The newest first."""
    newest: dt.date
    """The last month of which something is known."""
    categories: Choices
    areas: list[Area]
    small: bool
    """Whether the reader sees small numbers, and so small hexagons."""


class MonthsFilter(GDSForm):
    """Whole months. Months the wrong way round are turned; too many are refused."""

    method = "get"
    submit_text = ""

    first = forms.ChoiceField(label="From", required=False)
    last = forms.ChoiceField(label="To", required=False)

    def __init__(self, data: Any, *, months: list[dt.date], newest: dt.date) -> None:
        given = data.copy()
        given.setdefault("last", month_key(newest))
        given.setdefault("first", month_key(add_months(newest, 1 - USUAL_MONTHS)))
        self.newest = newest
        super().__init__(given)
        choices = [(month_key(month), f"{month:%B %Y}") for month in months]
        for name in ("first", "last"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = self._span()
        if (last.year - first.year) * 12 + last.month - first.month >= MOST_MONTHS:
            self.add_error("first", TOO_MANY_MONTHS)
        return given

    def _span(self) -> tuple[dt.date, dt.date]:
        usual = add_months(self.newest, 1 - USUAL_MONTHS)
        given = (self.cleaned_data.get("first"), self.cleaned_data.get("last"))
        first, last = sorted((_month(given[0]) or usual, _month(given[1]) or self.newest))
        return first, last

    @property
    def months(self) -> tuple[dt.date, dt.date]:
        """Those asked for, or the usual ones where the form could not be read."""
        first, last = self._span()
        if "first" in self.errors or "last" in self.errors:
            return add_months(self.newest, 1 - USUAL_MONTHS), self.newest
        return first, last


class HotspotsFilter(MonthsFilter):
    """What is counted on the map, where and when."""

    what = forms.CharField(widget=forms.HiddenInput, required=False)
    category = forms.ChoiceField(required=False)
    area = forms.ChoiceField(label="Area", required=False)
    hours = forms.ChoiceField(label="Time of day", required=False, choices=HOURS)
    size = forms.ChoiceField(label="Hexagons", required=False)

    field_order = ("what", "first", "last", "category", "area", "hours", "size")

    def __init__(self, data: Any, *, offered: Offered) -> None:
        given = data.copy()
        given["what"] = offered.what
        given.setdefault("size", str(MEDIUM))
        self.offered = offered
        super().__init__(given, months=offered.months, newest=offered.newest)
        police = offered.what == What.POLICE
        self.fields["category"].label = "Crime type" if police else "Category"
        self.fields["category"].choices = [("", "All"), *offered.categories]  # type: ignore[attr-defined]
        self.fields["area"].choices = [("", "All"), *_grouped(offered.areas)]  # type: ignore[attr-defined]
        self.fields["size"].choices = [  # type: ignore[attr-defined]
            each for each in SIZES if offered.small or each[0] != SMALL
        ]
        if offered.what != What.REPORTS:
            del self.fields["hours"]
        self.is_valid()

    @property
    def wanted(self) -> Wanted:
        given = self.cleaned_data
        first, last = self.months
        chosen = given.get("area")
        return Wanted(
            what=self.offered.what,
            first=first,
            last=last,
            category=given.get("category") or "",
            area=next((area for area in self.offered.areas if str(area.pk) == chosen), None),
            hours=_hours(given.get("hours") or ""),
            size=int(given.get("size") or MEDIUM),
        )

    @property
    def query(self) -> dict[str, str]:
        """The same wish as an address says it."""
        wanted, given = self.wanted, self.cleaned_data
        query = {"what": wanted.what, "first": month_key(wanted.first), "last": month_key(wanted.last)}
        more = {name: given.get(name) for name in ("category", "area", "hours", "size")}
        return query | {name: value for name, value in more.items() if value}


def month_key(month: dt.date) -> str:
    return f"{month:%Y-%m}"


def _month(key: str | None) -> dt.date | None:
    return dt.date.fromisoformat(f"{key}-01") if key else None


def _hours(key: str) -> tuple[int, int] | None:
    if not key:
        return None
    first, before = key.split("-")
    return int(first), int(before)


def _grouped(areas: list[Area]) -> Choices:
    """Under their kinds."""
    groups: Choices = []
    for kind in AREAS:
        of_kind = [(area.pk, area.name) for area in areas if area.kind == kind]
        if of_kind:
            groups.append((f"{kind.label}s", of_kind))
    return groups
