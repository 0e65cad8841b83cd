import datetime as dt
from typing import Any

from django.db import transaction

from csp.actions.enums import UpdateKind
from csp.actions.models import Action
from csp.actions.services.restricted import check_named, follow_target
from csp.actions.services.updates import CannotGive, say, works_at
from csp.agencies.enums import ShareLevel
from csp.agencies.models import Partner, User
from csp.agencies.services import sharing
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.references import ACTION, next_reference
from csp.core.words import date_words


@transaction.atomic
def give_action(
    *,
    lead: Partner,
    owner: Partner,
    text: str,
    due_on: dt.date,
    by: User | None,
    at: dt.datetime,
    person: User | None = None,
    target: Any = None,
) -> Action:
    """`lead` asks `owner` to do something about `target`, a record `by` may see. Raises `CannotGive`."""
    today = local_day(at)
    check_owner(lead, owner, today)
    if due_on < today:
        raise CannotGive("The due date must be today or later")
    if person is not None and not works_at(owner, person, today):
        raise CannotGive(f"{person} does not work for {owner}")
    if target is not None and target.partnership_id != lead.partnership_id:
        raise CannotGive(f"{target} belongs to another partnership")
    check_named(target, owner, person, today)
    action = make(
        lead=lead,
        owner=owner,
        text=text,
        due_on=due_on,
        asked_by=by,
        by=by,
        at=at,
        person=person,
        target=target,
    )
    record(
        "action.given",
        by=by,
        target=action,
        partner=owner,
        on=getattr(target, "reference", "") or "",
        due=due_on.isoformat(),
    )
    return action


def check_owner(lead: Partner, owner: Partner, today: dt.date) -> None:
    if owner.partnership_id != lead.partnership_id:
        raise CannotGive(f"{owner} is not in this partnership")
    if owner.left_on and owner.left_on <= today:
        raise CannotGive(f"{owner} left the partnership on {date_words(owner.left_on)}")


def make(*, lead: Partner, by: User | None, at: dt.datetime, **fields: Any) -> Action:
    """The row, its two permission rows and its first update. Both sides may add to it."""
    today = local_day(at)
    action = Action.objects.create(
        reference=next_reference(lead.partnership.code, ACTION, today.year),
        partnership=lead.partnership,
        lead=lead,
        asked_at=at,
        reminded_on=today,
        **fields,
    )
    for partner in {action.lead, action.owner}:
        sharing.grant(record=action, partner=partner, level=ShareLevel.CONTRIBUTE)
    follow_target(action)
    news = action.owner_id != action.lead_id or action.person not in {None, by}
    say(action, UpdateKind.GIVEN, by=by, at=at, due_on=action.due_on, tell_others=news)
    return action
