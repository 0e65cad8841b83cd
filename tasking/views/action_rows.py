"""Lines of actions that meetings gave, with where each was taken and where it can go now."""

import dataclasses
import datetime as dt
from collections.abc import Iterable

from csp.actions.models import Action
from csp.agencies.models import User
from tasking.models import Escalation
from tasking.services.escalation import earlier_of, why_not


@dataclasses.dataclass(frozen=True)
class ActionRow:
    action: Action
    escalations: list[Escalation]
    may_escalate: bool


def rows_of(actions: Iterable[Action], user: User, today: dt.date) -> list[ActionRow]:
    """The actions come with their escalations."""
    return [_row(action, user, today) for action in actions]


def _row(action: Action, user: User, today: dt.date) -> ActionRow:
    earlier = earlier_of(action)
    may = action.lead_id in user.partner_ids and not why_not(action, earlier, today)
    return ActionRow(action, sorted(earlier.values(), key=lambda each: each.at), may)
