"""What every page of a meeting shows round its own content: heading, tabs, and what can be done."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone

from csp.agencies.access import StaffRequest, get_permitted
from csp.agencies.models import User
from csp.audit.services import looked_at
from tasking.enums import HELD, PREPARED, WRITTEN_UP
from tasking.models import AgendaItem, Meeting, MeetingPartner
from tasking.services.agenda import numbers

When = Callable[[Meeting], bool]


def always(_meeting: Meeting) -> bool:
    return True


def takes_referrals(meeting: Meeting) -> bool:
    return meeting.is_prepared or meeting.is_in_session


def before(meeting: Meeting) -> bool:
    return meeting.is_before


def returns_open(meeting: Meeting) -> bool:
    """Agencies answer now, or answered when they could."""
    return meeting.status in (*PREPARED, *HELD)


def is_written_up(meeting: Meeting) -> bool:
    return meeting.status in WRITTEN_UP


@dataclasses.dataclass(frozen=True)
class Tab:
    """One page of a meeting, for those who hold `perm` on it, while `when` holds."""

    label: str
    url_name: str
    perm: str = "meetings.view"
    when: When = always


@dataclasses.dataclass(frozen=True)
class Verb:
    """One line of the menu of what can be done."""

    label: str
    url_name: str
    perm: str = "meetings.run"
    when: When = always


def is_held_or_near(meeting: Meeting) -> bool:
    """It is in session, or people wait for it to begin."""
    return meeting.is_prepared or meeting.is_in_session


TABS: tuple[Tab, ...] = (
    Tab("Meeting", "meetings:detail"),
    Tab("Agenda", "meetings:agenda"),
    Tab("Referrals", "meetings:referrals"),
    Tab("Your return", "meetings:return", "meetings.answer", returns_open),
    Tab("Returns", "meetings:returns", "meetings.run", returns_open),
    Tab("Session", "meetings:session", when=is_held_or_near),
    Tab("Minutes", "meetings:minutes", when=is_written_up),
    Tab("Actions", "meetings:actions"),
    Tab("Papers", "meetings:packs"),
)
"""In order: Meeting, Agenda, Referrals, Your return, Returns, Session, Minutes, Actions, Papers."""
VERBS: tuple[Verb, ...] = (
    Verb("Refer something to it", "meetings:refer", "meetings.refer", takes_referrals),
    Verb("Change when and where it is", "meetings:meeting_change", when=before),
    Verb("Invite another agency", "meetings:meeting_invite", when=before),
    Verb("Cancel it", "meetings:meeting_cancel", when=before),
)


@dataclasses.dataclass(frozen=True)
class MeetingShell:
    """A meeting as one reader sees it. Give it to the template as `shell`."""

    meeting: Meeting
    user: User
    at: dt.datetime
    active: str = "meetings:detail"

    @property
    def runs(self) -> bool:
        """The reader's team prepares it and writes it up."""
        return self.meeting.lead_id in self.user.partner_ids

    @property
    def keeps_drafts(self) -> bool:
        """What the meeting decided is not for the reader before the minutes are approved."""
        return not (self.runs or self.meeting.is_approved)

    @cached_property
    def seat(self) -> MeetingPartner | None:
        """The invitation of the reader's own agency."""
        own = MeetingPartner.objects.filter(meeting=self.meeting, partner__in=self.user.partner_ids)
        return own.select_related("partner").order_by("pk").first()

    @cached_property
    def items(self) -> list[AgendaItem]:
        """What the reader may see of the agenda, in order, with `number`s: none in the closed part."""
        open_items = AgendaItem.objects.visible_to(self.user).filter(meeting=self.meeting).tabled()
        related = ("case", "person", "place", "group", "issue", "area", "referred_by")
        found = list(open_items.select_related(*related).in_order())
        for item in found:
            item.number = self.numbers.get(item.pk)
            item.is_draft = self.keeps_drafts
        return found

    @cached_property
    def numbers(self) -> dict[int, int]:
        return numbers(self.meeting)

    @cached_property
    def _held(self) -> dict[str, bool]:
        return {}

    def may(self, perm: str) -> bool:
        """Asked once for each right, however many lines need it."""
        if perm not in self._held:
            self._held[perm] = self.user.has_perm(perm, self.meeting)
        return self._held[perm]

    @property
    def tabs(self) -> list[dict[str, Any]]:
        return [
            {"label": tab.label, "url": self._url(tab.url_name), "active": tab.url_name == self.active}
            for tab in TABS
            if tab.when(self.meeting) and self.may(tab.perm)
        ]

    @property
    def verbs(self) -> list[dict[str, str]]:
        return [
            {"label": verb.label, "url": self._url(verb.url_name)}
            for verb in VERBS
            if verb.when(self.meeting) and self.may(verb.perm)
        ]

    def _url(self, name: str) -> str:
        return reverse(name, args=[self.meeting.reference])


SHOWN_WITH = ("series", "lead", "area", "chair", "deputy", "partnership")


def open_meeting(
    request: StaffRequest, reference: str, perm: str = "meetings.view", *, active: str = "meetings:detail"
) -> MeetingShell:
    """The meeting of a page: 404 to strangers, 403 without the right. That somebody read it is recorded."""
    meetings = Meeting.objects.select_related(*SHOWN_WITH)
    meeting = get_permitted(meetings, request.user, perm, reference=reference)
    if request.method in ("GET", "HEAD"):
        looked_at(request.user, meeting)
    return MeetingShell(meeting, request.user, timezone.now(), active)
