"""One item of an agenda as one reader sees it."""

import dataclasses
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cases.models import Person, Place
from cases.services.search import opens_place
from csp.agencies.access import StaffRequest, get_permitted
from csp.audit.services import looked_at
from csp.core.words import date_words
from tasking.enums import ItemStatus, MeetingStatus
from tasking.models import AgendaItem, ItemAction, ItemAnswer, ItemShare, Meeting
from tasking.services import who_sees
from tasking.services.agenda import numbers
from tasking.views.meeting_shell import SHOWN_WITH, MeetingShell

TAB = "meetings:agenda"
RELATED = (
    "case__lead", "person", "place", "referral", "referred_by", "group", "issue", "area", "lead", "previous",
    *(f"meeting__{name}" for name in SHOWN_WITH), "meeting__series__agreement",
)  # fmt: skip
MOST_EARLIER = 10


@dataclasses.dataclass(frozen=True)
class ItemPage:
    shell: MeetingShell
    item: AgendaItem

    @property
    def changes(self) -> bool:
        """The reader can change it now."""
        meeting = self.shell.meeting
        held = meeting.is_before or meeting.is_in_session
        return held and self.runs and self.item.status != ItemStatus.WITHDRAWN

    @cached_property
    def runs(self) -> bool:
        return self.shell.user.has_perm("meetings.change_item", self.item)

    @cached_property
    def subject(self) -> dict[str, str] | None:
        """What it is about. The page of a person or place opens for those who may see that besides."""
        item = self.item
        if item.case is not None:
            return {
                "kind": "Case",
                "words": f"{item.case}: {item.case.title}",
                "url": item.case.get_absolute_url(),
            }
        if item.person is not None:
            born = f", born {date_words(item.person.born_on)}" if item.person.born_on else ""
            seen = Person.objects.visible_to(self.shell.user).filter(pk=item.person.pk).exists()
            url = reverse("people:detail", args=[item.person.pk]) if seen else ""
            return {"kind": "Person", "words": f"{item.person}{born}", "url": url}
        if item.place is not None:
            seen = opens_place(self.shell.user, item.place)
            url = reverse("places:detail", args=[item.place.pk]) if seen else ""
            words = item.place.full_address if seen or self.runs else self._address_told(item.place)
            return {"kind": "Place", "words": words, "url": url}
        return None

    @staticmethod
    def _address_told(place: Place) -> str:
        """As on paper: where somebody is kept safe from being found, no agency reads it."""
        kept_safe = Person.objects.filter(do_not_disclose=True, place=place).exists()
        return "The address is not disclosed" if kept_safe else place.full_address

    @cached_property
    def agencies(self) -> list[who_sees.Agency]:
        """For the team that runs the meeting: who sees it, and who could."""
        return who_sees.agencies(self.item, self.shell.at) if self.runs else []

    @cached_property
    def own_shares(self) -> list[ItemShare]:
        """The terms on which it was tabled for the reader's agency."""
        ours = ItemShare.objects.current(self.shell.at).filter(
            record=self.item, to_partner__in=self.shell.user.partner_ids
        )
        return list(ours.select_related("agreement", "to_partner", "made_by").order_by("pk"))

    @cached_property
    def answers(self) -> list[ItemAnswer]:
        said = ItemAnswer.objects.visible_to(self.shell.user).filter(item=self.item).exclude(known="")
        return list(said.select_related("seat__partner").order_by("seat__partner__name", "pk"))

    @cached_property
    def earlier(self) -> list[AgendaItem]:
        """What meetings said of the same thing before, where the reader sees that. Drafts are the team's."""
        item = self.item
        about = Q(pk=item.previous_id)
        for name in ("case", "person", "place"):
            if (pk := getattr(item, f"{name}_id")) is not None:
                about |= Q(**{name: pk})
        shown = Q(meeting__status=MeetingStatus.APPROVED)
        if self.runs:
            shown |= Q(meeting__status=MeetingStatus.MINUTES_DRAFT)
        found = AgendaItem.objects.visible_to(self.shell.user).tabled().filter(about, shown)
        found = found.filter(meeting__starts_at__lt=item.meeting.starts_at).exclude(pk=item.pk)
        rows = found.select_related("meeting__series").prefetch_related("outcomes")
        return list(rows.order_by("-meeting__starts_at", "-pk")[:MOST_EARLIER])

    @cached_property
    def actions(self) -> list[Any]:
        """Actions given for it and for what meetings discussed of the same thing before."""
        items = [self.item.pk, *(each.pk for each in self.earlier)]
        given = ItemAction.objects.visible_to(self.shell.user).filter(item__in=items)
        rows = given.select_related("action__owner", "action__lead").order_by("action__due_on", "action__pk")
        return [each.action for each in rows]


def open_item(
    request: StaffRequest, reference: str, perm: str = "meetings.view_item"
) -> tuple[MeetingShell, AgendaItem]:
    """404 to whom it was not tabled for, 403 without the right. That somebody read it is recorded."""
    meetings = Meeting.objects.visible_to(request.user)
    items = AgendaItem.objects.filter(meeting__in=meetings).select_related(*RELATED)
    item = get_permitted(items, request.user, perm, reference=reference)
    if request.method in ("GET", "HEAD"):
        looked_at(request.user, item)
    item.number = numbers(item.meeting).get(item.pk)
    shell = MeetingShell(item.meeting, request.user, timezone.now(), TAB)
    item.is_draft = shell.keeps_drafts
    return shell, item
