"""Filters of the triage queue. The choices are read once and name the chips and the rows as well."""

import datetime as dt
import re
from dataclasses import dataclass

import django_filters
from django import forms
from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.http import QueryDict

from cases.enums import Channel, Risk
from cases.filters.chips import Chip, chips_of
from cases.forms.queue import QueueFilterForm
from cases.models import Category, Report, ReportGroupPermission
from cases.models.reports import REPORT_WORDS
from cases.services.staff import colleagues
from csp.agencies.access import held_by
from csp.agencies.enums import AreaKind, ShareLevel
from csp.agencies.models import Area, Partner, Partnership, User
from csp.core.calendar import end_of_day, local_day, start_of_day
from csp.core.forms import DayField

ME, NOBODY = "me", "nobody"
LATE, AMBER = "late", "amber"
NUMBER = re.compile(r"(?:[A-Z0-9]{1,6}-)?(?:R-)?(?:(?P<year>\d{2})-)?0*(?P<number>\d{1,6})", re.IGNORECASE)
YEARS_BACK = 10
MARKS = {
    "hate": ("Hate", Q(hate=True)),
    "vulnerable": ("Vulnerable", Q(vulnerable=True)),
    "repeat": ("Repeat", Q(repeat_victim=True)),
    "duplicate": ("Possible duplicate", Q(likely_duplicate_of__isnull=False)),
    "notice": ("Case Review notice due", Q(case_review_notice_due=True)),
}


@dataclass(frozen=True)
class QueueChoices:
    """What the filters of one partnership offer, and what the ids in a row are called."""

    categories: dict[str, str]
    areas: dict[str, str]
    area_paths: dict[str, str]
    officers: dict[str, str]
    agencies: dict[str, str]

    @classmethod
    def read(cls, partnership: Partnership, partner: Partner, at: dt.datetime) -> "QueueChoices":
        day = local_day(at)
        own = Area.objects.filter(partnership=partnership).exclude(kind=AreaKind.PARTNERSHIP)
        areas = list(own.order_by("path"))
        names = names_in(partnership)
        return cls(
            {str(pk): label for kind, _, label, pk in names if kind == "category"},
            {str(area.pk): area.name for area in sorted(areas, key=lambda area: (area.kind, area.name))},
            {str(area.pk): area.path for area in areas},
            {str(user.pk): user.name for user in colleagues(partner, day)},
            {str(pk): name for kind, _, name, pk in names if kind == "agency"},
        )


def names_in(partnership: Partnership) -> list[tuple[str, int, str, int]]:
    """Categories in their order and agencies by name, in one question: kind, place, name, key."""
    categories = Category.objects.filter(partnership=partnership).values_list(
        Value("category"), "position", "label", "pk"
    )
    agencies = Partner.objects.filter(partnership=partnership).values_list(
        Value("agency"), Value(0), "name", "pk"
    )
    return sorted(categories.union(agencies, all=True))


