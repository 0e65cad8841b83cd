"""Who may do what with an action. Whether it can be done now is for the services to say."""

import rules

from csp.actions.models import Action
from csp.agencies.enums import Role
from csp.agencies.models import User
from csp.agencies.rules import does_casework, works_for_lead


@rules.predicate
def works_for_owner(user: User, action: Action) -> bool:
    """The user does casework for the partner that is asked."""
    return action.owner_id in user.partner_ids


@rules.predicate
def manages_lead(user: User, action: Action) -> bool:
    """The user manages the partner that asks, and writes down what the agency said on the phone."""
    return any(seat.role == Role.MANAGER and seat.partner_id == action.lead_id for seat in user.seats)


rules.add_perm("actions.list", does_casework)
rules.add_perm("actions.give", does_casework)
rules.add_perm("actions.view", does_casework)  # of an action the gate lets them see
rules.add_perm("actions.note", works_for_owner | works_for_lead)
rules.add_perm("actions.answer", works_for_owner | manages_lead)
rules.add_perm("actions.reassign", works_for_owner)
rules.add_perm("actions.change", works_for_lead)
rules.add_perm("actions.reopen", works_for_owner | works_for_lead)
