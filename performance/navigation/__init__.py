"""What the room puts into the menu and on the home page."""

from csp.agencies.navigation import NavItem, register


def join_in() -> None:
    register(NavItem("Performance", "performance:dashboard", "performance.read", position=90))
