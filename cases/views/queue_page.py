"""What one reader sees of the triage queue: the rows, cut to what each report opens to them."""

import dataclasses
import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from cases.enums import Channel
from cases.filters import QueueChoices, ReportFilter
from cases.models import Person, Report, ReportGroupPermission, ReportPerson
from csp.agencies.access import StaffRequest, held_by
from csp.agencies.enums import ShareLevel
from csp.agencies.models import Partner, Partnership, User

WAITING, DECIDED, ALL = "waiting", "decided", "all"
TABS = {WAITING: "Awaiting triage", DECIDED: "Decided", ALL: "All reports"}
NEWEST = ("-received_at", "-pk")
ORDER = {WAITING: ("-risk", "clock_due_at", "pk"), DECIDED: NEWEST, ALL: NEWEST}
"""Each order ends in an index of its own: the database reads one page and stops."""

ONE_LINE = 110


def facts_of(reports: list[Report], user: User) -> dict[int, dict[str, Any]]:
    """What the rows of one page show besides the reports themselves, by report, in one query.

    Apart from the list's own query, so that nothing here sways how the database finds the page.
    """
    kinds = Report.categories.through.objects.filter(report=OuterRef("pk")).order_by("category__position")
    callers = ReportPerson.objects.filter(report=OuterRef("pk"), is_caller=True)
    original = Report.objects.visible_to(user).filter(pk=OuterRef("likely_duplicate_of"))
    kept_secret = Person.objects.filter(
        links__report=OuterRef("pk"), do_not_disclose=True, place=OuterRef("place")
    )
    facts = Report.objects.filter(pk__in=[report.pk for report in reports]).values(
        "pk",
        address=F("place__address"),
        officer_name=F("officer__name"),
        kinds=ArraySubquery(kinds.values("category")),
        caller=Subquery(callers.values("person__name")[:1]),
        original=Subquery(original.values("reference")[:1]),
        in_full=held_by(user, ReportGroupPermission, Report, ShareLevel.FULL),
        address_secret=Exists(kept_secret),
    )
    return {each["pk"]: dict(each) for each in facts}


@dataclasses.dataclass(frozen=True)
class QueueRow:
    """One report as a line that reads like a sentence."""

    report: Report
    facts: dict[str, Any]
    user: User
    names: QueueChoices
    query: str

    @property
    def url(self) -> str:
        address = reverse("reports:detail", args=[self.report.reference])
        return f"{address}?{urlencode({'list': self.query})}"

    @property
    def leads(self) -> bool:
        return self.report.lead_id in self.user.partner_ids

    @property
    def in_full(self) -> bool:
        return bool(self.facts["in_full"])

    @property
    def what(self) -> str:
        """The kinds, and to who may read it in full how it was told."""
        kinds = ", ".join(self.names.categories.get(str(pk), "") for pk in self.facts["kinds"])
        told = Truncator(" ".join(self.report.what_happened.split())).chars(ONE_LINE)
        return ": ".join(filter(None, [kinds, told if self.in_full else ""])) or "Kind not known"

    @property
    def where(self) -> str:
        report = self.report
        area = self.names.areas.get(str(report.local_area_id or report.ward_id), "")
        place = self.facts["address"] or report.location or report.postcode
        if not self.in_full or (self.facts["address_secret"] and not self.leads):
            place = ""
        return ", ".join(filter(None, [place, area])) or "Place not known"

    @property
    def source(self) -> str:
        """From whom, and how it came in."""
        report = self.report
        if report.source_partner_id:
            return f"From {self.names.agencies.get(str(report.source_partner_id), 'an agency')}"
        who = (self.facts["caller"] if self.in_full else "") or report.get_caller_kind_display()
        return f"{who}, {Channel(report.channel).label.lower()}"

    @property
    def tags(self) -> list[str]:
        """What sets it apart, for readers of the whole report."""
        if not self.in_full:
            return []
        report, original = self.report, self.facts["original"]
        tags = [
            (report.repeat_victim, "Repeat"),
            (report.vulnerable, "Vulnerable"),
            (report.hate, "Hate"),
            (original, f"Possible duplicate of {original}"),
            (report.case_review_notice_due, "Case Review notice due"),
        ]
        return [words for shown, words in tags if shown]

    @property
    def owner(self) -> str:
        if self.report.officer_id is None:
            return "Nobody has it yet"
        mine = self.report.officer_id == self.user.pk
        return "You have it" if mine else f"{self.facts['officer_name']} has it"

    @property
    def may_claim(self) -> bool:
        return self.leads and self.report.awaits_triage and self.report.officer_id is None


@dataclasses.dataclass(frozen=True)
class Queue:
    """The list as one reader filtered it. The same object finds the next and the previous report."""

    filter: ReportFilter
    tab: str
    query: QueryDict
    user: User
    at: dt.datetime

    @classmethod
    def read(cls, user: User, partnership: Partnership, partner: Partner, query: QueryDict) -> "Queue":
        at = timezone.now()
        tab = query.get("tab", "")
        tab = tab if tab in TABS else WAITING
        reports = Report.objects.listed_for(user).filter(partnership=partnership)
        if tab == WAITING:
            reports = reports.awaiting_triage()
        elif tab == DECIDED:
            reports = reports.triaged()
        choices = QueueChoices.read(partnership, partner, at)
        narrowed = ReportFilter(query, reports, user=user, partnership=partnership, choices=choices, at=at)
        return cls(narrowed, tab, query, user, at)

    @classmethod
    def named_in(cls, request: StaffRequest) -> "Queue | None":
        """The list from which a report was opened."""
        if "list" not in request.GET or request.partner is None:
            return None
        return cls.read(request.user, request.partnership, request.partner, QueryDict(request.GET["list"]))

    @classmethod
    def default(cls, user: User, partnership: Partnership, partner: Partner) -> "Queue":
        """All that waits for triage, in the order of the queue."""
        return cls.read(user, partnership, partner, QueryDict())

    @property
    def order(self) -> tuple[str, ...]:
        return ORDER[self.tab]

    @property
    def reports(self) -> QuerySet[Report]:
        found: QuerySet[Report] = self.filter.qs
        return found

    @property
    def filters_only(self) -> str:
        """The query without the place in the list."""
        query = self.query.copy()
        for gone in ("after", "before"):
            query.pop(gone, None)
        return query.urlencode()

    def rows_of(self, reports: list[Report]) -> list[QueueRow]:
        facts = facts_of(reports, self.user) if reports else {}
        given = (self.user, self.filter.names, self.filters_only)
        return [QueueRow(each, facts[each.pk], *given) for each in reports if each.pk in facts]
