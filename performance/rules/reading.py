import rules

from csp.agencies.models import Partnership, User
from performance.models.readers import MAKERS, OPENERS, READERS


@rules.predicate
def reads_performance(user: User, partnership: Partnership | None) -> bool:
    """In that partnership, or in any where none is named."""
    return user.is_authenticated and user.has_role(*READERS, partnership=partnership)


@rules.predicate
def makes_performance(user: User, partnership: Partnership | None) -> bool:
    """An officer or manager of the team: in that partnership, or in any where none is named."""
    return user.is_authenticated and user.has_role(*MAKERS, partnership=partnership)


@rules.predicate
def opens_what_is_counted(user: User, partnership: Partnership | None) -> bool:
    """The lists behind the figures. What they hold is cut to what the user may see."""
    return user.is_authenticated and user.has_role(*OPENERS, partnership=partnership)


rules.add_perm("performance.open_records", opens_what_is_counted)
rules.add_perm("performance.read", reads_performance)
rules.add_perm("performance.make", makes_performance)
