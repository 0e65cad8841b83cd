"""Reminding agencies: three working days before an action is due, on the day, then every week it is late."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from csp.actions import notifications
from csp.actions.models import AMBER_DAYS, Action
from csp.audit.services import record
from csp.core.calendar import add_working_days, is_working_day

WEEK = dt.timedelta(days=7)


def last_stage(due_on: dt.date, today: dt.date) -> dt.date | None:
    """The day of the latest reminder that is due by today; None while it is too early for any."""
    if today >= due_on:
        return due_on + (today - due_on) // WEEK * WEEK
    amber = add_working_days(due_on, -AMBER_DAYS)
    return amber if today >= amber else None


def ids_to_chase(*, today: dt.date) -> list[int]:
    """Actions whose agency has not heard since the last stage. Nobody is disturbed on days off."""
    if not is_working_day(today):
        return []
    horizon = add_working_days(today, AMBER_DAYS)
    waiting = Action.objects.due_by(horizon).filter(Q(reminded_on=None) | Q(reminded_on__lt=today))
    rows = waiting.order_by("due_on", "pk").values_list("pk", "due_on", "reminded_on")
    return [pk for pk, due_on, reminded_on in rows.iterator() if is_to_remind(due_on, reminded_on, today)]


def is_to_remind(due_on: dt.date, reminded_on: dt.date | None, today: dt.date) -> bool:
    stage = last_stage(due_on, today)
    return stage is not None and (reminded_on is None or reminded_on < stage)


@transaction.atomic
def chase(*, action_id: int, today: dt.date) -> bool:
    """Remind the agency of one action. The stamp and the e-mail go together, so twice is once.

    An e-mail that fails leaves no stamp and is tried again.
    """
    action = (
        Action.objects.select_for_update(of=("self",)).select_related("owner", "person").get(pk=action_id)
    )
    if not action.is_outstanding or not is_to_remind(action.due_on, action.reminded_on, today):
        return False
    if not notifications.due(action, today):
        return False
    action.reminded_on = today
    action.save(update_fields=["reminded_on"])
    record("action.chased", target=action, partner=action.owner, late=action.due_on < today)
    return True
