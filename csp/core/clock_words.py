"""A clock in words: "due in 3 working days", "2 hours late", "paused, 1 day left"."""

import datetime as dt

from csp.core.calendar import local_day, working_days_between
from csp.core.clocks import Clock, ClockState, Unit
from csp.core.text import count

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
HOURS_UP_TO = 2 * DAY  # beyond two days nobody counts in hours


def in_words(clock: Clock, at: dt.datetime) -> str:
    match clock.state(at):
        case ClockState.STOPPED_IN_TIME:
            return "done in time"
        case ClockState.STOPPED_LATE:
            return f"done {_late(clock, clock.stopped_at or at)}"
        case ClockState.PAUSED:
            return f"paused, {_left_when_paused(clock, clock.paused_at or at)}"
        case ClockState.LATE:
            return _late(clock, at)
        case _:
            return _due(clock, at)


def _due(clock: Clock, at: dt.datetime) -> str:
    if clock.unit != Unit.HOURS:
        days = (local_day(clock.due_at) - local_day(at)).days
        if days <= 1:
            return "due tomorrow" if days else "due today"
    return f"due in {_span(clock, at, clock.due_at)}"


def _late(clock: Clock, at: dt.datetime) -> str:
    return f"{_span(clock, clock.due_at, at)} late"


def _left_when_paused(clock: Clock, paused_at: dt.datetime) -> str:
    if paused_at > clock.due_at:
        return _late(clock, paused_at)
    if clock.unit != Unit.HOURS and local_day(paused_at) == local_day(clock.due_at):
        return "on its last day"
    return f"{_span(clock, paused_at, clock.due_at)} left"


def _span(clock: Clock, start: dt.datetime, end: dt.datetime) -> str:
    """How long between two moments, never overstated."""
    first, last = local_day(start), local_day(end)
    match clock.unit:
        case Unit.HOURS:
            return _time(end - start)
        case Unit.WORKING_DAYS:
            return _count(working_days_between(first, last), "working day")
        case _:
            return _count((last - first).days, "day")


def _time(span: dt.timedelta) -> str:
    if span < HOUR:
        return _count(span // MINUTE, "minute")
    if span < HOURS_UP_TO:
        return _count(span // HOUR, "hour")
    return _count(span // DAY, "day")


def _count(n: int, noun: str) -> str:
    return count(n, noun) if n else f"less than 1 {noun}"
