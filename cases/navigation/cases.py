from csp.agencies.navigation import NavItem, register


def join_in() -> None:
    register(NavItem("Cases", "cases:list", "cases.list", position=20))
