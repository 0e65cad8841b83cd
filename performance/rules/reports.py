"""Who makes a report, and who answers for it."""

from typing import Any

import rules

from csp.agencies.enums import CASEWORK_ROLES, Role
from csp.agencies.models import Partnership, User
from performance.models.readers import MAKERS


@rules.predicate
def writes_reports(user: User, report: Any) -> bool:
    """An officer or manager of the partnership whose report or case study it is."""
    return report is not None and user.has_role(*MAKERS, partnership=report.partnership)


@rules.predicate
def answers_for_reports(user: User, report: Any) -> bool:
    return report is not None and user.has_role(Role.MANAGER, partnership=report.partnership)


@rules.predicate
def supplies_case_studies(user: User, partnership: Partnership | None) -> bool:
    """Whoever does casework: only an agency knows what it did."""
    return user.is_authenticated and user.has_role(*CASEWORK_ROLES, partnership=partnership)


@rules.predicate
def supplied_it(user: User, study: Any) -> bool:
    return study is not None and study.supplied_by_id in user.partner_ids


rules.add_perm("performance.write_report", writes_reports)
rules.add_perm("performance.sign_off_report", answers_for_reports)
rules.add_perm("performance.supply_case_study", supplies_case_studies)
rules.add_perm("performance.edit_case_study", supplied_it | writes_reports)
rules.add_perm("performance.check_case_study", writes_reports)
