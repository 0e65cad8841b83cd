"""What one reader sees of one report. Every cut by level is made here, and nowhere in the template."""

import dataclasses
import datetime as dt
from typing import Any

from cases.models import Attachment, FurtherInformation, Report, ReportPerson
from cases.services import known
from cases.services.disclosure import leads, place_is_protected
from cases.services.known import Known
from cases.views.report_words import PLAIN_STATUS, event_words, when_words
from csp.agencies.models import User
from csp.audit.models import Event

MOST_EVENTS = 50
CHANGES_ONLY = ("viewed", "downloaded", "printed", "searched")


@dataclasses.dataclass(frozen=True)
class PersonShown:
    link: ReportPerson
    contact_shown: bool

    @property
    def person(self) -> Any:
        return self.link.person


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
        in_full = user.has_perm("reports.read", report)
        return cls(
            report=report,
            user=user,
            at=at,
            in_full=in_full,
            leads=leads(user, report),
            contributes=in_full and user.has_perm("reports.contribute", report),
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
        """The address line by line. A protected address leaves the area alone."""
        report = self.report
        area = [area.name for area in (report.ward, report.local_area) if area]
        if self.place_hidden:
            return [*area, "The address is not shown, to keep somebody safe"]
        address = report.place.full_address if report.place else report.postcode
        return list(filter(None, [address, report.location, ", ".join(dict.fromkeys(area))]))

    @property
    def point(self) -> str:
        report = self.report
        if self.place_hidden or report.latitude is None:
            return ""
        return f"{report.latitude},{report.longitude}"

    def people(self) -> list[PersonShown]:
        """The caller first, then who is affected, then subjects."""
        if not self.in_full:
            return []
        links = self.report.links.select_related("person__place").order_by("-is_caller", "role", "pk")
        return [PersonShown(link, self.leads or not link.person.do_not_disclose) for link in links]

    def known(self) -> Known:
        return known.known_before(user=self.user, report=self.report, at=self.at) if self.in_full else Known()

    def files(self) -> list[Attachment]:
        if not self.in_full:
            return []
        return list(self.report.attachments.select_related("added_by").order_by("added_at", "pk"))

    def information(self) -> list[FurtherInformation]:
        if not self.in_full:
            return []
        added = self.report.further_information.select_related("by").prefetch_related("attachments")
        return list(added.order_by("-at", "-pk"))

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
