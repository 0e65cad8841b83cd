"""What the partner that asks may change of what it asked."""

import datetime as dt

from django.db import transaction

from csp.actions.enums import ActionStatus, UpdateKind
from csp.actions.models import Action
from csp.actions.services.updates import CannotAnswer, CannotGive, end, lock, must_be_outstanding, say
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.words import date_words


@transaction.atomic
def change_action(
    *, action: Action, text: str, due_on: dt.date, by: User, at: dt.datetime, seen: int | None = None
) -> Action:
    """Other words or another date. What it said before stays readable in its updates."""
    current = lock(action, seen)
    must_be_outstanding(current)
    if due_on != current.due_on and due_on < local_day(at):
        raise CannotGive("The due date must be today or later")
    before = []
    if due_on != current.due_on:
        before.append(f"It was due on {date_words(current.due_on)}.")
    if text != current.text:
        before.append(f"It said: {current.text}")
    if not before:
        raise CannotGive("Nothing has changed. Change the words or the date, or go back")
    current.text, current.due_on = text, due_on
    current.wanted_due_on, current.reminded_on = None, local_day(at)
    current.save(update_fields=["text", "due_on", "wanted_due_on", "reminded_on"])
    say(current, UpdateKind.CHANGED, by=by, at=at, text="\n".join(before), due_on=due_on)
    record("action.changed", by=by, target=current, partner=current.owner, due=due_on.isoformat())
    return current


@transaction.atomic
def decide_time(
    *, action: Action, agree: bool, reason: str, by: User, at: dt.datetime, seen: int | None = None
) -> Action:
    """Answer the agency that asked for more time."""
    current = lock(action, seen)
    wanted = current.wanted_due_on
    if wanted is None:
        raise CannotAnswer("Nobody is waiting for a new date. It may have been answered already")
    if agree:
        current.due_on, current.reminded_on = wanted, local_day(at)
    current.wanted_due_on = None
    current.save(update_fields=["due_on", "wanted_due_on", "reminded_on"])
    kind = UpdateKind.TIME_AGREED if agree else UpdateKind.TIME_REFUSED
    say(current, kind, by=by, at=at, text=reason, due_on=wanted)
    verb = "action.more_time_agreed" if agree else "action.more_time_refused"
    record(verb, by=by, target=current, partner=current.owner, reason=reason, until=wanted.isoformat())
    return current


@transaction.atomic
def cancel_action(
    *, action: Action, reason: str, by: User | None, at: dt.datetime, seen: int | None = None
) -> Action:
    """The asker no longer needs it."""
    current = lock(action, seen)
    end(current, ActionStatus.NOT_NEEDED, reason, at)
    say(current, UpdateKind.NOT_NEEDED, by=by, at=at, text=reason)
    record("action.cancelled", by=by, target=current, partner=current.owner, reason=reason)
    return current
