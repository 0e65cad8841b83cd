"""Reminding agencies of their returns: on the day they are due, when they are late, and when the chair asks.

An agency hears once a day at most. Which of them are asked anything follows from what their people may see;
what is restricted to named people makes nobody chase the whole agency.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from csp.actions.models import Action
from csp.agencies.enums import CASEWORK_ROLES
from csp.agencies.models import Membership, Partner, User
from csp.audit.services import record
from csp.core.calendar import add_working_days, is_working_day, local_day
from csp.core.errors import RuleBroken
from tasking import notifications, tasks
from tasking.enums import PREPARED, ItemKind
from tasking.models import AgendaItem, Meeting, MeetingPartner
from tasking.services.meetings import lock_meeting

AT_ONCE = 500


class CannotChase(RuleBroken): ...


def last_stage(due_on: dt.date, today: dt.date) -> dt.date | None:
    """The day of the latest reminder by today: the day it is due, then the first working day it is late."""
    late = add_working_days(due_on, 1)
    return late if today >= late else due_on if today >= due_on else None


def seats_to_chase(*, today: dt.date) -> list[int]:
    """Seats whose return is due and missing. Nobody is disturbed on days off."""
    if not is_working_day(today):
        return []
    waiting = (
        MeetingPartner.objects.missing()
        .filter(Q(chased_on=None) | Q(chased_on__lt=today), meeting__status__in=PREPARED)
        .filter(meeting__returns_due_on__lte=today)
        .order_by("meeting__starts_at", "pk")
    )
    rows = waiting.values_list("pk", "meeting__returns_due_on", "chased_on")[:AT_ONCE]
    return [pk for pk, due_on, chased_on in rows if is_to_chase(due_on, chased_on, today)]


def is_to_chase(due_on: dt.date, chased_on: dt.date | None, today: dt.date) -> bool:
    stage = last_stage(due_on, today)
    return stage is not None and (chased_on is None or chased_on < stage)


@transaction.atomic
def remind(*, seat_id: int, at: dt.datetime) -> bool:
    """The stamp and the e-mail go together, so twice is once."""
    seat = _held(seat_id)
    if seat is None or not seat.meeting.is_prepared or at >= seat.meeting.starts_at:
        return False
    today = local_day(at)
    if not is_to_chase(seat.meeting.returns_due_on, seat.chased_on, today) or not is_asked(seat):
        return False
    to = whom_to_tell(seat, today)
    if not to:
        return False
    seat.chased_on = today
    seat.save(update_fields=["chased_on"])
    record("return.chased", target=seat.meeting, partner=seat.partner, told=len(to))
    notifications.return_missing(seat, to, today)
    return True


@transaction.atomic
def chase_missing(*, meeting: Meeting, by: User, at: dt.datetime) -> list[Partner]:
    """The chair's button: every agency whose return is missing and that was not reminded today.

    Returns those that are told. Raises `CannotChase`.
    """
    current = lock_meeting(meeting)
    if not current.is_prepared:
        raise CannotChase(
            f"{current} is {current.get_status_display().lower()}: there is nothing to chase now"
        )
    today = local_day(at)
    missing = current.invited.select_for_update(of=("self",)).missing()
    seats = [seat for seat in missing.select_related("partner", "person").order_by("pk") if is_asked(seat)]
    if not seats:
        raise CannotChase("No return is missing")
    due = [seat for seat in seats if seat.chased_on != today and whom_to_tell(seat, today)]
    if not due:
        raise CannotChase(
            "Every agency whose return is missing was reminded today already, or has no address"
        )
    for seat in due:
        seat.chased_on = today
        seat.save(update_fields=["chased_on"])
        record("return.chased", by=by, target=current, partner=seat.partner)
        tasks.tell_return_missing.delay_on_commit(seat_id=seat.pk)
    return [seat.partner for seat in due]


def tell_missing(*, seat_id: int, at: dt.datetime) -> None:
    """Send the e-mail of the chair's button, unless the return came meanwhile."""
    seat = _held(seat_id, locked=False)
    if seat is not None and seat.meeting.is_prepared:
        notifications.return_missing(seat, whom_to_tell(seat, local_day(at)), local_day(at))


def _held(seat_id: int, *, locked: bool = True) -> MeetingPartner | None:
    seats = MeetingPartner.objects.missing().select_related("meeting__series", "partner", "person")
    if locked:
        seats = seats.select_for_update(of=("self",), skip_locked=True)
    return seats.filter(pk=seat_id).first()


def is_asked(seat: MeetingPartner) -> bool:
    """Something on the agenda, or an action that is due, waits for the agency as a whole."""
    items = AgendaItem.objects.open_to_partner(seat.partner).filter(meeting=seat.meeting).tabled()
    if items.exclude(kind=ItemKind.STANDING).exists():
        return True
    due = Action.objects.due_by(seat.meeting.day).filter(owner=seat.partner, restricted=False)
    return due.exists()


def whom_to_tell(seat: MeetingPartner, day: dt.date) -> list[str]:
    """Who comes for the agency, while they work there; else its mailbox; else all who do casework there."""
    seats = Membership.objects.current(day).filter(
        partner=seat.partner, user__is_active=True, role__in=CASEWORK_ROLES
    )
    people = dict(seats.values_list("user", "user__email"))
    if seat.person_id in people:
        return [people[seat.person_id]]
    return [seat.partner.email] if seat.partner.email else sorted(set(people.values()))
