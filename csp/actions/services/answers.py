"""What the agency that is asked can say. One update and one event each."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from csp.actions.enums import ActionStatus, Answer, UpdateKind
from csp.actions.models import Action
from csp.actions.services.evidence import add_files
from csp.actions.services.giving import check_owner, make
from csp.actions.services.restricted import check_named
from csp.actions.services.updates import CannotAnswer, end, lock, must_be_outstanding, say
from csp.agencies.models import Partner, User
from csp.audit.services import record
from csp.core.calendar import local_day


@transaction.atomic
def answer(
    *,
    action: Action,
    answer: str,
    text: str,
    by: User,
    at: dt.datetime,
    until: dt.date | None = None,
    to: Partner | None = None,
    seen: int | None = None,
    files: Sequence[Any] = (),
) -> Action:
    """Any of the answers by its code, with evidence: what a form with the six radios sends."""
    if files:
        add_files(action=action, files=files, by=by, at=at)
    if answer == Answer.MORE_TIME and until is not None:
        return ask_more_time(action=action, until=until, reason=text, by=by, at=at, seen=seen)
    if answer == Answer.TRANSFER and to is not None:
        return transfer(action=action, to=to, reason=text, by=by, at=at, seen=seen)
    plain = {
        Answer.PROGRESS: start,
        Answer.COMPLETE: complete,
        Answer.NOT_NEEDED: end_as_not_needed,
        Answer.CANNOT: hand_back,
    }
    if answer not in plain:
        raise CannotAnswer("Say what your agency answers")
    return plain[Answer(answer)](action=action, text=text, by=by, at=at, seen=seen)


@transaction.atomic
def start(*, action: Action, text: str, by: User, at: dt.datetime, seen: int | None = None) -> Action:
    """The agency is on it, or says how far it is."""
    current = lock(action, seen)
    must_be_outstanding(current)
    if current.status == ActionStatus.IN_PROGRESS and not text.strip():
        raise CannotAnswer("This is in progress already. Say what is new")
    if current.status == ActionStatus.OPEN:
        current.move_to(ActionStatus.IN_PROGRESS)
        current.save(update_fields=["status"])
    say(current, UpdateKind.PROGRESS, by=by, at=at, text=text, tell_others=False)
    record("action.started", by=by, target=current, partner=current.lead)
    return current


@transaction.atomic
def complete(*, action: Action, text: str, by: User, at: dt.datetime, seen: int | None = None) -> Action:
    current = lock(action, seen)
    if not text.strip():
        raise CannotAnswer("Say what was done and what came of it")
    end(current, ActionStatus.COMPLETE, text, at)
    say(current, UpdateKind.COMPLETE, by=by, at=at, text=text)
    record("action.completed", by=by, target=current, partner=current.lead)
    return current


@transaction.atomic
def end_as_not_needed(
    *, action: Action, text: str, by: User, at: dt.datetime, seen: int | None = None
) -> Action:
    current = lock(action, seen)
    end(current, ActionStatus.NOT_NEEDED, text, at)
    say(current, UpdateKind.NOT_NEEDED, by=by, at=at, text=text)
    record("action.ended", by=by, target=current, partner=current.lead, reason=text)
    return current


@transaction.atomic
def ask_more_time(
    *, action: Action, until: dt.date, reason: str, by: User, at: dt.datetime, seen: int | None = None
) -> Action:
    """The date stays as it is until the asker agrees."""
    current = lock(action, seen)
    must_be_outstanding(current)
    if current.owner_id == current.lead_id:
        raise CannotAnswer("This is your own action. Change its due date instead")
    if until <= max(current.due_on, local_day(at) - dt.timedelta(days=1)):
        raise CannotAnswer("The new date must be later than the date it is due, and not in the past")
    current.wanted_due_on = until
    current.save(update_fields=["wanted_due_on"])
    say(current, UpdateKind.MORE_TIME, by=by, at=at, text=reason, due_on=until)
    record(
        "action.more_time_requested",
        by=by,
        target=current,
        partner=current.lead,
        reason=reason,
        until=until.isoformat(),
    )
    return current


def hand_back(*, action: Action, text: str, by: User, at: dt.datetime, seen: int | None = None) -> Action:
    """The agency cannot do it: the asker has it again, to do, to give to somebody else, or to let go."""
    if action.owner_id == action.lead_id:
        raise CannotAnswer("This is your own action. Say that it is no longer needed, or who should do it")
    return transfer(
        action=action, to=action.lead, reason=text, by=by, at=at, seen=seen, kind=UpdateKind.HANDED_BACK
    )


@transaction.atomic
def transfer(
    *,
    action: Action,
    to: Partner,
    reason: str,
    by: User,
    at: dt.datetime,
    seen: int | None = None,
    kind: UpdateKind = UpdateKind.TRANSFERRED,
) -> Action:
    """Another partner gets an action of its own in place of this one. Returns the new action."""
    current = lock(action, seen)
    if to.pk == current.owner_id:
        raise CannotAnswer(f"{to} has this already")
    check_owner(current.lead, to, local_day(at))
    check_named(current.target, to, None, local_day(at))
    end(current, ActionStatus.TRANSFERRED, reason, at)
    passed_on = make(
        lead=current.lead,
        owner=to,
        text=current.text,
        due_on=current.due_on,
        asked_by=current.asked_by,
        by=by,
        at=at,
        transferred_from=current,
        target_type=current.target_type,
        target_id=current.target_id,
    )
    say(current, kind, by=by, at=at, text=reason)
    record("action.transferred", by=by, target=current, partner=to, reason=reason, now=passed_on.reference)
    return passed_on
