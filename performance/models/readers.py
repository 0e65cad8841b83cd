"""In which partnerships somebody reads performance, and in which they make it."""

from csp.agencies.enums import CASEWORK_ROLES, Role
from csp.agencies.models import User

READERS = CASEWORK_ROLES | {Role.BOARD, Role.AUDITOR}
EXPLORERS = CASEWORK_ROLES | {Role.AUDITOR}
"""They go behind what is published: maps, plan, indicators, and the records that figures count, as far as
they may see these. A board reads the dashboard and published reports alone."""
MAKERS = frozenset({Role.OFFICER, Role.MANAGER})
"""The team: it writes plan and reports, and it alone sees numbers small enough to point at somebody."""


def read_by(user: User) -> list[int]:
    return _partnerships(user, READERS)


def explored_by(user: User) -> list[int]:
    return _partnerships(user, EXPLORERS)


def made_by(user: User) -> list[int]:
    return _partnerships(user, MAKERS)


def _partnerships(user: User, roles: frozenset[Role]) -> list[int]:
    return sorted({seat.partner.partnership_id for seat in user.seats if seat.role in roles})
