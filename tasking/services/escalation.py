"""A late action given at a meeting is taken to its agency's lead, and if that does not help to the board.

Once to each. The board reads no casework: the managers of the team that asked for it tell the board.
"""

import datetime as dt
from collections.abc import Collection, Mapping

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from csp.actions.enums import UpdateKind
from csp.actions.models import Action, ActionQuerySet
from csp.actions.services.updates import lock, say
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.calendar import add_working_days, local_day
from csp.core.errors import RuleBroken
from csp.core.words import date_words
from tasking import notifications, tasks
from tasking.enums import EscalationLevel
from tasking.models import Escalation, ItemAction
from tasking.models.escalating import BOARD_AFTER

NOTES = {
    EscalationLevel.AGENCY_LEAD: "Escalated to the agency's lead. {}",
    EscalationLevel.BOARD: "Escalated to the partnership board. {}",
}

Earlier = Mapping[str, Escalation]


class CannotEscalate(RuleBroken): ...


def earlier_of(action: Action) -> dict[str, Escalation]:
    return {each.level: each for each in action.escalations.all()}


def next_level(earlier: Earlier) -> EscalationLevel | None:
    """Where it goes next; None where it has been everywhere."""
    return next((level for level in EscalationLevel if level not in earlier), None)


def board_from(told: Escalation) -> dt.date:
    """The first day on which the board can hear of what its lead was told."""
    return add_working_days(local_day(told.at), BOARD_AFTER)


def why_not(action: Action, earlier: Earlier, today: dt.date) -> str:
    """Why an action given at a meeting cannot go to the next level today; nothing where it can."""
    if not action.is_outstanding:
        return f"{action} is {action.get_status_display().lower()}"
    if action.due_on >= today:
        return f"{action} is not late. It is due on {date_words(action.due_on)}"
    level = next_level(earlier)
    if level is None:
        return f"{action} was escalated to the agency's lead and to the board already"
    if level == EscalationLevel.BOARD:
        first = board_from(earlier[EscalationLevel.AGENCY_LEAD])
        return f"{action} can go to the board from {date_words(first)}" if today < first else ""
    return ""


@transaction.atomic
def escalate(*, action: Action, level: str, reason: str, by: User, at: dt.datetime) -> Escalation:
    """Take it to `level`, which its page offered. Sent twice it goes there once. Raises `CannotEscalate`."""
    current, today = lock(action, None), local_day(at)
    if not ItemAction.objects.filter(action=current).exists():
        raise CannotEscalate(f"{current} was not given at a meeting")
    earlier = earlier_of(current)
    if level in earlier:
        return _again(earlier[level], reason, by)
    problem = why_not(current, earlier, today) or _wrong_level(current, level, earlier, today)
    if problem:
        raise CannotEscalate(problem)
    made = Escalation.objects.create(action=current, level=level, reason=reason, by=by, at=at)
    note = NOTES[EscalationLevel(level)].format(reason)
    say(current, UpdateKind.NOTE, by=by, at=at, text=note, tell_others=False)
    record("action.escalated", by=by, target=current, partner=current.owner, reason=reason, level=level)
    if level == EscalationLevel.AGENCY_LEAD:
        tasks.tell_escalation.delay_on_commit(escalation_id=made.pk)
    return made


def _again(made: Escalation, reason: str, by: User) -> Escalation:
    if (made.by_id, made.reason) == (by.pk, reason):
        return made
    raise CannotEscalate(f"{made} was escalated on {date_words(local_day(made.at))} already")


def _wrong_level(action: Action, level: str, earlier: Earlier, today: dt.date) -> str:
    if level != next_level(earlier):
        return f"{action} goes to the agency's lead first"
    to_lead = level == EscalationLevel.AGENCY_LEAD
    if to_lead and action.restricted and not notifications.leads_of(action, today).exists():
        return f"Nobody who leads {action.owner} is named on the restricted record. Name them there first"
    return ""


@transaction.atomic
def tell_lead(*, escalation_id: int, at: dt.datetime) -> None:
    """Send the e-mail, once. A second worker with the same task waits here and finds it sent."""
    rows = Escalation.objects.select_for_update(of=("self",)).select_related("action__owner", "by")
    made = rows.get(pk=escalation_id)
    if made.told_at is not None or not made.action.is_outstanding:
        return
    if notifications.escalated(made, local_day(at)):
        made.told_at = at
        made.save(update_fields=["told_at"])


def for_the_board(actions: ActionQuerySet, teams: Collection[int], today: dt.date) -> ActionQuerySet:
    """What the managers of these teams tell the board: still late, with `lead_told_at`."""
    told = Escalation.objects.filter(action=OuterRef("pk"))
    to_board = told.filter(level=EscalationLevel.BOARD)
    to_lead = told.filter(level=EscalationLevel.AGENCY_LEAD).values("at")
    found = actions.late(today).filter(Exists(to_board), lead__in=teams)
    return found.annotate(lead_told_at=Subquery(to_lead[:1])).select_related("owner")
