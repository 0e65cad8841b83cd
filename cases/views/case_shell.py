"""What every page of a case shows round its own content: heading, tabs, and what can be done."""

import dataclasses
import datetime as dt
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone

from cases.models import Case, CaseShare
from csp.agencies.access import StaffRequest, get_permitted, level_for
from csp.agencies.enums import ShareLevel
from csp.agencies.models import User
from csp.audit.services import looked_at


@dataclasses.dataclass(frozen=True)
class Tab:
    """One page of a case, for those who hold `perm` on it."""

    label: str
    url_name: str
    perm: str = "cases.view"


@dataclasses.dataclass(frozen=True)
class Verb:
    """One line of the menu of what can be done. `open_only`: not once the case has ended."""

    label: str
    url_name: str
    perm: str = "cases.edit"
    open_only: bool = True


TABS: tuple[Tab, ...] = (Tab("Overview", "cases:detail"),)
VERBS: tuple[Verb, ...] = ()


@dataclasses.dataclass(frozen=True)
class CaseShell:
    """A case as one reader sees it. Give it to the template as `shell`."""

    case: Case
    user: User
    at: dt.datetime
    active: str = "cases:detail"

    @cached_property
    def level(self) -> ShareLevel:
        return level_for(self.user, self.case) or ShareLevel.EXISTENCE

    @property
    def leads(self) -> bool:
        return self.case.lead_id in self.user.partner_ids

    @property
    def in_full(self) -> bool:
        return self.level >= ShareLevel.FULL

    @property
    def adds(self) -> bool:
        return self.level >= ShareLevel.CONTRIBUTE

    @cached_property
    def shares(self) -> list[CaseShare]:
        """What holds now: everybody's for the team that leads; an agency sees its own."""
        shares = self.case.shares.current(self.at).select_related("to_partner", "from_partner")
        own = shares if self.leads else shares.filter(to_partner__in=self.user.partner_ids)
        return list(own.order_by("to_partner__name"))

    @property
    def own_share(self) -> CaseShare | None:
        """Why the reader sees it, where they do not lead it."""
        return None if self.leads or not self.shares else self.shares[0]

    @property
    def tabs(self) -> list[dict[str, Any]]:
        return [
            {
                "label": tab.label,
                "url": reverse(tab.url_name, args=[self.case.reference]),
                "active": tab.url_name == self.active,
            }
            for tab in TABS
            if self.user.has_perm(tab.perm, self.case)
        ]

    @property
    def verbs(self) -> list[dict[str, str]]:
        return [
            {"label": verb.label, "url": reverse(verb.url_name, args=[self.case.reference])}
            for verb in VERBS
            if (self.case.is_open or not verb.open_only) and self.user.has_perm(verb.perm, self.case)
        ]


SHOWN_WITH = ("lead", "officer", "partnership", "referring_partner", "place", "ward", "local_area")


def open_case(
    request: StaffRequest, reference: str, perm: str = "cases.view", *, active: str = "cases:detail"
) -> CaseShell:
    """The case of a page: 404 to strangers, 403 without the right. That somebody read it is recorded."""
    cases = Case.objects.select_related(*SHOWN_WITH)
    case = get_permitted(cases, request.user, perm, reference=reference)
    if request.method in ("GET", "HEAD"):
        looked_at(request.user, case)
    return CaseShell(case, request.user, timezone.now(), active)
