"""What becomes of a power that was served: extended, appealed, reviewed, ended, withdrawn."""

import datetime as dt

from django.db import transaction

from cases.enums import APPEALABLE, GIVEN_ONCE, InterventionStatus, PowerLimit
from cases.models import Intervention
from cases.services.interventions import (
    LimitsBroken,
    PowerRefused,
    locked,
    note_limits,
    pass_limits,
    refuse_unless,
)
from cases.services.power_limits import Problem
from cases.services.power_rules import power_name
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.words import moment_words

STATUS = InterventionStatus


@transaction.atomic
def extend_power(
    *, power: Intervention, ends_at: dt.datetime, why: str, by: User, at: dt.datetime, reason: str = ""
) -> Intervention:
    """It runs longer. Only before it has run out: what has ended is not brought back."""
    current = locked(power)
    refuse_unless(current, STATUS.IN_FORCE, STATUS.APPEALED)
    if current.kind in GIVEN_ONCE or current.ends_at is None:
        raise PowerRefused("This has no end that could be put off")
    if current.ends_at < at:
        raise PowerRefused(f"It ran out on {moment_words(current.ends_at)}. Add a new one instead")
    if ends_at <= current.ends_at:
        raise PowerRefused("Choose a later end than the one it has", "ends_at")
    before, current.ends_at = current.ends_at, ends_at
    pass_limits(current, at, reason, by, extended_from=before)
    current.save()
    record("power.extended", by=by, target=current.case, reason=why, power=current.pk, ends_at=_iso(ends_at))
    return current


@transaction.atomic
def lodge_appeal(
    *, power: Intervention, appealed_on: dt.date, by: User, at: dt.datetime, reason: str = ""
) -> Intervention:
    """An appeal was lodged. One that came late is kept with what the court said of it."""
    current = locked(power)
    refuse_unless(current, STATUS.IN_FORCE)
    if current.kind not in APPEALABLE:
        raise PowerRefused(f"There is no appeal against a {power_name(current.kind)}")
    if appealed_on > local_day(at):
        raise PowerRefused("It cannot be appealed in the future. Check the date", "appealed_on")
    if current.served_at and appealed_on < local_day(current.served_at):
        raise PowerRefused("It cannot be appealed before it was served. Check the date", "appealed_on")
    late = _late_appeal(current, appealed_on)
    if late and not reason.strip():
        raise LimitsBroken(late)
    note_limits(current, late, reason, by=by, at=at)
    current.move_to(STATUS.APPEALED)
    current.appealed_on = appealed_on
    current.save()
    record("power.appealed", by=by, target=current.case, power=current.pk)
    return current


def _late_appeal(power: Intervention, appealed_on: dt.date) -> list[Problem]:
    if power.appeal_by is None or appealed_on <= power.appeal_by:
        return []
    words = "The time to appeal was over. Say why the court took it all the same"
    return [Problem(PowerLimit.APPEAL, words, "", is_law=True, refuses=False)]


@transaction.atomic
def decide_appeal(
    *, power: Intervention, stands: bool, result: str, on: dt.date, by: User, at: dt.datetime
) -> Intervention:
    """The court decided. Where it quashed the power, that ends it."""
    current = locked(power)
    refuse_unless(current, STATUS.APPEALED)
    _refuse_day(current, on, at)
    current.appeal_result = result
    current.move_to(STATUS.IN_FORCE if stands else STATUS.WITHDRAWN)
    if not stands:
        current.ended_on, current.outcome = on, "Quashed on appeal"
    current.save()
    record("power.appeal_decided", by=by, target=current.case, power=current.pk, stands=stands)
    return current


@transaction.atomic
def review_power(
    *, power: Intervention, found: str, next_on: dt.date | None, by: User, at: dt.datetime
) -> Intervention:
    current = locked(power)
    refuse_unless(current, STATUS.IN_FORCE, STATUS.APPEALED)
    if next_on is not None and next_on <= local_day(at):
        raise PowerRefused("The next review must be after today", "next_on")
    current.review_on = next_on
    current.save(update_fields=["review_on"])
    record("power.reviewed", by=by, target=current.case, reason=found, power=current.pk)
    return current


@transaction.atomic
def end_power(*, power: Intervention, outcome: str, on: dt.date, by: User, at: dt.datetime) -> Intervention:
    """It is over: kept to, replaced, discharged."""
    return _close(power, STATUS.ENDED, "power.ended", outcome, on, by, at)


@transaction.atomic
def withdraw_power(*, power: Intervention, why: str, on: dt.date, by: User, at: dt.datetime) -> Intervention:
    """It was a draft that is not used, or should not have been served."""
    return _close(power, STATUS.WITHDRAWN, "power.withdrawn", why, on, by, at)


def _close(
    power: Intervention, status: str, verb: str, words: str, on: dt.date, by: User, at: dt.datetime
) -> Intervention:
    current = locked(power)
    _refuse_day(current, on, at)
    current.move_to(status)
    current.ended_on, current.outcome = on, words
    current.save()
    record(verb, by=by, target=current.case, power=current.pk, kind=current.kind)
    return current


def _refuse_day(power: Intervention, on: dt.date, at: dt.datetime) -> None:
    if on > local_day(at):
        raise PowerRefused("The day cannot be in the future", "on")
    if power.served_at and on < local_day(power.served_at):
        raise PowerRefused("The day cannot be before it was served", "on")


def _iso(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="minutes")
