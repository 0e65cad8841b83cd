"""When a series meets: each day a working day, in its rhythm, and within the time the series runs."""

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csp.core.calendar import bank_holidays, is_working_day
from tasking.enums import Cadence, Weekday, WeekOfMonth
from tasking.services.dates import PlannedDay, days_of

LAST = dt.date(2099, 12, 31)
APART = {Cadence.WEEKLY: (3, 11), Cadence.FORTNIGHTLY: (10, 18), Cadence.MONTHLY: (21, 40)}


@dataclass(frozen=True)
class Rhythm:
    cadence: str = Cadence.MONTHLY
    weekday: int = Weekday.TUESDAY
    week_of_month: int = WeekOfMonth.SECOND
    first_on: dt.date = dt.date(2026, 1, 1)
    ended_on: dt.date | None = None


days = st.dates(dt.date(2015, 1, 1), dt.date(2040, 12, 31))
rhythms = st.builds(
    Rhythm,
    cadence=st.sampled_from(Cadence),
    weekday=st.sampled_from(Weekday),
    week_of_month=st.sampled_from(WeekOfMonth),
    first_on=days,
    ended_on=st.none() | days,
)


def planned(rhythm, until=dt.date(2026, 12, 31), since=dt.date(2026, 1, 1)):
    return [each.day for each in days_of(rhythm, since, until)]


@given(rhythms, days, st.integers(0, 800))
def test_every_day_is_a_working_day_within_the_series_and_the_time_asked_for(rhythm, since, length):
    until = since + dt.timedelta(days=length)

    for each in days_of(rhythm, since, until):
        assert is_working_day(each.day)
        assert since <= each.day <= until
        assert each.day >= rhythm.first_on
        assert rhythm.ended_on is None or each.day < rhythm.ended_on


@given(rhythms)
def test_a_day_moves_on_only_from_a_bank_holiday_and_only_to_the_next_working_day(rhythm):
    for each in days_of(rhythm, rhythm.first_on, rhythm.first_on + dt.timedelta(days=800)):
        assert each.usual.weekday() == rhythm.weekday
        assert each.moved == (each.usual in bank_holidays(each.usual.year))
        between = (each.usual + dt.timedelta(days=n) for n in range((each.day - each.usual).days))
        assert not any(is_working_day(day) for day in between)


@given(rhythms)
def test_days_come_in_order_none_twice_and_rightly_apart(rhythm):
    found = days_of(rhythm, rhythm.first_on, rhythm.first_on + dt.timedelta(days=800))

    least, most = APART.get(rhythm.cadence, (80, 110))
    for one, other in pairwise(found):
        assert least <= (other.day - one.day).days <= most


@given(rhythms, st.integers(0, 800), st.integers(0, 400))
def test_asking_in_two_parts_gives_the_same_days_as_asking_at_once(rhythm, length, part):
    since, until = rhythm.first_on, rhythm.first_on + dt.timedelta(days=length)
    middle = min(since + dt.timedelta(days=part), until)

    parts = days_of(rhythm, since, middle) + days_of(rhythm, middle + dt.timedelta(days=1), until)

    assert parts == days_of(rhythm, since, until)


def test_second_tuesdays_of_2026():
    assert planned(Rhythm(), until=dt.date(2026, 4, 30)) == [
        dt.date(2026, 1, 13),
        dt.date(2026, 2, 10),
        dt.date(2026, 3, 10),
        dt.date(2026, 4, 14),
    ]


def test_last_friday_of_the_month():
    rhythm = Rhythm(weekday=Weekday.FRIDAY, week_of_month=WeekOfMonth.LAST)

    assert planned(rhythm, until=dt.date(2026, 2, 28)) == [dt.date(2026, 1, 30), dt.date(2026, 2, 27)]


def test_first_monday_of_may_is_a_bank_holiday():
    rhythm = Rhythm(weekday=Weekday.MONDAY, week_of_month=WeekOfMonth.FIRST)

    found = days_of(rhythm, dt.date(2026, 5, 1), dt.date(2026, 5, 31))

    assert found == [PlannedDay(day=dt.date(2026, 5, 5), usual=dt.date(2026, 5, 4))]


@pytest.mark.parametrize(
    ("first_on", "first"),
    [(dt.date(2026, 1, 13), dt.date(2026, 1, 13)), (dt.date(2026, 1, 14), dt.date(2026, 2, 10))],
)
def test_the_first_day_counts_itself(first_on, first):
    assert planned(Rhythm(first_on=first_on))[0] == first


def test_quarters_count_from_the_first_meeting():
    rhythm = Rhythm(cadence=Cadence.QUARTERLY, first_on=dt.date(2026, 2, 11))

    assert planned(rhythm) == [
        dt.date(2026, 3, 10),
        dt.date(2026, 6, 9),
        dt.date(2026, 9, 8),
        dt.date(2026, 12, 8),
    ]


def test_fortnights_keep_their_weeks_whenever_they_are_asked_for():
    rhythm = Rhythm(cadence=Cadence.FORTNIGHTLY, first_on=dt.date(2026, 1, 6))

    assert planned(rhythm, since=dt.date(2026, 1, 7), until=dt.date(2026, 2, 10)) == [
        dt.date(2026, 1, 20),
        dt.date(2026, 2, 3),
    ]


@pytest.mark.parametrize(("ended_on", "number"), [(dt.date(2026, 2, 10), 1), (dt.date(2026, 2, 11), 2)])
def test_the_first_day_without_meetings_has_none(ended_on, number):
    assert len(planned(Rhythm(ended_on=ended_on))) == number


def test_meetings_when_needed_have_no_dates():
    assert planned(Rhythm(cadence=Cadence.AD_HOC)) == []
