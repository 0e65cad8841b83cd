from csp.agencies.navigation import NavItem, register


def join_in() -> None:
    register(NavItem("Meetings", "meetings:list", "meetings.list", position=45))
