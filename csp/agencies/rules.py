"""Predicates every room uses: who the user is, before what they do."""

import rules
from rules.predicates import Predicate

from csp.agencies.enums import CASEWORK_ROLES, Role
from csp.agencies.models import User


def holds(*roles: Role) -> Predicate:
    """The user holds one of these roles anywhere."""

    def check(user: User) -> bool:
        return user.is_authenticated and user.has_role(*roles)

    return Predicate(check, name="holds_" + "_or_".join(roles))


does_casework = holds(*CASEWORK_ROLES)
is_administrator = holds(Role.ADMINISTRATOR)
is_auditor = holds(Role.AUDITOR)
leads_an_agency = holds(Role.AGENCY_LEAD, Role.MANAGER)


@rules.predicate
def works_for_lead(user: User, record: object) -> bool:
    """The user does casework for the partner that leads the record."""
    return record is not None and record.lead_id in user.partner_ids  # type: ignore[attr-defined]


@rules.predicate
def in_the_team(user: User) -> bool:
    """The user does casework for the team that receives reports in one of their partnerships."""
    return user.is_authenticated and any(
        seat.role in CASEWORK_ROLES and seat.partner.partnership.receiving_partner_id == seat.partner_id
        for seat in user.seats
    )
