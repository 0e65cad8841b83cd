"""What a meeting decides about an item itself: it stays on the agenda, comes back on a date, or comes off."""

import datetime as dt
from dataclasses import dataclass

from csp.agencies.models import User
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken
from tasking.enums import ENDINGS, ItemKind, ItemStatus
from tasking.models import AgendaItem


class CannotEndItem(RuleBroken): ...


@dataclass(frozen=True, kw_only=True)
class Ending:
    """The status is one of ENDINGS, or still tabled where nothing is decided yet."""

    status: str = ItemStatus.TABLED
    because: str = ""
    returns_on: dt.date | None = None

    @classmethod
    def of(cls, item: AgendaItem) -> "Ending":
        return cls(status=item.status, because=item.status_because, returns_on=item.returns_on)

    @property
    def is_decided(self) -> bool:
        return self.status in ENDINGS


def must_fit(ending: Ending, item: AgendaItem, at: dt.datetime) -> None:
    """Raises `CannotEndItem`."""
    if item.status == ItemStatus.WITHDRAWN:
        raise CannotEndItem(f"{item} was taken off the agenda before the meeting")
    says_why = ending.because.strip() or item.kind == ItemKind.STANDING
    if ending.status == ItemStatus.OFF and not says_why:
        raise CannotEndItem("Enter why it comes off the agenda")
    if ending.status == ItemStatus.RETURNS and ending.returns_on is None:
        raise CannotEndItem("Enter the date when it comes back")
    if ending.returns_on is not None and ending.returns_on <= local_day(at):
        raise CannotEndItem("The date when it comes back must be after today")


def apply_ending(item: AgendaItem, ending: Ending, *, by: User | None) -> None:
    """Of a locked item, once `must_fit` has passed."""
    if item.status != ending.status:
        item.move_to(ending.status)
    item.status_because = ending.because
    item.returns_on = ending.returns_on if ending.status == ItemStatus.RETURNS else None
    item.version += 1
    item.save(update_fields=["status", "status_because", "returns_on", "version"])
    record("agenda_item.ending_decided", by=by, target=item, ending=item.status, reason=ending.because)
