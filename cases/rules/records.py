import rules

from cases.models import SubjectAccess
from csp.agencies.enums import Role
from csp.agencies.models import Partnership, User
from csp.agencies.rules import holds

KEEPERS = (Role.MANAGER, Role.AUDITOR)
"""Managers, and the data protection officer, look after what is kept of the records their team leads."""


def teams_kept(user: User, partnership: Partnership) -> set[int]:
    """Partners whose records the user looks after in this partnership."""
    return {
        seat.partner_id
        for seat in user.seats
        if seat.role in KEEPERS and seat.partner.partnership_id == partnership.pk
    }


keeps_records = holds(*KEEPERS)


@rules.predicate
def answers_for(user: User, access: SubjectAccess) -> bool:
    return any(seat.role in KEEPERS and seat.partner_id == access.partner_id for seat in user.seats)


rules.add_perm("records.keep", keeps_records)
rules.add_perm("records.answer", answers_for)
