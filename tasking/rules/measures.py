import rules

from csp.agencies.enums import Role
from csp.agencies.models import Partnership, User


@rules.predicate
def counts_meetings(user: User, partnership: Partnership | None) -> bool:
    """An officer or manager of a team: in that partnership, or in any where none is named."""
    return user.is_authenticated and user.has_role(Role.OFFICER, Role.MANAGER, partnership=partnership)


rules.add_perm("meetings.measures", counts_meetings)
