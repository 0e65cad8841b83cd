"""What the room puts into the menu and on the home page."""

from cases.navigation import cases, contact, listing, powers, records, reports, risk, sharing
from cases.navigation.reports import information_needs, told_needs, triage_needs

ROOMS = (reports, cases, contact, listing, records, powers, risk, sharing)

__all__ = ["information_needs", "join_in", "told_needs", "triage_needs"]


def join_in() -> None:
    for each in ROOMS:
        each.join_in()
