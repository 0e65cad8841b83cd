"""What the room puts into the menu and on the home page."""

from tasking.navigation import meetings, referrals, returns

ROOMS = (meetings, referrals, returns)


def join_in() -> None:
    for each in ROOMS:
        each.join_in()
