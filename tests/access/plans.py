"""Where somebody works and what is shared with whom, drawn at random, and the one answer to what they see.

The answer is worked out from the plan itself, never from the rows that the gate reads.
"""

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from django.utils import timezone
from hypothesis import strategies as st

from csp.agencies.enums import CASEWORK_ROLES, Role, ShareLevel

PARTNERSHIPS = (0, 0, 0, 1)
"""Of each partner. The first partner of a partnership receives its reports."""
PARTNERS = range(len(PARTNERSHIPS))
NAMES = ("Quentin Farthingale", "Ottoline Mbeki")
WORDS = ("trampoline", "accordion")
WHEN = ("now", "now", "now", "now", "now", "over", "to come")
SHARES_THAT_ENDED, PARTNERS_SHARED_WITH = 0.25, 0.8
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


@dataclass(frozen=True)
class Record:
    """One report and one case alike, each with the same lead and the same shares."""

    lead: int
    shares: dict[int, tuple[ShareLevel, bool]]
    """By partner: the level, and whether the share has ended."""
    asked: int
    """The partner that is asked to act on both."""


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

    def level(self, record: Record) -> int:
        """0 for a stranger."""
        if record.lead in self.works_at:
            return ShareLevel.CONTRIBUTE
        open_shares = [share for to, share in record.shares.items() if to in self.works_at]
        return max((level for level, ended in open_shares if not ended), default=0)


def plan_from(dice: Random) -> Plan:
    """Drawn evenly: Hypothesis likes the same small choice again, and so seldom comes to a lonely summary."""
    partners = dice.sample(PARTNERS, dice.choice([1, 1, 2, 3]))
    roles = [*CASEWORK, *CASEWORK, *Role]
    seats = [Seat(partner, dice.choice(roles), dice.choice(WHEN)) for partner in partners]
    return Plan(seats, [_record_from(dice) for _ in NAMES])


def _record_from(dice: Random) -> Record:
    lead = dice.choice(PARTNERS)
    neighbours = [each for each in PARTNERS if PARTNERSHIPS[each] == PARTNERSHIPS[lead]]
    shares = {
        each: (dice.choice(list(ShareLevel)), dice.random() < SHARES_THAT_ENDED)
        for each in neighbours
        if each != lead and dice.random() < PARTNERS_SHARED_WITH
    }
    return Record(lead, shares, dice.choice(neighbours))


plans = st.integers(0, 2**32 - 1).map(Random).map(plan_from)
