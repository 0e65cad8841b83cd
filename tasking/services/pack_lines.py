"""What stands on a meeting's papers, as plain values: what is printed and what is not is decided before."""

import dataclasses
import datetime as dt

from csp.core.calendar import local_day


@dataclasses.dataclass(frozen=True, kw_only=True)
class Heading:
    """Of which meeting the papers are, and for whom."""

    reference: str
    series: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    venue: str
    lead: str
    chair: str
    partner: str
    confidentiality: str
    approved_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ActionLine:
    pk: int
    reference: str
    text: str
    owner: str
    person: str
    asked_by: str
    due_on: dt.date
    wanted_due_on: dt.date | None
    status: str
    about: str = ""
    """The reference of what it hangs on, where the agency may see that."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class AnswerLine:
    partner: str
    known: str
    said: tuple[tuple[str, str], ...]
    """Label and words of each answer that was given."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class EarlierLine:
    """What an earlier meeting decided about the same thing."""

    pk: int
    meeting: str
    day: dt.date
    decision: str
    outcomes: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ItemLine:
    """An item that the agency may see."""

    pk: int
    version: int
    number: int | None
    """None in the closed part."""
    reference: str
    title: str
    closed: bool
    subject: str
    group: str
    issue: str
    area: str
    referred_by: str
    minutes: int
    gist: str = ""
    wanted: str = ""
    tried: str = ""
    handling: str = ""
    answers: tuple[AnswerLine, ...] = ()
    earlier: tuple[EarlierLine, ...] = ()
    minute: str = ""
    decision: str = ""
    outcomes: tuple[str, ...] = ()
    ending: str = ""
    actions: tuple[ActionLine, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class OtherLine:
    """An item for other agencies, without anything that tells of whom it is about."""

    number: int
    issue: str
    area: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class AttendanceLine:
    name: str
    partner: str
    status: str
    deputy_for: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Papers:
    """Everything that one agency's copy says."""

    heading: Heading
    items: tuple[ItemLine, ...]
    others: tuple[OtherLine, ...] = ()
    actions: tuple[ActionLine, ...] = ()
    opening: str = ""
    attendance: tuple[AttendanceLine, ...] = ()
    access: tuple[tuple[str, int, str], ...] = ()
    """The rows that open it to the agency. They are not printed, but they count for its fingerprint."""

    @property
    def open_part(self) -> list[ItemLine]:
        return [item for item in self.items if not item.closed]

    @property
    def closed_part(self) -> list[ItemLine]:
        return [item for item in self.items if item.closed]

    @property
    def due_by_the_meeting(self) -> list[ActionLine]:
        day = local_day(self.heading.starts_at)
        return [action for action in self.actions if action.due_on <= day]

    @property
    def due_later(self) -> list[ActionLine]:
        day = local_day(self.heading.starts_at)
        return [action for action in self.actions if action.due_on > day]
