"""Clocks: when something is due, when it turns amber, and whether it was done in time.

Nothing here reads the time: the moment is always passed in. `due_at` is the last moment in time and
`amber_at` the first moment of warning, so a clock is late when `at > due_at` and amber when `at >= amber_at`.

Hours are counted exactly. All other units are whole local days: what must be done "within five working days"
may be done until the end of the fifth working day after the day it came in. Months begin with the day itself,
as in Acts.
"""

import datetime as dt
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Self

from django.db.models import TextChoices

from csp.core.calendar import (
    LONDON,
    add_months,
    add_working_days,
    end_of_day,
    local_day,
    months_beginning_with,
    start_of_day,
    working_days_between,
)
from csp.core.errors import RuleBroken

DAYS_A_WEEK = 7


class Unit(TextChoices):
    HOURS = "HOURS", "hours"
    WORKING_DAYS = "WORKING_DAYS", "working days"
    CALENDAR_DAYS = "CALENDAR_DAYS", "days"
    WEEKS = "WEEKS", "weeks"
    MONTHS = "MONTHS", "months"


class ClockState(TextChoices):
    RUNNING = "RUNNING", "In time"
    AMBER = "AMBER", "Due soon"
    LATE = "LATE", "Late"
    PAUSED = "PAUSED", "Paused"
    STOPPED_IN_TIME = "STOPPED_IN_TIME", "Done in time"
    STOPPED_LATE = "STOPPED_LATE", "Done late"


class ClockMisused(RuleBroken):
    """The clock cannot do that now."""


class BreachReasonNeeded(RuleBroken):
    """Whoever finishes late says why, there and then: asked for later, nobody remembers."""


@dataclass(frozen=True)
class Ahead:
    """Warn so long before the due date: `Ahead(1, Unit.WORKING_DAYS)`."""

    amount: int
    unit: Unit


Amber = Fraction | Ahead
THREE_QUARTERS = Fraction(3, 4)


def due_at(start: dt.datetime, amount: int, unit: Unit) -> dt.datetime:
    """The last moment that is still in time."""
    day = local_day(start)
    match unit:
        case Unit.HOURS:
            return start + dt.timedelta(hours=amount)
        case Unit.WORKING_DAYS:
            return end_of_day(add_working_days(day, amount))
        case Unit.MONTHS:
            return end_of_day(months_beginning_with(day, amount).last)
        case Unit.WEEKS:
            return end_of_day(day + dt.timedelta(weeks=amount))
        case _:
            return end_of_day(day + dt.timedelta(days=amount))


def amber_at(start: dt.datetime, due: dt.datetime, unit: Unit, amber: Amber = THREE_QUARTERS) -> dt.datetime:
    """The first moment of warning, never before the start and never after the due moment.

    A share of whole days is rounded down, so that there is always a day of warning: three quarters of one
    working day turns amber when that day begins.
    """
    if isinstance(amber, Ahead):
        moment = _ahead_of(due, amber)
    elif unit == Unit.HOURS:
        moment = start + dt.timedelta(microseconds=int((due - start) // dt.timedelta(microseconds=1) * amber))
    else:
        first, last = local_day(start), local_day(due)
        moment = start_of_day(_move(first, unit, int(_days(first, last, unit) * amber) + 1))
    return max(start, min(moment, due))


def _ahead_of(due: dt.datetime, ahead: Ahead) -> dt.datetime:
    if ahead.unit == Unit.HOURS:
        return due - dt.timedelta(hours=ahead.amount)
    if ahead.unit == Unit.MONTHS:
        return start_of_day(add_months(local_day(due), -ahead.amount))
    days = ahead.amount * DAYS_A_WEEK if ahead.unit == Unit.WEEKS else ahead.amount
    return start_of_day(_move(local_day(due), ahead.unit, -days))


def _days(start: dt.date, end: dt.date, unit: Unit) -> int:
    """Days that count in this unit: working days for a clock in working days, all days for the others."""
    return working_days_between(start, end) if unit == Unit.WORKING_DAYS else (end - start).days


def _move(day: dt.date, unit: Unit, days: int) -> dt.date:
    return add_working_days(day, days) if unit == Unit.WORKING_DAYS else day + dt.timedelta(days=days)


@dataclass(frozen=True)
class Clock:
    """One running or finished limit. Every change makes a new clock; the record keeps the result."""

    started_at: dt.datetime
    due_at: dt.datetime
    amber_at: dt.datetime
    unit: Unit
    paused_at: dt.datetime | None = None
    stopped_at: dt.datetime | None = None

    @classmethod
    def start(cls, at: dt.datetime, amount: int, unit: Unit, amber: Amber = THREE_QUARTERS) -> Self:
        due = due_at(at, amount, unit)
        return cls(at, due, amber_at(at, due, unit, amber), unit)

    @property
    def is_late(self) -> bool:
        """Stopped after it was due."""
        return self.stopped_at is not None and self.stopped_at > self.due_at

    def state(self, at: dt.datetime) -> ClockState:
        if self.stopped_at:
            return ClockState.STOPPED_LATE if self.is_late else ClockState.STOPPED_IN_TIME
        if self.paused_at:
            return ClockState.PAUSED
        if at > self.due_at:
            return ClockState.LATE
        return ClockState.AMBER if at >= self.amber_at else ClockState.RUNNING

    def pause(self, at: dt.datetime) -> Self:
        self._refuse_stopped()
        if self.paused_at:
            raise ClockMisused("The clock is already paused")
        if at < self.started_at:
            raise ClockMisused("The clock cannot be paused before it started")
        return replace(self, paused_at=at)

    def resume(self, at: dt.datetime) -> Self:
        """Run again. What was left when the clock was paused is left now, so a pause never makes a late clock
        good.
        """
        self._refuse_stopped()
        if not self.paused_at:
            raise ClockMisused("The clock is not paused")
        if at < self.paused_at:
            raise ClockMisused("The clock cannot run again before it was paused")
        due = self._later(self.due_at, self.paused_at, at)
        if self.unit == Unit.WORKING_DAYS and self.paused_at > self.due_at:
            # Late on a Saturday and run again on Monday, it is still late.
            due = max(self.due_at, min(due, end_of_day(local_day(at) - dt.timedelta(days=1))))
        amber = self._later(self.amber_at, self.paused_at, at)
        return replace(self, due_at=due, amber_at=min(amber, due), paused_at=None)

    def stop(self, at: dt.datetime) -> Self:
        """Stop for good, whether running or paused."""
        self._refuse_stopped()
        if at < self.started_at:
            raise ClockMisused("The clock cannot be stopped before it started")
        clock = self.resume(at) if self.paused_at else self
        return replace(clock, stopped_at=at)

    def _refuse_stopped(self) -> None:
        if self.stopped_at:
            raise ClockMisused("The clock has already been stopped")

    def _later(self, moment: dt.datetime, paused_at: dt.datetime, at: dt.datetime) -> dt.datetime:
        """Move a moment on by the time paused: exactly in hours, else by the days that count."""
        if self.unit == Unit.HOURS:
            return moment + (at - paused_at)
        paused = _days(local_day(paused_at), local_day(at), self.unit)
        if not paused:
            return moment
        wall = moment.astimezone(LONDON)
        moved = _move(wall.date(), self.unit, paused)
        return dt.datetime.combine(moved, wall.time(), tzinfo=LONDON).astimezone(dt.UTC)
