"""Putting the dates of a series into the calendar, each once, however often that is asked for."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from csp.agencies.models import User
from csp.audit.models import Event
from csp.core.calendar import add_months, bank_holiday_names, is_working_day, local_day, start_of_day
from csp.core.errors import RuleBroken
from csp.core.typed import at_local_time
from csp.core.words import date_words
from tasking.enums import Cadence, MeetingStatus
from tasking.models import Meeting, Series
from tasking.services.dates import TOO_NEAR, PlannedDay, days_of
from tasking.services.meetings import plan_meeting
from tasking.services.series import lock_series

MONTHS_AHEAD = 3
LOOKED_BACK = dt.timedelta(days=100)


class CannotPlan(RuleBroken): ...


@dataclass(frozen=True)
class Proposal:
    """One date of a series: new, or already taken by a meeting that was planned, moved or cancelled."""

    planned: PlannedDay
    starts_at: dt.datetime
    taken_by: Meeting | None

    @property
    def is_new(self) -> bool:
        return self.taken_by is None

    @property
    def moved_off(self) -> str:
        """The name of the bank holiday on which it would have been."""
        usual = self.planned.usual
        return bank_holiday_names(usual.year).get(usual, "") if self.planned.moved else ""


def proposals(series: Series, until: dt.date, at: dt.datetime) -> list[Proposal]:
    """What the series would plan from now to `until`, and what stands in the way."""
    taken = _Taken.of(series, at)
    return list(_proposed(series, until, at, taken))


@transaction.atomic
def plan_ahead(*, series: Series, until: dt.date, by: User | None, at: dt.datetime) -> list[Meeting]:
    """Plan the new dates up to `until`. Asked for twice, or by two at once, each is planned once."""
    current = lock_series(series)
    new = [each for each in proposals(current, until, at) if each.is_new]
    return [plan_meeting(series=current, starts_at=each.starts_at, by=by, at=at) for each in new]


def horizon(at: dt.datetime) -> dt.date:
    """How far ahead dates are planned every night."""
    return add_months(local_day(at), MONTHS_AHEAD)


@transaction.atomic
def plan_one(*, series: Series, starts_at: dt.datetime, by: User, at: dt.datetime) -> Meeting:
    """A meeting on a day of one's own choice. Raises `CannotPlan`."""
    current = lock_series(series)
    day = local_day(starts_at)
    if current.ended_on is not None and day >= current.ended_on:
        raise CannotPlan(f"{current} ends on {date_words(current.ended_on)}: choose an earlier day")
    must_suit(current, starts_at, at)
    return plan_meeting(series=current, starts_at=starts_at, by=by, at=at)


def must_suit(series: Series, starts_at: dt.datetime, at: dt.datetime, but: Meeting | None = None) -> None:
    """To come, on a working day, on which the series does not meet already. Raises `CannotPlan`."""
    day = local_day(starts_at)
    if starts_at <= at:
        raise CannotPlan("Choose a day and time in the future")
    if not is_working_day(day):
        name = bank_holiday_names(day.year).get(day, f"a {day:%A}")
        raise CannotPlan(f"{date_words(day)} is {name}: choose a working day")
    next_day = day + dt.timedelta(days=1)
    same_day = series.meetings.filter(starts_at__gte=start_of_day(day), starts_at__lt=start_of_day(next_day))
    others = same_day.exclude(status=MeetingStatus.CANCELLED).exclude(pk__in=[but.pk] if but else [])
    if (there := others.first()) is not None:
        raise CannotPlan(f"{series} meets on {date_words(day)} already: {there}")


@dataclass(frozen=True)
class _Taken:
    """Meetings by the day for which they were planned, and those to be held by the day they have now."""

    planned_for: dict[dt.date, Meeting]
    held_on: dict[dt.date, Meeting]

    @classmethod
    def of(cls, series: Series, at: dt.datetime) -> "_Taken":
        known = series.meetings.filter(starts_at__gte=at - LOOKED_BACK).order_by("starts_at", "pk")
        meetings = {each.pk: each for each in known}
        return cls(
            planned_for={day: meetings[pk] for pk, day in _first_days(list(meetings)) if pk},
            held_on={each.day: each for each in meetings.values() if each.status != MeetingStatus.CANCELLED},
        )

    def by(self, planned: PlannedDay, cadence: str) -> Meeting | None:
        exact = self.planned_for.get(planned.day) or self.held_on.get(planned.day)
        if exact is not None:
            return exact
        near = dt.timedelta(days=TOO_NEAR[Cadence(cadence)])
        found = (meeting for day, meeting in self.held_on.items() if abs(day - planned.day) <= near)
        return next(found, None)


def _first_days(meetings: list[int]) -> Iterator[tuple[int | None, dt.date]]:
    """What each was planned for, whatever day it has now: a date that was moved or cancelled stays so."""
    events = Event.objects.filter(
        verb="meeting.planned", target_type="tasking.meeting", target_id__in=meetings
    )
    for pk, starts_at in events.values_list("target_id", "detail__starts_at"):
        yield pk, local_day(dt.datetime.fromisoformat(starts_at))


def _proposed(series: Series, until: dt.date, at: dt.datetime, taken: _Taken) -> Iterator[Proposal]:
    for planned in days_of(series, local_day(at), until):
        starts_at = at_local_time(planned.day, series.begins_at)
        if starts_at > at:
            yield Proposal(planned, starts_at, taken.by(planned, series.cadence))


def plan_all_ahead(*, at: dt.datetime) -> int:
    """For every series that runs. Returns how many meetings that made."""
    running = Series.objects.running(local_day(at)).exclude(cadence=Cadence.AD_HOC).order_by("pk")
    return sum(len(plan_ahead(series=each, until=horizon(at), by=None, at=at)) for each in running)
