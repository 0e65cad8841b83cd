"""What the room puts into the menu and on the home page."""

from tasking.navigation import meetings, referrals

ROOMS = (meetings, referrals)


def join_in() -> None:
    for each in ROOMS:
        each.join_in()
