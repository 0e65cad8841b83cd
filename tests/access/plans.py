"""Where somebody works and what is shared with whom, drawn at random, and the one answer to what they see.

The answer is worked out from the plan itself, never from the rows that the gate reads.
"""

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from django.utils import timezone
from hypothesis import strategies as st

from cases.enums import Audience
from csp.agencies.enums import CASEWORK_ROLES, Role, ShareLevel

PARTNERSHIPS = (0, 0, 0, 1)
"""Of each partner. The first partner of a partnership receives its reports."""
PARTNERS = range(len(PARTNERSHIPS))
NAMES = ("Quentin Farthingale", "Ottoline Mbeki")
WORDS = ("trampoline", "accordion")
WHEN = ("now", "now", "now", "now", "now", "over", "to come")
SHARES_THAT_ENDED, PARTNERS_SHARED_WITH, HALF = 0.25, 0.7, 0.5
NAMED = ("", "", "", "not named", "named", "removed", "glass", "glass over")
CASEWORK = (Role.PRACTITIONER, Role.OFFICER, Role.MANAGER)


@dataclass(frozen=True)
class Seat:
    partner: int
    role: Role
    when: str

    @property
    def holds(self) -> bool:
        return self.when == "now"

    @property
    def opens_casework(self) -> bool:
        return self.holds and self.role in CASEWORK_ROLES

    @property
    def dates(self) -> dict[str, dt.date | None]:
        today = timezone.localdate()
        starts = today + dt.timedelta(days=1) if self.when == "to come" else today - dt.timedelta(days=9)
        return {"starts_on": starts, "ends_on": today if self.when == "over" else None}


Shares = dict[int, tuple[ShareLevel, bool]]
"""By partner: the level, and whether the share has ended."""


@dataclass(frozen=True)
class Note:
    """On the case, by somebody of a partner, for some."""

    partner: int
    audience: Audience
    for_person: bool
    """The person is among those it names."""


@dataclass(frozen=True)
class Record:
    """A case, and a report that is in it or stands alone, each with shares of its own."""

    lead: int
    case_shares: Shares
    report_shares: Shares
    in_case: bool
    asked: int
    """The partner that is asked to act on both."""
    named: str
    """How the person stands to the restricted case; empty where it is not restricted."""
    notes: tuple[Note, ...]

    @property
    def shut(self) -> bool:
        """The case is restricted, and the person is not named on it now."""
        return self.named not in ("", "named", "glass")


@dataclass(frozen=True)
class Plan:
    seats: list[Seat]
    records: list[Record] = field(default_factory=list)

    @property
    def works_at(self) -> set[int]:
        """Partners where the person does casework now."""
        return {seat.partner for seat in self.seats if seat.opens_casework}

    @property
    def partnerships(self) -> set[int]:
        return {PARTNERSHIPS[seat.partner] for seat in self.seats if seat.holds}

    def knows(self, record: Record, *, report: bool) -> int:
        """What the person's partners hold, whoever is named. 0 for a stranger."""
        if record.lead in self.works_at:
            return ShareLevel.CONTRIBUTE
        shares = list(record.report_shares.items()) if report else []
        shares += record.case_shares.items() if record.in_case or not report else []
        return max((level for to, (level, ended) in shares if to in self.works_at and not ended), default=0)

    def level(self, record: Record, *, report: bool) -> int:
        """Of the report, or of the case: how much of it is open to the person."""
        shut = record.shut and (record.in_case or not report)
        return 0 if shut else self.knows(record, report=report)

    def acts(self, record: Record, *, report: bool) -> bool:
        """The person sees the action on the report, or on the case."""
        shut = record.shut and (record.in_case or not report)
        return not shut and bool({record.lead, record.asked} & self.works_at)

    def reads_note(self, record: Record, note: Note) -> bool:
        if self.level(record, report=False) < ShareLevel.FULL:
            return False
        return {
            Audience.SHARED: True,
            Audience.TEAM: bool({record.lead, note.partner} & self.works_at),
            Audience.NAMED: note.for_person,
        }[note.audience]


def plan_from(dice: Random) -> Plan:
    """Drawn evenly: Hypothesis likes the same small choice again, and so seldom comes to a lonely summary."""
    partners = dice.sample(PARTNERS, dice.choice([1, 1, 2, 3]))
    roles = [*CASEWORK, *CASEWORK, *Role]
    seats = [Seat(partner, dice.choice(roles), dice.choice(WHEN)) for partner in partners]
    return Plan(seats, [_record_from(dice) for _ in NAMES])


def _record_from(dice: Random) -> Record:
    lead = dice.choice(PARTNERS)
    neighbours = [each for each in PARTNERS if PARTNERSHIPS[each] == PARTNERSHIPS[lead]]
    others = [each for each in neighbours if each != lead]
    notes = [Note(dice.choice(neighbours), each, dice.random() < HALF) for each in Audience]
    return Record(
        lead,
        case_shares=_shares_from(dice, others),
        report_shares=_shares_from(dice, others),
        in_case=dice.random() < HALF,
        asked=dice.choice(neighbours),
        named=dice.choice(NAMED),
        notes=tuple(notes),
    )


def _shares_from(dice: Random, partners: list[int]) -> Shares:
    return {
        each: (dice.choice(list(ShareLevel)), dice.random() < SHARES_THAT_ENDED)
        for each in partners
        if dice.random() < PARTNERS_SHARED_WITH
    }


plans = st.integers(0, 2**32 - 1).map(Random).map(plan_from)
