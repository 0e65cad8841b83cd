import rules

from csp.agencies.models import User
from performance.models import PlanAction
from performance.rules.reading import explores_performance, makes_performance


@rules.predicate
def writes_updates(user: User, action: PlanAction) -> bool:
    """The team, who leads it by name, and whoever does casework at an agency that leads it."""
    if makes_performance(user, action.plan.partnership) or action.person_id == user.pk:
        return explores_performance(user, action.plan.partnership)
    return any(partner.pk in user.partner_ids for partner in action.leads.all())


rules.add_perm("performance.update_action", writes_updates)
