"""Actions given at a meeting. Their agency is told at once."""

import datetime as dt

from django.db import transaction

from csp.actions.models import Action
from csp.actions.services import give_action
from csp.agencies.models import Partner, User
from csp.core.errors import RuleBroken
from tasking.models import AgendaItem, ItemAction
from tasking.services.item_notes import must_be_written_now
from tasking.services.meetings import lock_meeting, tell_screens


class WordsAlone(RuleBroken):
    """The agency cannot see the item. Whoever gives the action is told so, once."""


@transaction.atomic
def give_at_meeting(
    *,
    item: AgendaItem,
    owner: Partner,
    person: User | None,
    text: str,
    due_on: dt.date,
    by: User,
    at: dt.datetime,
    words_alone: bool = False,
) -> Action:
    """An action for the item, hung on its case where it has one. The same one given twice is given once.

    `words_alone` says that `by` knows the agency gets its words and nothing of the item. Raises `WordsAlone`,
    `CannotNote`, `CannotGive`.
    """
    meeting = lock_meeting(item.meeting)
    must_be_written_now(meeting)
    current = AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    again = _given(current, owner, person, text, due_on)
    if again is not None:
        return again
    if not words_alone and not sees_item(owner, current):
        raise WordsAlone(
            f"{owner} cannot see this item. They get the words of the action and nothing else. "
            "Check that the words can be understood alone and name nobody, then give it again"
        )
    action = give_action(
        lead=current.lead,
        owner=owner,
        person=person,
        text=text,
        due_on=due_on,
        target=current.hangs_on,
        by=by,
        at=at,
    )
    ItemAction.objects.create(item=current, action=action)
    if current.discussed_at is None:
        current.discussed_at = at
        current.save(update_fields=["discussed_at"])
    tell_screens(meeting)
    return action


def _given(
    item: AgendaItem, owner: Partner, person: User | None, text: str, due_on: dt.date
) -> Action | None:
    same = Action.objects.filter(
        given_at__item=item, owner=owner, person=person, text=text, due_on=due_on
    ).outstanding()
    return same.first()


def sees_item(owner: Partner, item: AgendaItem) -> bool:
    """Of a restricted case the people named on it are asked for when the action is given."""
    if item.case is not None and item.case.restricted:
        return True
    return AgendaItem.objects.filter(pk=item.pk).open_to_partner(owner).exists()
