"""What the room puts into the menu and on the home page."""

from tasking.navigation import escalation, meetings, referrals, returns

ROOMS = (escalation, meetings, referrals, returns)


def join_in() -> None:
    for each in ROOMS:
        each.join_in()
