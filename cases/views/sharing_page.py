import dataclasses
from functools import cached_property
from typing import Any

from django.db.models import Q

from cases.enums import RequestStatus
from cases.models import AccessRequest, CaseNamed, CaseShare, Person
from cases.services.case_sharing import protected_people
from cases.views.case_shell import CaseShell
from csp.agencies.enums import ShareLevel
from csp.audit.models import Event
from csp.audit.words import Line

MOST_ENDED = 50
TAKEN_AWAY = r"\.(printed|exported|downloaded)$"


@dataclasses.dataclass(frozen=True)
class SharingPage:
    """The sharing tab as one reader sees it: the team that leads sees all, an agency its own share."""

    shell: CaseShell

    @property
    def shares(self) -> bool:
        return self.shell.may("cases.share")

    @property
    def restricts(self) -> bool:
        return self.shell.may("cases.restrict")

    @cached_property
    def open(self) -> list[CaseShare]:
        return self._shares(ended_at=None)

    @cached_property
    def ended(self) -> list[CaseShare]:
        return self._shares(ended_at__isnull=False)[:MOST_ENDED]

    def _shares(self, **which: Any) -> list[CaseShare]:
        found = self.shell.case.shares.filter(**which)
        found = found.select_related("to_partner", "from_partner", "agreement", "made_by", "ended_by")
        if not self.shell.leads:
            found = found.filter(to_partner__in=self.shell.user.partner_ids)
        return list(found.order_by("-starts_at", "-pk"))

    @cached_property
    def requests(self) -> list[AccessRequest]:
        """The team sees what waits; an agency what it asked."""
        asked = self.shell.case.access_requests.select_related("partner", "asked_by", "answered_by")
        if self.shell.leads:
            asked = asked.filter(status=RequestStatus.WAITING)
        else:
            asked = asked.filter(partner__in=self.shell.user.partner_ids)
        return list(asked.order_by("-asked_at", "-pk")[:MOST_ENDED])

    @property
    def may_ask(self) -> bool:
        waits = any(each.status == RequestStatus.WAITING for each in self.requests)
        return not self.shell.leads and self.shell.level < ShareLevel.CONTRIBUTE and not waits

    @cached_property
    def named(self) -> list[CaseNamed]:
        if not self.shell.case.restricted:
            return []
        people = CaseNamed.objects.current().filter(case=self.shell.case)
        return list(people.select_related("user", "added_by").order_by("user__name", "pk"))

    @cached_property
    def protected(self) -> list[Person]:
        return protected_people(self.shell.case) if self.shell.leads else []

    @cached_property
    def taken_away(self) -> list[Line]:
        """What people of other agencies printed, exported or downloaded of the case."""
        if not self.shell.leads:
            return []
        case = self.shell.case
        about = Q(target_type="cases.case", target_id=case.pk)
        about |= Q(target_type="cases.report", target_id__in=case.reports.values("pk"))
        events = Event.objects.filter(about, verb__regex=TAKEN_AWAY, actor_partner__isnull=False)
        others = events.exclude(actor_partner=case.lead_id).select_related(
            "actor", "actor_partner", "partner"
        )
        return [Line.of(event) for event in others.newest_first()[:MOST_ENDED]]
