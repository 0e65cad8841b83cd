"""Actions of a restricted record: only the people named there see them, and only they are asked."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from csp.actions.models import Action, ActionNamed
from csp.actions.services.updates import CannotGive
from csp.agencies.enums import CASEWORK_ROLES
from csp.agencies.models import Membership, Partner, User


def named_on(target: Any) -> Any:
    """Rows with `user_id` and `ends_at` of those who may see the target; None where it is not restricted."""
    answer = getattr(target, "named_now", None)
    return answer() if answer else None


def check_named(target: Any, owner: Partner, person: User | None, on: dt.date) -> None:
    """Nobody is asked to act on what they may not see. Raises `CannotGive`."""
    named = named_on(target)
    if named is None:
        return
    if person is not None and not named.filter(user=person).exists():
        raise CannotGive(
            f"{target} is restricted and {person} is not named on it. "
            "Name them first, or choose somebody who is"
        )
    seats = Membership.objects.current(on).filter(partner=owner, role__in=CASEWORK_ROLES)
    if not named.filter(user__in=seats.values("user")).exists():
        raise CannotGive(
            f"{target} is restricted and nobody of {owner} is named on it. Name somebody there first"
        )


def follow_target(action: Action) -> None:
    """Restricted as its target is, for the same people."""
    keep_in_step([action], named_on(action.target))


def keep_in_step(actions: Iterable[Action], named: Any) -> None:
    """Set who may see each action to who is named on the record it hangs on; None opens it again."""
    ids = [action.pk for action in actions]
    Action.objects.filter(pk__in=ids).exclude(restricted=named is not None).update(
        restricted=named is not None
    )
    ActionNamed.objects.filter(action__in=ids).delete()
    people = dict(named.values_list("user", "ends_at")) if named is not None else {}
    ActionNamed.objects.bulk_create(
        ActionNamed(action_id=pk, user_id=user, ends_at=ends_at)
        for pk in ids
        for user, ends_at in people.items()
    )
