"""What every page of a case shows round its own content: heading, tabs, and what can be done."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from cases.enums import CaseStatus, RequestStatus, Risk
from cases.models import Case, CaseGroupPermission, CaseShare, Category, HandOver
from cases.services.cases import hung_on
from cases.services.statuses import next_stages
from cases.views.ways import ways_from
from csp.actions.models import AMBER_DAYS, Action
from csp.agencies.access import LEVEL_VERBS, StaffRequest, codename, get_permitted, permission_ids
from csp.agencies.enums import ShareLevel
from csp.agencies.models import User
from csp.audit.services import looked_at
from csp.core.calendar import add_working_days, end_of_day, start_of_day
from csp.core.clock_words import in_words
from csp.core.clocks import Clock, Unit
from csp.core.models import ClockReading

LEVEL_WORDS = {
    ShareLevel.EXISTENCE: "existence only",
    ShareLevel.SUMMARY: "summary",
    ShareLevel.FULL: "full",
    ShareLevel.CONTRIBUTE: "full, may add",
}
LEVEL_OF = {"cases.read": ShareLevel.FULL, "cases.contribute": ShareLevel.CONTRIBUTE}
"""Rights that are one level of the case. The gate of the page has asked what else they need."""
MOST_SHARES = 4
"""Named in the heading; the page says the rest."""


@dataclasses.dataclass(frozen=True)
class Tab:
    """One page of a case, for those who hold `perm` on it."""

    label: str
    url_name: str
    perm: str = "cases.view"


def always(_case: Case) -> bool:
    return True


@dataclasses.dataclass(frozen=True)
class Verb:
    """One line of the menu of what can be done. `open_only`: not once the case has ended."""

    label: str
    url_name: str
    perm: str = "cases.edit"
    open_only: bool = True
    when: Callable[[Case], bool] = always

    def fits(self, case: Case) -> bool:
        return (case.is_open or not self.open_only) and self.when(case)


def can_be_held(case: Case) -> bool:
    return case.can_move_to(CaseStatus.ON_HOLD) and case.is_open


def is_held(case: Case) -> bool:
    return case.status == CaseStatus.ON_HOLD


def can_be_closed(case: Case) -> bool:
    return case.is_at_work or case.status == CaseStatus.PENDING


def is_closed(case: Case) -> bool:
    return case.status == CaseStatus.CLOSED


def is_not_pending(case: Case) -> bool:
    return case.status != CaseStatus.PENDING


TABS: tuple[Tab, ...] = (
    Tab("Overview", "cases:detail"),
    Tab("Timeline", "cases:timeline"),
    Tab("People and risk", "cases:people", "cases.read"),
    Tab("Actions", "cases:actions"),
    Tab("Powers", "cases:powers", "cases.read"),
    Tab("Problem solving", "cases:problem", "cases.read"),
    Tab("Evidence and notes", "cases:evidence", "cases.read"),
    Tab("Letters and contact", "cases:letters", "cases.read"),
    Tab("Sharing", "cases:sharing"),
)
_joined: list[Tab] = []


def register_tab(tab: Tab) -> None:
    """A page of a room above, last in line. The address takes the reference of the case."""
    if tab not in _joined:
        _joined.append(tab)


PRIMARY: Verb | None = Verb("Add note", "cases:note_add", "cases.contribute", open_only=False)
"""What people do most often: the one button of the heading."""
VERBS: tuple[Verb, ...] = (
    Verb("Change what it says", "cases:edit"),
    Verb("Move it on", "cases:move", when=lambda case: bool(next_stages(case))),
    Verb("Choose who works on it", "cases:assign"),
    Verb("Score risk", "cases:risk"),
    Verb("Add a power", "cases:power_new", "cases.contribute"),
    Verb("Log a contact", "cases:contact_log", "cases.contribute", open_only=False),
    Verb("Put it on hold", "cases:hold", when=can_be_held),
    Verb("Release it from hold", "cases:release", when=is_held),
    Verb("Hand it over to another agency", "cases:hand_over_ask", when=is_not_pending),
    Verb("Share it with an agency", "cases:share", "cases.share", open_only=False),
    Verb(
        "Restrict it to named people",
        "cases:restrict",
        "cases.restrict",
        open_only=False,
        when=lambda case: not case.restricted,
    ),
    Verb("Link it to another case", "cases:link"),
    Verb("Merge another case into it", "cases:merge", when=is_not_pending),
    Verb("Write down our own reference", "cases:reference", "cases.view", open_only=False),
    Verb("Close it", "cases:close", when=can_be_closed),
    Verb("Reopen it", "cases:reopen", open_only=False, when=is_closed),
    Verb("Cancel it", "cases:cancel", when=is_not_pending),
)


@dataclasses.dataclass(frozen=True)
class Due:
    """Something the team owes by a day."""

    label: str
    clock: ClockReading


@dataclasses.dataclass(frozen=True)
class CaseShell:
    """A case as one reader sees it. Give it to the template as `shell`. `open_case` makes it."""

    case: Case
    user: User
    at: dt.datetime
    active: str = "cases:detail"

    @property
    def facts(self) -> Any:
        """The case, as far as `_facts_for` the reader goes."""
        return self.case

    @cached_property
    def levels(self) -> set[ShareLevel]:
        """Each that a permission row opens to the reader."""
        ids = permission_ids(connection.settings_dict["NAME"])
        return {level for level in LEVEL_VERBS if ids["cases", codename(Case, level)] in self.facts.held}

    @property
    def level(self) -> ShareLevel:
        return max(self.levels, default=ShareLevel.EXISTENCE)

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
    def _held(self) -> dict[str, bool]:
        return {}

    def may(self, perm: str) -> bool:
        """Asked once for each right, however many lines need it, and not at all where the level tells."""
        if perm in LEVEL_OF:
            return LEVEL_OF[perm] in self.levels
        if perm not in self._held:
            self._held[perm] = self.user.has_perm(perm, self.case)
        return self._held[perm]

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
    def own_level(self) -> str:
        return LEVEL_WORDS[ShareLevel(self.own_share.level)] if self.own_share else ""

    @property
    def shared_words(self) -> str:
        """Such as: Police (summary), Soha (full)."""
        named = [f"{each.to_partner} ({LEVEL_WORDS[ShareLevel(each.level)]})" for each in self.shares]
        more = len(named) - MOST_SHARES
        return ", ".join(named[:MOST_SHARES]) + (f" and {more} more" if more > 0 else "")

    @property
    def risk_before(self) -> str:
        """Such as: up from medium. Empty where the priority has never been another."""
        was = self.facts.risk_was
        if was is None:
            return ""
        level = Risk(was).label.lower().removesuffix(" risk")
        return f"{'up' if self.case.risk > was else 'down'} from {level}"

    @cached_property
    def clocks(self) -> list[Due]:
        """What the team owes next, the nearest first. Other agencies are not told when we are late."""
        case = self.case
        if not (self.leads and case.is_open):
            return []
        days = (
            ("Update to the complainant", case.update_due_on),
            ("Risk assessment", case.risk_due_on),
            ("Look at it again", case.hold_until),
        )
        due = sorted((day, label) for label, day in days if day is not None)
        return [Due(label, self._reading(day)) for day, label in due]

    def _reading(self, day: dt.date) -> ClockReading:
        due, amber = end_of_day(day), start_of_day(add_working_days(day, -AMBER_DAYS))
        clock = Clock(self.case.opened_at, due, min(amber, due), Unit.CALENDAR_DAYS)
        return ClockReading(clock.state(self.at), in_words(clock, self.at), due)

    @cached_property
    def asked_of_us(self) -> list[Action]:
        """What the team that leads it, or anybody else, still waits for from the reader's agency."""
        if self.leads:
            return []
        hung = Action.objects.visible_to(self.user).outstanding().owned_by(self.user.partner_ids)
        return list(hung.filter(hung_on(self.case)).select_related("lead").order_by("due_on", "pk"))

    @cached_property
    def merged_into(self) -> Case | None:
        """The case that this one is part of, for those who may see that too."""
        if self.case.merged_into_id is None:
            return None
        return Case.objects.visible_to(self.user).filter(pk=self.case.merged_into_id).first()

    @cached_property
    def hand_over(self) -> HandOver | None:
        """The request to take the case over that waits for an answer."""
        if not self.facts.is_asked_for:
            return None
        asked = HandOver.objects.visible_to(self.user).filter(case=self.case, status=RequestStatus.WAITING)
        return asked.select_related("to_partner", "from_partner").first()

    @property
    def tabs(self) -> list[dict[str, Any]]:
        return [
            {
                "label": tab.label,
                "url": reverse(tab.url_name, args=[self.case.reference]),
                "active": tab.url_name == self.active,
            }
            for tab in (*TABS, *_joined)
            if self.may(tab.perm)
        ]

    @property
    def verbs(self) -> list[dict[str, str]]:
        lines = [self._line(verb) for verb in VERBS if verb.fits(self.case) and self.may(verb.perm)]
        return lines + (ways_from("case", self.case.reference, self.user) if self.case.is_open else [])

    @property
    def primary(self) -> dict[str, str] | None:
        shown = PRIMARY and PRIMARY.fits(self.case) and self.may(PRIMARY.perm)
        return self._line(PRIMARY) if PRIMARY and shown else None

    def _line(self, verb: Verb) -> dict[str, str]:
        return {"label": verb.label, "url": reverse(verb.url_name, args=[self.case.reference])}


