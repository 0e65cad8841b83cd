import rules

from csp.agencies.enums import Role
from csp.agencies.models import Partner, User


@rules.predicate
def works_cases_of(user: User, partner: Partner) -> bool:
    """An officer or manager of the partner: may give its cases to colleagues and chase other agencies."""
    return partner is not None and any(
        seat.role in (Role.OFFICER, Role.MANAGER) and seat.partner_id == partner.pk for seat in user.seats
    )


rules.add_perm("cases.list_work", works_cases_of)
