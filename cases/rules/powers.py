import rules

from cases.models import Case, Intervention
from cases.rules.cases import leads_case
from csp.agencies.models import User


@rules.predicate
def edits_power(user: User, power: Intervention) -> bool:
    """Whoever leads the case, and the agency that issued it as long as it may add to the case."""
    if leads_case(user, power.case):
        return True
    own = power.issuer_id in user.partner_ids
    return own and Case.objects.open_to_add(user).filter(pk=power.case_id).exists()


rules.add_perm("powers.edit", edits_power)
