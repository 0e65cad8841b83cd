"""What every verb of an action does: lock it, write down what was said, tell the other side."""

import datetime as dt
from typing import Any

from django.db import transaction

from csp.actions import notifications, tasks
from csp.actions.enums import ActionStatus, UpdateKind
from csp.actions.models import Action, ActionUpdate
from csp.agencies.enums import CASEWORK_ROLES
from csp.agencies.models import Membership, Partner, User
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken


class CannotGive(RuleBroken): ...


class CannotAnswer(RuleBroken): ...


class ActionMoved(RuleBroken):
    """Somebody else wrote first. Nothing of theirs is overwritten."""


def lock(action: Action, seen: int | None) -> Action:
    """The action as it is now. `seen` is the number of updates the person had before them."""
    current = (
        Action.objects.select_for_update(of=("self",))
        .select_related("partnership", "lead__group", "owner__group")
        .get(pk=action.pk)
    )
    if seen is not None and current.updates.count() != seen:
        raise ActionMoved(
            "Somebody updated this action while you were writing. "
            "Read the latest update, then send yours again"
        )
    return current


def say(
    action: Action,
    kind: UpdateKind,
    *,
    by: User | None,
    at: dt.datetime,
    text: str = "",
    due_on: dt.date | None = None,
    tell_others: bool = True,
) -> ActionUpdate:
    """Add to what was said of the action, and have the other side told after commit."""
    said = ActionUpdate.objects.create(
        action=action, kind=kind, by=by, at=at, text=text, status=action.status, due_on=due_on
    )
    if tell_others:
        tasks.tell.delay_on_commit(update_id=said.pk)
    return said


def must_be_outstanding(action: Action) -> None:
    if not action.is_outstanding:
        raise CannotAnswer(
            f"{action} is {action.get_status_display().lower()} already. Reopen it if there is more to do"
        )


def end(action: Action, status: ActionStatus, outcome: str, at: dt.datetime) -> None:
    must_be_outstanding(action)
    action.move_to(status)
    action.outcome, action.ended_at, action.wanted_due_on = outcome, at, None
    action.save(update_fields=["status", "outcome", "ended_at", "wanted_due_on"])


def works_at(partner: Partner, person: User, day: dt.date) -> bool:
    """The person's account is open and they do casework for the partner that day."""
    seats = Membership.objects.current(day).filter(user=person, partner=partner, role__in=CASEWORK_ROLES)
    return person.is_active and seats.exists()


@transaction.atomic
def add_note(*, action: Action, text: str, by: User, at: dt.datetime, seen: int | None = None) -> Action:
    """A word from either side that changes nothing."""
    current = lock(action, seen)
    say(current, UpdateKind.NOTE, by=by, at=at, text=text)
    record("action.noted", by=by, target=current)
    return current


@transaction.atomic
def reassign(
    *, action: Action, person: User | None, by: User, at: dt.datetime, seen: int | None = None
) -> Action:
    """Another person of the agency looks after it, or the agency as a whole."""
    current = lock(action, seen)
    must_be_outstanding(current)
    if person is not None and not works_at(current.owner, person, local_day(at)):
        raise CannotAnswer(f"{person} does not work for {current.owner}")
    if person is not None and current.restricted and not current.named.current().filter(user=person).exists():
        raise CannotAnswer(f"{person} is not named on the restricted record that this hangs on")
    current.person = person
    current.save(update_fields=["person"])
    text = f"Now with {person}" if person else f"Now with {current.owner} as a whole"
    say(current, UpdateKind.REASSIGNED, by=by, at=at, text=text, tell_others=person not in {None, by})
    record("action.reassigned", by=by, target=current, partner=current.owner, person=person and person.pk)
    return current


@transaction.atomic
def reopen(*, action: Action, reason: str, by: User, at: dt.datetime, seen: int | None = None) -> Action:
    """There is more to do after all. What was transferred goes on under its new reference."""
    current = lock(action, seen)
    if current.status == ActionStatus.TRANSFERRED:
        raise CannotAnswer(f"{current} was transferred. It goes on as {current.transferred_to}")
    if current.is_outstanding:
        raise CannotAnswer(f"{current} is not finished yet")
    done = current.status == ActionStatus.COMPLETE
    current.move_to(ActionStatus.IN_PROGRESS if done else ActionStatus.OPEN)
    current.ended_at, current.outcome, current.reminded_on = None, "", local_day(at)
    current.save(update_fields=["status", "ended_at", "outcome", "reminded_on"])
    say(current, UpdateKind.REOPENED, by=by, at=at, text=reason)
    record("action.reopened", by=by, target=current, reason=reason)
    return current


@transaction.atomic
def tell(*, update_id: int, at: dt.datetime) -> None:
    """Send the e-mail of an update, once. A second worker with the same task waits here and finds it sent."""
    said: Any = ActionUpdate.objects.select_for_update(of=("self",)).get(pk=update_id)
    if said.told_at is None:
        notifications.updated(said)
        said.told_at = at
        said.save(update_fields=["told_at"])
