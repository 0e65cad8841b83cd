"""What one person's screen shows while a meeting is held, whole and in parts that scripts change in place."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from csp.agencies.access import StaffRequest
from csp.audit.services import looked_at
from tasking.enums import AttendanceStatus, MeetingStatus
from tasking.models import AgendaItem, Attendance, ItemAction, ItemAnswer
from tasking.views.meeting_shell import MeetingShell

OF_AN_ITEM = ("case", "person", "place", "group", "issue", "area", "referred_by", "lead", "partnership")
EARLIER = 3
"""How many meetings back the decisions on an item are shown."""
SHOWN_IN_PLACE = {
    "session-agenda": "tasking/_session_agenda.html",
    "session-item": "tasking/_session_item.html",
    "session-given": "tasking/_session_given.html",
    "session-people": "tasking/_session_people.html",
}


@dataclass(frozen=True)
class Line:
    """One item of the agenda at the left."""

    item: AgendaItem
    number: int
    is_now: bool
    is_shown: bool


@dataclass(frozen=True)
class Screen:
    """`desk` writes. `room` is the wall's: it follows like everybody's, and keeps the closed part folded."""

    shell: MeetingShell
    wanted: str = ""
    desk: bool = False
    room: bool = False

    @property
    def follows(self) -> bool:
        return not self.desk

    @cached_property
    def items(self) -> list[AgendaItem]:
        return self.shell.items

    @cached_property
    def current(self) -> AgendaItem | None:
        """What the meeting discusses now, where the reader may see it."""
        return self._of_pk(self.shell.meeting.current_item_id)

    @cached_property
    def shown(self) -> AgendaItem | None:
        """What the middle of the screen is about: at the desk what was chosen, else what is discussed now."""
        if self.follows:
            return self.current
        chosen = next((item for item in self.items if item.reference == self.wanted), None)
        return chosen or self.current or next(iter(self.items), None)

    def _of_pk(self, pk: int | None) -> AgendaItem | None:
        return next((item for item in self.items if item.pk == pk), None)

    @cached_property
    def open_numbers(self) -> dict[int, int]:
        """As in everybody's papers: the open part is numbered through for all."""
        items = AgendaItem.objects.filter(meeting=self.shell.meeting).tabled().in_open_part().in_order()
        return {pk: place for place, pk in enumerate(items.values_list("pk", flat=True), start=1)}

    @cached_property
    def lines(self) -> list[Line]:
        """Closed items go on from the open ones, counted among those that this reader sees."""
        numbers = dict(self.open_numbers)
        for item in self.items:
            numbers.setdefault(item.pk, len(numbers) + 1)
        now, shown = self.shell.meeting.current_item_id, self.shown
        return [
            Line(item, numbers[item.pk], is_now=item.pk == now, is_shown=item == shown) for item in self.items
        ]

    @property
    def open_lines(self) -> list[Line]:
        return [line for line in self.lines if not line.item.is_closed_part]

    @property
    def closed_lines(self) -> list[Line]:
        return [line for line in self.lines if line.item.is_closed_part]

    @property
    def line(self) -> Line | None:
        return next((line for line in self.lines if line.is_shown), None)

    @cached_property
    def hidden_now(self) -> dict[str, Any] | None:
        """Of an item that the reader may not see: its depersonalised line, in the open part. Of another one
        nothing, not even that there is one.
        """
        pk = self.shell.meeting.current_item_id
        if pk is None or self.current is not None:
            return None
        items = AgendaItem.objects.filter(pk=pk).in_open_part().values("issue__label", "area__name")
        found = items.first()
        if found is None:
            return None
        return {
            "number": self.open_numbers.get(pk),
            "issue": found["issue__label"],
            "area": found["area__name"],
        }

    @cached_property
    def after(self) -> AgendaItem | None:
        return self._beside(1)

    @cached_property
    def before(self) -> AgendaItem | None:
        return self._beside(-1)

    def _beside(self, by: int) -> AgendaItem | None:
        if self.shown is None:
            return None
        place = self.items.index(self.shown) + by
        return self.items[place] if 0 <= place < len(self.items) else None

    @cached_property
    def answers(self) -> list[ItemAnswer]:
        """What agencies said before the meeting, once they had sent it."""
        answers = ItemAnswer.objects.visible_to(self.shell.user).filter(item=self.shown).exclude(known="")
        return list(answers.select_related("seat__partner").order_by("seat__partner__name", "pk"))

    @cached_property
    def earlier(self) -> list[AgendaItem]:
        """What earlier meetings decided on it, newest first, as far as the reader may see those items. Drafts
        are for the team that writes them.
        """
        if self.shown is None or self.shown.previous_id is None:
            return []
        chain: list[int] = []
        at: int | None = self.shown.previous_id
        while at is not None and len(chain) < EARLIER:
            chain.append(at)
            at = AgendaItem.objects.values_list("previous", flat=True).get(pk=at)
        told = Q(meeting__status=MeetingStatus.APPROVED) | Q(lead__in=self.shell.user.partner_ids)
        seen = AgendaItem.objects.visible_to(self.shell.user).filter(told, pk__in=chain)
        found = {
            item.pk: item for item in seen.select_related("meeting__series").prefetch_related("outcomes")
        }
        return [found[pk] for pk in chain if pk in found]

    @cached_property
    def given(self) -> list[ItemAction]:
        given = ItemAction.objects.visible_to(self.shell.user).filter(item=self.shown)
        related = ("action__owner", "action__person")
        return list(given.select_related(*related).order_by("pk"))

    @cached_property
    def people(self) -> list[Attendance]:
        rows = Attendance.objects.filter(meeting=self.shell.meeting).select_related("partner")
        return list(rows.order_by("name", "pk"))

    @property
    def here(self) -> list[Attendance]:
        return [row for row in self.people if row.status != AttendanceStatus.APOLOGIES]

    @property
    def apologies(self) -> list[Attendance]:
        return [row for row in self.people if row.status == AttendanceStatus.APOLOGIES]

    @property
    def state_url(self) -> str:
        url = reverse("meetings:session_state", args=[self.shell.meeting.reference])
        if self.desk:
            return f"{url}?desk=1&item={self.shown.reference if self.shown else ''}"
        return f"{url}?room=1" if self.room else url

    def note_reading(self) -> None:
        """That the reader had the item before them is recorded, as it is wherever else they open it."""
        if self.shown is not None:
            looked_at(self.shell.user, self.shown)

    def parts(self, request: StaffRequest, **more: Any) -> dict[str, str]:
        """The HTML of each part, by its id."""
        context = {"screen": self, "meeting": self.shell.meeting, "clash": None} | more
        parts = SHOWN_IN_PLACE | ({"session-note": "tasking/_session_note.html"} if more else {})
        return {name: render_to_string(template, context, request) for name, template in parts.items()}
