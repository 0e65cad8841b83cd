"""The agenda as one reader sees it: items tabled for them whole, the others as a line without a title."""

import dataclasses
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from tasking.forms.agenda import AgendaForm
from tasking.models import AgendaItem, ItemShare
from tasking.services.agenda import time_words
from tasking.services.carrying import due_to_come
from tasking.views.meeting_shell import MeetingShell

RELATED = ("issue", "area", "case")


@dataclasses.dataclass
class Line:
    """One line of the agenda. Without `item` it is somebody else's: number, issue, area and minutes alone."""

    minutes: int
    about: str
    number: int | None = None
    item: AgendaItem | None = None
    box: Any = None
    """The field in which its minutes are typed."""
    open_to: list[str] = dataclasses.field(default_factory=list)
    above: str = ""
    below: str = ""
    """References of the items before and after it, as far as the reader sees them."""


@dataclasses.dataclass(frozen=True)
class AgendaPage:
    shell: MeetingShell
    form: AgendaForm

    @property
    def arranges(self) -> bool:
        """The reader can change it now."""
        meeting = self.shell.meeting
        return (meeting.is_before or meeting.is_in_session) and self.runs

    @property
    def runs(self) -> bool:
        return self.shell.may("meetings.run")

    @cached_property
    def open_part(self) -> list[Line]:
        listed = self.shell.meeting.items.tabled().in_open_part().in_order()
        mine = {item.pk: item for item in self.shell.items}
        rows = [row for row in listed.select_related(*RELATED) if row.pk in self.shell.numbers]
        return self._linked([self._line(mine.get(row.pk), row) for row in rows])

    @cached_property
    def closed_part(self) -> list[Line]:
        """Nothing of what the reader does not see: not that it is there, nor how many there are."""
        closed = [item for item in self.shell.items if item.number is None]
        return self._linked([self._line(item, item) for item in closed])

    def _line(self, item: AgendaItem | None, row: AgendaItem) -> Line:
        about = ", ".join(filter(None, [str(row.issue or ""), str(row.area or "")]))
        line = Line(row.minutes, about or "Kind and area not said", self.shell.numbers.get(row.pk), item)
        if item is not None and self.runs:
            line.open_to = self._open_to.get(item.pk, [])
            line.box = self.form[self.form.name_of(item)] if self.arranges else None
        return line

    @cached_property
    def _open_to(self) -> dict[int, list[str]]:
        """The agencies for which each item is tabled."""
        current = ItemShare.objects.current(self.shell.at).select_related("to_partner")
        shares = Prefetch("shares", current.order_by("to_partner__name", "pk"), to_attr="open_shares")
        prefetch_related_objects(self.shell.items, shares)
        return {
            item.pk: [shared.to_partner.name for shared in item.open_shares]  # type: ignore[attr-defined]
            for item in self.shell.items
        }

    @staticmethod
    def _linked(lines: list[Line]) -> list[Line]:
        seen = [line for line in lines if line.item is not None]
        references = ["", *(line.item.reference for line in seen if line.item), ""]
        for line, above, below in zip(seen, references, references[2:], strict=False):
            line.above, line.below = above, below
        return lines

    @property
    def is_empty(self) -> bool:
        return not self.open_part and not self.closed_part

    @property
    def times(self) -> str:
        """How the times fit, of the items the reader sees."""
        planned = sum(line.minutes for line in [*self.open_part, *self.closed_part])
        return time_words(planned, self.shell.meeting.minutes_long)

    @property
    def is_over(self) -> bool:
        planned = sum(line.minutes for line in [*self.open_part, *self.closed_part])
        return planned > self.shell.meeting.minutes_long

    @cached_property
    def waiting(self) -> list[AgendaItem]:
        """What earlier meetings left to this one and it did not take up yet, as far as the reader sees it."""
        if not self.arranges:
            return []
        due = [item.pk for item in due_to_come(self.shell.meeting, self.shell.at)]
        seen = AgendaItem.objects.visible_to(self.shell.user).filter(pk__in=due)
        return list(seen.select_related("meeting__series").order_by("meeting__starts_at", "position", "pk"))
