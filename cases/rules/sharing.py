"""Who may share a case, restrict it, open it in an emergency, and read what was disclosed."""

import rules

from cases.models import Case, CaseNamed
from cases.rules.cases import leads_case
from cases.rules.reports import manages_lead
from csp.agencies.enums import Role
from csp.agencies.models import Partnership, User
from csp.agencies.rules import works_for_lead


@rules.predicate
def is_kept_out(user: User, case: Case) -> bool:
    """The case is restricted and the user is not named on it."""
    return case.restricted and not CaseNamed.objects.current().filter(case=case, user=user).exists()


@rules.predicate
def answers_for_disclosures(user: User, partnership: Partnership | None) -> bool:
    """A manager, or an auditor: of that partnership, or of any if none is named."""
    return user.is_authenticated and user.has_role(Role.MANAGER, Role.AUDITOR, partnership=partnership)


rules.add_perm("cases.share", leads_case)
rules.add_perm("cases.restrict", leads_case)
rules.add_perm("cases.break_glass", works_for_lead & is_kept_out)
rules.add_perm("cases.read_glass", manages_lead)
rules.add_perm("cases.read_disclosures", answers_for_disclosures)
