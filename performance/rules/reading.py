import rules

from csp.agencies.models import Partnership, User
from performance.models.readers import EXPLORERS, MAKERS, READERS


@rules.predicate
def reads_performance(user: User, partnership: Partnership | None) -> bool:
    """In that partnership, or in any where none is named."""
    return user.is_authenticated and user.has_role(*READERS, partnership=partnership)


@rules.predicate
def makes_performance(user: User, partnership: Partnership | None) -> bool:
    """An officer or manager of the team: in that partnership, or in any where none is named."""
    return user.is_authenticated and user.has_role(*MAKERS, partnership=partnership)


@rules.predicate
def explores_performance(user: User, partnership: Partnership | None) -> bool:
    """More than dashboard and published reports. What lists hold is cut to what the user may see."""
    return user.is_authenticated and user.has_role(*EXPLORERS, partnership=partnership)


rules.add_perm("performance.open_records", explores_performance)
rules.add_perm("performance.explore", explores_performance)
rules.add_perm("performance.read", reads_performance)
rules.add_perm("performance.make", makes_performance)
