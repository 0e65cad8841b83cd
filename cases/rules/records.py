import rules

from cases.models import SubjectAccess
from csp.agencies.enums import Role
from csp.agencies.models import User
from csp.agencies.rules import holds

KEEPERS = (Role.MANAGER, Role.AUDITOR)
"""Managers, and the data protection officer, look after what is kept of the records their team leads."""

keeps_records = holds(*KEEPERS)


@rules.predicate
def answers_for(user: User, access: SubjectAccess) -> bool:
    return any(seat.role in KEEPERS and seat.partner_id == access.partner_id for seat in user.seats)


rules.add_perm("records.keep", keeps_records)
rules.add_perm("records.answer", answers_for)