class ReportFilter(django_filters.FilterSet):
    tab = django_filters.CharFilter(widget=forms.HiddenInput, method="leave")
    q = django_filters.CharFilter(label="Reference or words", method="search")
    risk = django_filters.MultipleChoiceFilter(
        label="Risk", choices=list(reversed(Risk.choices)), widget=forms.CheckboxSelectMultiple
    )
    clock = django_filters.ChoiceFilter(
        label="Clock",
        choices=[(LATE, "Late"), (AMBER, "Due soon")],
        empty_label="Any",
        method="by_clock",
    )
    who = django_filters.ChoiceFilter(label="Who has it", empty_label="Anybody", method="by_officer")
    mark = django_filters.MultipleChoiceFilter(
        label="Marked",
        choices=[(key, label) for key, (label, _) in MARKS.items()],
        widget=forms.CheckboxSelectMultiple,
        method="by_marks",
    )
    category = django_filters.ChoiceFilter(label="Kind", empty_label="Any", method="by_category")
    area = django_filters.ChoiceFilter(label="Area", empty_label="Anywhere", method="by_area")
    agency = django_filters.ChoiceFilter(label="From agency", empty_label="Any", field_name="source_partner")
    channel = django_filters.ChoiceFilter(label="How it came in", empty_label="Any", choices=Channel.choices)
    received_from = django_filters.Filter(label="Received from", method="from_day")
    received_from.field_class = DayField
    received_until = django_filters.Filter(label="Received until", method="until_day")
    received_until.field_class = DayField

    class Meta:
        model = Report
        fields: tuple[str, ...] = ()
        form = QueueFilterForm

    def __init__(
        self,
        data: QueryDict,
        queryset: QuerySet[Report],
        *,
        user: User,
        partnership: Partnership,
        choices: QueueChoices,
        at: dt.datetime,
    ) -> None:
        super().__init__(data, queryset)
        self.user, self.partnership, self.names, self.at = user, partnership, choices, at
        others = {pk: name for pk, name in choices.officers.items() if pk != str(user.pk)}
        self._offer("who", {ME: "Me", NOBODY: "Nobody yet"} | others)
        self._offer("category", choices.categories)
        self._offer("area", choices.areas)
        self._offer("agency", choices.agencies)

    def _offer(self, name: str, choices: dict[str, str]) -> None:
        self.filters[name].extra["choices"] = list(choices.items())

    def leave(self, reports: QuerySet[Report], _name: str, _value: str) -> QuerySet[Report]:
        """Which list it is; the list has seen to that."""
        return reports

    def search(self, reports: QuerySet[Report], _name: str, value: str) -> QuerySet[Report]:
        """A reference or the number in it; else words, found as the language inflects them.

        To find a word is to read it: words are looked for in reports that are open to the user in full.
        """
        if match := NUMBER.fullmatch(value.strip()):
            return reports.filter(reference__in=self._references(match))
        return reports.annotate(words=REPORT_WORDS).filter(
            self.readable(),
            words=SearchQuery(value, config="english", search_type="websearch"),
        )

    def readable(self) -> Exists | Q:
        return held_by(self.user, ReportGroupPermission, Report, ShareLevel.FULL)

    def _references(self, match: re.Match[str]) -> list[str]:
        this_year = local_day(self.at).year
        years = [match["year"]] if match["year"] else [this_year - back for back in range(YEARS_BACK)]
        number = int(match["number"])
        return [f"{self.partnership.code}-R-{int(year) % 100:02}-{number:06}" for year in years]

    def by_clock(self, reports: QuerySet[Report], _name: str, value: str) -> QuerySet[Report]:
        running = reports.filter(clock_stopped_at=None, clock_paused_at=None)
        if value == LATE:
            return running.filter(clock_due_at__lt=self.at)
        return running.filter(clock_amber_at__lte=self.at, clock_due_at__gte=self.at)

    def by_officer(self, reports: QuerySet[Report], _name: str, value: str) -> QuerySet[Report]:
        if value == NOBODY:
            return reports.filter(officer=None)
        return reports.filter(officer=self.user.pk if value == ME else int(value))

    def by_marks(self, reports: QuerySet[Report], _name: str, value: list[str]) -> QuerySet[Report]:
        """All of those that are ticked. Marks tell of people, so they are for readers of the whole report."""
        if value:
            reports = reports.filter(self.readable())
        for mark in value:
            reports = reports.filter(MARKS[mark][1])
        return reports

    def by_category(self, reports: QuerySet[Report], _name: str, value: str) -> QuerySet[Report]:
        link = Report.categories.through.objects.filter(report=OuterRef("pk"), category=int(value))
        return reports.filter(Exists(link))

    def by_area(self, reports: QuerySet[Report], _name: str, value: str) -> QuerySet[Report]:
        """The area and everything below it."""
        path = self.names.area_paths[value]
        below = [int(pk) for pk, other in self.names.area_paths.items() if other.startswith(path)]
        return reports.filter(Q(ward__in=below) | Q(local_area__in=below))

    def from_day(self, reports: QuerySet[Report], _name: str, value: dt.date | None) -> QuerySet[Report]:
        return reports.filter(received_at__gte=start_of_day(value)) if value else reports

    def until_day(self, reports: QuerySet[Report], _name: str, value: dt.date | None) -> QuerySet[Report]:
        return reports.filter(received_at__lte=end_of_day(value)) if value else reports

    def chips(self) -> list[Chip]:
        """What is selected, in words, each with the address of the list without it."""
        return chips_of(self.form, self.data, without=frozenset({"tab"}))
