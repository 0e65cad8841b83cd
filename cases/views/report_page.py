"""What one reader sees of one report. Every cut by level is made here, and nowhere in the template."""

import dataclasses
import datetime as dt
from functools import cached_property
from typing import Any

from cases.enums import CallerKind, ContactMethod, HateStrand
from cases.models import Attachment, Case, Category, FurtherInformation, Report, ReportPerson
from cases.services import known
from cases.services.disclosure import leads, place_is_protected
from cases.services.known import Known
from cases.services.search import opens_place
from cases.views.person_shown import PersonShown
from cases.views.report_words import PLAIN_STATUS, event_words, when_words
from csp.agencies.access import level_for
from csp.agencies.enums import ShareLevel
from csp.agencies.models import User
from csp.audit.models import Event
from csp.core.keeping import SHOWN_IN_THE_PAGE

MOST_EVENTS = 50
CHANGES_ONLY = ("viewed", "downloaded", "printed", "searched")


@dataclasses.dataclass(frozen=True)
class PersonInReport(PersonShown):
    link: ReportPerson


@dataclasses.dataclass(frozen=True)
class Happening:
    """One entry of the timeline."""

    at: dt.datetime
    title: str
    by: str


@dataclasses.dataclass(frozen=True)
class ReportPage:
    report: Report
    user: User
    at: dt.datetime
    in_full: bool
    leads: bool
    contributes: bool
    place_hidden: bool

    @classmethod
    def build(cls, report: Report, user: User, at: dt.datetime) -> "ReportPage":
        level = level_for(user, report) or ShareLevel.EXISTENCE
        return cls(
            report=report,
            user=user,
            at=at,
            in_full=level >= ShareLevel.FULL,
            leads=leads(user, report),
            contributes=level >= ShareLevel.CONTRIBUTE,
            place_hidden=not leads(user, report) and place_is_protected(report),
        )

    @property
    def level(self) -> str:
        return "full" if self.in_full else "summary"

    @property
    def when(self) -> str:
        return when_words(self.report)

    @property
    def status_words(self) -> str:
        return PLAIN_STATUS[self.report.status]  # type: ignore[index]

    @property
    def where(self) -> list[str]:
        """The address line by line. A summary gives the area alone, and so does a protected address."""
        report = self.report
        area = [area.name for area in (report.ward, report.local_area) if area]
        if not self.in_full:
            return list(dict.fromkeys(area))
        if self.place_hidden:
            return [*area, "The address is not shown, to keep somebody safe"]
        address = report.place.full_address if report.place else report.postcode
        words = "" if report.location in address else report.location
        return list(filter(None, [address, words, ", ".join(dict.fromkeys(area))]))

    @property
    def shows_place(self) -> bool:
        return self.in_full and not self.place_hidden

    @cached_property
    def opens_place(self) -> bool:
        return self.shows_place and opens_place(self.user, self.report.place)

    @property
    def point(self) -> str:
        report = self.report
        if not self.shows_place or report.latitude is None:
            return ""
        return f"{report.latitude},{report.longitude}"

    @property
    def marks(self) -> list[str]:
        """What sets it apart, for readers of the whole report."""
        report = self.report
        marks = {
            "Repeat victim": report.repeat_victim,
            "Vulnerable": report.vulnerable,
            "Hate": report.hate,
            "Children": report.children_present,
        }
        return [words for words, holds in marks.items() if holds] if self.in_full else []

    @property
    def categories(self) -> list[Category]:
        return list(self.report.categories.order_by("position", "label"))

    @property
    def strands(self) -> list[str]:
        return [str(HateStrand(each).label).lower() for each in self.report.hate_strands]

    @property
    def case(self) -> Case | None:
        """Only if they may see it."""
        case = self.report.case
        if case is None:
            return None
        return Case.objects.visible_to(self.user).filter(pk=case.pk).first()

    @property
    def caller_words(self) -> str:
        return f"{CallerKind(self.report.caller_kind).label}."

    @property
    def safe_contact(self) -> str:
        """How, when and how not, as told on the call."""
        report = self.report
        method = str(ContactMethod(report.contact_method).label) if report.contact_method else ""
        how = ", ".join(filter(None, [method, report.contact_when]))
        return ". ".join(filter(None, [how, report.contact_avoid and f"Take care: {report.contact_avoid}"]))

    def people(self) -> list[PersonInReport]:
        """The caller first, then who is affected, then subjects."""
        if not self.in_full:
            return []
        links = self.report.links.select_related("person__place").order_by("-is_caller", "role", "pk")
        return [
            PersonInReport(link.person, self.leads or not link.person.do_not_disclose, link) for link in links
        ]

    def known(self) -> Known:
        return known.known_before(user=self.user, report=self.report, at=self.at) if self.in_full else Known()

    def files(self) -> list[Attachment]:
        if not self.in_full:
            return []
        return list(self.report.attachments.select_related("added_by").order_by("added_at", "pk"))

    @property
    def pictures(self) -> frozenset[str]:
        return SHOWN_IN_THE_PAGE

    def information(self) -> list[FurtherInformation]:
        if not self.in_full:
            return []
        added = self.report.further_information.select_related("by").prefetch_related("attachments")
        return list(added.order_by("-at", "-pk"))

    def unread(self) -> bool:
        """Is there something the team has not read yet?"""
        return self.leads and self.report.further_information.filter(seen_at=None).exists()

    def shares(self) -> list[Any]:
        """Who else can see it. Each agency that is shared with sees its own share."""
        shares = self.report.shares.current(self.at).select_related("to_partner", "from_partner")
        own = shares if self.leads else shares.filter(to_partner__in=self.user.partner_ids)
        return list(own.order_by("to_partner__name"))

    def history(self) -> list[Happening]:
        """What was done, newest first, for the team that leads. Who looked is for the auditor."""
        if not self.leads:
            return []
        events = Event.objects.filter(target_type="cases.report", target_id=self.report.pk)
        for ending in CHANGES_ONLY:
            events = events.exclude(verb__endswith=f".{ending}")
        recent = events.select_related("actor", "partner").newest_first()[:MOST_EVENTS]
        return [
            Happening(event.at, event_words(event), str(event.actor) if event.actor else "the system")
            for event in recent
        ]