SHOWN_WITH = ("lead", "officer", "partnership", "referring_partner", "place", "ward", "local_area")


def _facts_for(user: User) -> dict[str, Any]:
    """What every page of a case asks besides, in the query that fetches it."""
    held = CaseGroupPermission.objects.filter(content_object=OuterRef("pk"), group__in=user.partner_groups)
    versions: Any = Case.pgh_event_model  # type: ignore[attr-defined]
    before = versions.objects.filter(pgh_obj=OuterRef("pk")).exclude(risk=OuterRef("risk"))
    kinds = Category.objects.filter(cases=OuterRef("pk")).order_by("position", "label")
    return {
        "kinds": ArraySubquery(kinds.values("label")),
        "held": ArraySubquery(held.values("permission")),
        "risk_was": Subquery(before.order_by("-pgh_id").values("risk")[:1]),
        "is_asked_for": Exists(HandOver.objects.waiting().filter(case=OuterRef("pk"))),
    }


def open_case(
    request: StaffRequest, reference: str, perm: str = "cases.view", *, active: str = "cases:detail"
) -> CaseShell:
    """The case of a page: 404 to strangers, 403 without the right. That somebody read it is recorded."""
    cases = Case.objects.select_related(*SHOWN_WITH).annotate(**_facts_for(request.user))
    case = get_permitted(cases, request.user, perm, reference=reference)
    if request.method in ("GET", "HEAD"):
        looked_at(request.user, case)
    return CaseShell(case, request.user, timezone.now(), active)
