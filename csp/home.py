"""What the home page says to each role beside its list of needs."""

import datetime as dt
from dataclasses import dataclass, field

from csp.agencies.enums import Role
from csp.agencies.models import User
from csp.agencies.navigation import Need
from csp.core.calendar import end_of_day, local_day


@dataclass(frozen=True)
class Start:
    """The one thing most often begun from the home page."""

    label: str
    url_name: str
    perm: str


STARTS = (
    Start("Log a report", "reports:new", "reports.log"),
    Start("Refer a report", "reports:refer", "reports.refer"),
    Start("Set up the partnership", "agencies:set_up", "agencies.administer"),
    Start("Read the audit", "audit:list", "audit.read"),
)
"""The first that a person may do is the button."""

NOTHING = {
    Role.PROVIDER: "Your monitoring returns will show here when they are due.",
    Role.BOARD: "Published performance reports are under Performance.",
    Role.AUDITOR: "Nothing unusual has been seen today.",
    Role.ADMINISTRATOR: "Accounts, agencies, areas and rules are in the menu. You see no casework.",
}
NOTHING_ELSE = "Nothing is late, due or new. New work shows here as it comes in."


@dataclass
class Group:
    title: str
    needs: list[Need] = field(default_factory=list)


def grouped(needs: list[Need], at: dt.datetime) -> list[Group]:
    """Late and today, this week, later: the needs keep their order, and empty groups are left out."""
    today, week, later = Group("Today"), Group("This week"), Group("Later")
    end_of_today = end_of_day(local_day(at))
    for need in needs:
        if need.late or need.due_at is None or need.due_at <= end_of_today:
            today.needs.append(need)
        elif need.due_at <= end_of_today + dt.timedelta(days=7):
            week.needs.append(need)
        else:
            later.needs.append(need)
    return [group for group in (today, week, later) if group.needs]


def start_for(user: User) -> Start | None:
    return next((start for start in STARTS if user.has_perm(start.perm)), None)


def nothing_for(user: User) -> str:
    """What a person reads whose list is empty."""
    held = [seat.role for seat in user.seats]
    only = [words for role, words in NOTHING.items() if held and set(held) == {role}]
    return only[0] if only else NOTHING_ELSE
