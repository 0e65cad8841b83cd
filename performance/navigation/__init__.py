"""What the room puts into the menu and on the home page."""

from csp.agencies.navigation import NavItem, register
from performance.navigation import plan, reports

ROOMS = (plan, reports)


def join_in() -> None:
    register(NavItem("Performance", "performance:dashboard", "performance.read", position=90))
    for each in ROOMS:
        each.join_in()
