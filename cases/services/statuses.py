"""Moving a case along its arrows, and who works on it. Closing and reopening are in `closing`."""

import datetime as dt

from django.db import transaction

from cases.enums import CaseStatus
from cases.models import Case, CaseNamed
from cases.services.cases import lock_case, outstanding_actions
from cases.services.staff import colleagues
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken
from csp.core.text import count

STAGES = (
    CaseStatus.TRIAGE,
    CaseStatus.OPEN,
    CaseStatus.PLAN,
    CaseStatus.ENFORCEMENT,
    CaseStatus.MONITORING,
)
"""What the work moves between. Hold, closing and reopening have ways of their own."""
MOVING = {CaseStatus.NEW, CaseStatus.REOPENED, *STAGES}
NOT_FROM = {
    CaseStatus.ON_HOLD: "{} is on hold. Release it first",
    CaseStatus.PENDING: "{} waits for its closing to be approved. Decide that first",
    CaseStatus.CLOSED: "{} is closed. Reopen it first",
    CaseStatus.CANCELLED: "{} is cancelled. Nothing more can be done to it",
}
HELD = ["status", "held_from", "hold_reason", "hold_until"]


class CannotMove(RuleBroken): ...


class CannotAssign(RuleBroken): ...


def next_stages(case: Case) -> list[CaseStatus]:
    """Where the work can move from here."""
    if case.status not in MOVING:
        return []
    return [stage for stage in STAGES if case.can_move_to(stage)]


@transaction.atomic
def move(*, case: Case, to: str, reason: str, by: User, at: dt.datetime) -> Case:
    """To another stage of the work. Raises `CannotMove`."""
    current = lock_case(case)
    before = current.status
    _refuse_unless(current, MOVING)
    if to not in STAGES:
        raise CannotMove("Choose one of the stages of the work")
    if to != CaseStatus.TRIAGE and current.officer_id is None:
        raise CannotMove(f"Nobody works on {current} yet. Choose an officer first")
    current.move_to(to)
    current.save(update_fields=["status"])
    record("case.moved", by=by, target=current, reason=reason, before=before, after=current.status)
    return current


@transaction.atomic
def hold(*, case: Case, reason: str, until: dt.date, by: User, at: dt.datetime) -> Case:
    current = lock_case(case)
    _refuse_unless(current, MOVING)
    if not reason.strip():
        raise CannotMove("Enter why it is put on hold")
    if until <= local_day(at):
        raise CannotMove("The date to look at it again must be after today")
    before = current.status
    current.move_to(CaseStatus.ON_HOLD)
    current.held_from, current.hold_reason, current.hold_until = before, reason, until
    current.save(update_fields=HELD)
    record("case.held", by=by, target=current, reason=reason, before=before, until=until.isoformat())
    return current


@transaction.atomic
def release(*, case: Case, reason: str, by: User, at: dt.datetime) -> Case:
    """Back to where it was when it was put on hold."""
    current = lock_case(case)
    if current.status != CaseStatus.ON_HOLD:
        raise CannotMove(f"{current} is not on hold any more")
    current.move_to(current.held_from)
    current.held_from, current.hold_reason, current.hold_until = "", "", None
    current.save(update_fields=HELD)
    record("case.released", by=by, target=current, reason=reason, after=current.status)
    return current


@transaction.atomic
def assign(*, case: Case, officer: User, by: User, at: dt.datetime, reason: str = "") -> Case:
    """Give the case to somebody of the partner that leads it. A new case is open from then on."""
    current = lock_case(case)
    _refuse_ended(current)
    if not colleagues(current.lead, local_day(at)).filter(pk=officer.pk).exists():
        raise CannotAssign(f"{officer} does not do casework for {current.lead}. Choose somebody who does")
    named = CaseNamed.objects.current().filter(case=current, user=officer)
    if current.restricted and not named.exists():
        raise CannotAssign(f"{current} is restricted and {officer} is not named on it. Name them first")
    if current.officer_id == officer.pk:
        raise CannotAssign(f"{officer} works on {current} already")
    before = current.officer_id
    current.officer = officer
    if current.status in (CaseStatus.NEW, CaseStatus.TRIAGE):
        current.move_to(CaseStatus.OPEN)
    elif current.held_from in (CaseStatus.NEW, CaseStatus.TRIAGE):
        current.held_from = CaseStatus.OPEN
    current.save(update_fields=["officer", "status", "held_from"])
    record("case.assigned", by=by, target=current, reason=reason, officer=officer.pk, before=before)
    return current


def take(*, case: Case, by: User, at: dt.datetime) -> Case:
    """Whoever takes a case works on it from now on."""
    return assign(case=case, officer=by, by=by, at=at)


@transaction.atomic
def cancel(*, case: Case, reason: str, by: User, at: dt.datetime) -> Case:
    """End a case that should not have been one. Raises `CannotMove` while anybody still waits for it."""
    current = lock_case(case)
    _refuse_unless(current, {*MOVING, CaseStatus.ON_HOLD})
    waiting = outstanding_actions(current).count()
    if waiting:
        raise CannotMove(f"{count(waiting, 'action')} of {current} still to do. End or cancel them first")
    if first := current.merged.order_by("reference").first():
        raise CannotMove(f"{first} is merged into {current}. Undo that merge first")
    if current.hand_overs.waiting().exists():
        raise CannotMove(f"{current} is offered to another agency. Withdraw that request first")
    before = current.status
    current.move_to(CaseStatus.CANCELLED)
    current.ended_at = at
    current.held_from, current.hold_reason, current.hold_until = "", "", None
    current.save(update_fields=[*HELD, "ended_at"])
    record("case.cancelled", by=by, target=current, reason=reason, before=before)
    return current


def _refuse_unless(case: Case, allowed: set[CaseStatus]) -> None:
    if case.status not in allowed:
        raise CannotMove(NOT_FROM[CaseStatus(case.status)].format(case))


def _refuse_ended(case: Case) -> None:
    if not case.is_open:
        raise CannotAssign(f"{case} is {case.get_status_display().lower()}. Nobody works on it any more")
