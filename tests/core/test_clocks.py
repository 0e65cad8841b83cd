import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from csp.core.calendar import LONDON, local_day, working_days_between
from csp.core.clock_words import in_words
from csp.core.clocks import Ahead, Clock, ClockMisused, ClockState, Unit, amber_at, due_at

TICK = dt.timedelta(microseconds=1)
SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)

EARLIEST, LATEST = dt.datetime(2015, 1, 1), dt.datetime(2035, 1, 1)  # noqa: DTZ001 -- hypothesis adds the zone
moments = st.datetimes(EARLIEST, LATEST, timezones=st.just(dt.UTC))
units = st.sampled_from(Unit)
day_units = st.sampled_from([unit for unit in Unit if unit != Unit.HOURS])
amounts = st.integers(1, 60)
shares = st.fractions(0, 1, max_denominator=20)
spans = st.timedeltas(dt.timedelta(0), dt.timedelta(days=60))


def london(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


def clock(start, amount, unit, **more):
    return Clock.start(london(start), amount, unit, **more)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        ("2026-07-03 15:20", 24, Unit.HOURS, "2026-07-04 15:20:00"),
        ("2026-07-03 15:20", 1, Unit.WORKING_DAYS, "2026-07-06 23:59:59.999999"),
        ("2026-07-03 23:30", 1, Unit.WORKING_DAYS, "2026-07-06 23:59:59.999999"),
        ("2026-07-04 00:30", 1, Unit.WORKING_DAYS, "2026-07-06 23:59:59.999999"),
        ("2026-07-03 15:20", 5, Unit.WORKING_DAYS, "2026-07-10 23:59:59.999999"),
        ("2024-03-28 09:00", 1, Unit.WORKING_DAYS, "2024-04-02 23:59:59.999999"),
        ("2026-07-03 15:20", 10, Unit.CALENDAR_DAYS, "2026-07-13 23:59:59.999999"),
        ("2026-07-03 15:20", 6, Unit.WEEKS, "2026-08-14 23:59:59.999999"),
        ("2026-07-03 15:20", 1, Unit.MONTHS, "2026-08-02 23:59:59.999999"),
        ("2026-01-31 15:20", 1, Unit.MONTHS, "2026-02-28 23:59:59.999999"),
    ],
)
def test_due_at_counts_each_unit_its_own_way(start, amount, unit, due):
    assert due_at(london(start), amount, unit) == london(due)


def test_due_at_in_hours_is_not_fooled_by_the_clocks_going_forward():
    start = london("2026-03-28 12:00")

    assert due_at(start.astimezone(dt.UTC), 24, Unit.HOURS) == london("2026-03-29 13:00")


@given(moments, amounts, day_units)
def test_due_at_in_days_is_the_last_moment_of_a_local_day(start, amount, unit):
    due = due_at(start, amount, unit)

    assert local_day(due) == local_day(due + TICK) - DAY
    assert due >= start


@given(moments, amounts, units, st.one_of(shares, st.builds(Ahead, amounts, units)))
def test_amber_at_is_never_outside_the_clock(start, amount, unit, amber):
    due = due_at(start, amount, unit)

    assert start <= amber_at(start, due, unit, amber) <= due


@given(moments, amounts, day_units, st.fractions(0, Fraction(19, 20), max_denominator=20))
def test_amber_at_a_share_of_days_leaves_a_day_of_warning(start, amount, unit, share):
    due = due_at(start, amount, unit)

    assert local_day(amber_at(start, due, unit, share)) <= local_day(due)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "amber", "expected"),
    [
        ("2026-07-03 15:00", 24, Unit.HOURS, Fraction(3, 4), "2026-07-04 09:00"),
        ("2026-07-03 15:00", 24, Unit.HOURS, Ahead(2, Unit.HOURS), "2026-07-04 13:00"),
        ("2026-07-03 15:00", 1, Unit.WORKING_DAYS, Fraction(3, 4), "2026-07-06 00:00"),
        ("2026-07-03 15:00", 5, Unit.WORKING_DAYS, Fraction(3, 4), "2026-07-09 00:00"),
        ("2026-07-03 15:00", 5, Unit.WORKING_DAYS, Ahead(2, Unit.WORKING_DAYS), "2026-07-08 00:00"),
        ("2026-07-03 15:00", 1, Unit.WORKING_DAYS, Ahead(9, Unit.WORKING_DAYS), "2026-07-03 15:00"),
        ("2026-07-03 15:00", 10, Unit.CALENDAR_DAYS, Fraction(3, 4), "2026-07-11 00:00"),
        ("2026-07-03 15:00", 6, Unit.WEEKS, Ahead(1, Unit.WEEKS), "2026-08-07 00:00"),
        ("2026-07-03 15:00", 6, Unit.MONTHS, Ahead(1, Unit.MONTHS), "2026-12-02 00:00"),
        ("2026-07-03 15:00", 6, Unit.WEEKS, Fraction(1), "2026-08-14 23:59:59.999999"),
    ],
)
def test_amber_at_takes_a_share_or_a_time_ahead(start, amount, unit, amber, expected):
    begun = london(start)

    assert amber_at(begun, due_at(begun, amount, unit), unit, amber) == london(expected)


@pytest.mark.parametrize(
    ("offset", "state"),
    [
        (-SECOND, ClockState.RUNNING),
        (-TICK, ClockState.RUNNING),
        (dt.timedelta(0), ClockState.AMBER),
        (SECOND, ClockState.AMBER),
    ],
)
@pytest.mark.parametrize("unit", Unit)
def test_clock_turns_amber_at_the_amber_moment(unit, offset, state):
    running = clock("2026-07-03 15:00", 8, unit)

    assert running.state(running.amber_at + offset) == state


@pytest.mark.parametrize(
    ("offset", "state", "stopped"),
    [
        (-DAY, ClockState.AMBER, ClockState.STOPPED_IN_TIME),
        (-SECOND, ClockState.AMBER, ClockState.STOPPED_IN_TIME),
        (dt.timedelta(0), ClockState.AMBER, ClockState.STOPPED_IN_TIME),
        (TICK, ClockState.LATE, ClockState.STOPPED_LATE),
        (SECOND, ClockState.LATE, ClockState.STOPPED_LATE),
        (DAY, ClockState.LATE, ClockState.STOPPED_LATE),
    ],
)
@pytest.mark.parametrize("unit", Unit)
def test_clock_is_late_just_after_it_was_due(unit, offset, state, stopped):
    running = clock("2026-07-03 15:00", 200, unit)
    at = running.due_at + offset

    assert (running.state(at), running.stop(at).state(at + DAY)) == (state, stopped)


@example(
    dt.datetime(2015, 1, 1, 18, tzinfo=dt.UTC), 30, Unit.HOURS, dt.timedelta(days=2), TICK
)  # late already
@given(moments, amounts, units, spans, spans)
def test_clock_that_pauses_keeps_what_was_left(start, amount, unit, until_pause, pause):
    running = Clock.start(start, amount, unit)
    paused_at = start + until_pause
    at = paused_at + pause

    resumed = running.pause(paused_at).resume(at)

    if unit == Unit.HOURS:
        assert resumed.due_at - at == running.due_at - paused_at
    elif unit == Unit.WORKING_DAYS:
        assume(paused_at <= running.due_at)
        left = working_days_between(local_day(paused_at), local_day(running.due_at))
        assert working_days_between(local_day(at), local_day(resumed.due_at)) == left
    else:
        left = local_day(running.due_at) - local_day(paused_at)
        assert local_day(resumed.due_at) - local_day(at) == left


@given(moments, amounts, units, spans, spans)
def test_clock_that_pauses_stays_in_order(start, amount, unit, until_pause, pause):
    running = Clock.start(start, amount, unit)
    paused_at = start + until_pause

    resumed = running.pause(paused_at).resume(paused_at + pause)

    assert resumed.paused_at is None
    assert resumed.due_at >= running.due_at
    assert resumed.started_at <= resumed.amber_at <= resumed.due_at


@given(moments, amounts, units, spans, spans)
def test_clock_paused_and_stopped_is_as_late_as_when_it_ran_on(start, amount, unit, until_pause, pause):
    paused = Clock.start(start, amount, unit).pause(start + until_pause)
    at = start + until_pause + pause

    assert paused.stop(at).is_late == paused.resume(at).stop(at).is_late


@given(moments, amounts, units, spans, spans)
def test_clock_that_is_late_is_not_made_good_by_a_pause(start, amount, unit, until_pause, pause):
    running = Clock.start(start, amount, unit)
    paused_at = start + until_pause
    assume(paused_at > running.due_at)

    resumed = running.pause(paused_at).resume(paused_at + pause)

    assert resumed.state(paused_at + pause) == ClockState.LATE


def test_clock_late_on_a_saturday_is_still_late_when_it_runs_again_on_monday():
    late = clock("2026-07-03 15:00", 5, Unit.WORKING_DAYS).pause(london("2026-07-11 09:00"))

    resumed = late.resume(london("2026-07-13 09:00"))

    assert resumed.state(london("2026-07-13 09:00")) == ClockState.LATE


def test_clock_pause_within_a_day_does_not_move_a_due_day():
    running = clock("2026-07-03 15:00", 5, Unit.WORKING_DAYS)

    resumed = running.pause(london("2026-07-06 09:00")).resume(london("2026-07-06 17:00"))

    assert resumed == running


def test_clock_pause_over_a_bank_holiday_moves_by_working_days_only():
    running = clock("2024-03-25 15:00", 10, Unit.WORKING_DAYS)

    resumed = running.pause(london("2024-03-28 09:00")).resume(london("2024-04-03 09:00"))

    assert local_day(running.due_at) == dt.date(2024, 4, 10)
    assert local_day(resumed.due_at) == dt.date(2024, 4, 12)


def test_clock_pause_over_the_clocks_going_back_keeps_the_end_of_the_day():
    running = clock("2026-10-20 15:00", 10, Unit.CALENDAR_DAYS)

    resumed = running.pause(london("2026-10-21 09:00")).resume(london("2026-10-28 09:00"))

    assert resumed.due_at == london("2026-11-06 23:59:59.999999")


def test_clock_says_when_it_is_paused():
    paused = clock("2026-07-03 15:00", 5, Unit.WORKING_DAYS).pause(london("2026-07-06 09:00"))

    assert paused.state(london("2027-01-01 09:00")) == ClockState.PAUSED


@pytest.mark.parametrize(
    ("misuse", "message"),
    [
        (lambda c: c.pause(c.started_at - TICK), "cannot be paused before it started"),
        (lambda c: c.stop(c.started_at - TICK), "cannot be stopped before it started"),
        (lambda c: c.resume(c.started_at), "is not paused"),
        (lambda c: c.pause(c.started_at).pause(c.due_at), "is already paused"),
        (lambda c: c.pause(c.due_at).resume(c.started_at), "cannot run again before it was paused"),
        (lambda c: c.pause(c.due_at).stop(c.started_at), "cannot run again before it was paused"),
        (lambda c: c.stop(c.due_at).stop(c.due_at), "has already been stopped"),
        (lambda c: c.stop(c.due_at).pause(c.due_at), "has already been stopped"),
        (lambda c: c.stop(c.due_at).resume(c.due_at), "has already been stopped"),
    ],
)
def test_clock_refuses_what_makes_no_sense(misuse, message):
    with pytest.raises(ClockMisused, match=message):
        misuse(clock("2026-07-03 15:00", 5, Unit.WORKING_DAYS))


@pytest.mark.parametrize(
    ("amount", "unit", "at", "words"),
    [
        (24, Unit.HOURS, "2026-07-03 15:00", "due in 24 hours"),
        (24, Unit.HOURS, "2026-07-04 12:00", "due in 3 hours"),
        (24, Unit.HOURS, "2026-07-04 13:30", "due in 1 hour"),
        (24, Unit.HOURS, "2026-07-04 14:30", "due in 30 minutes"),
        (24, Unit.HOURS, "2026-07-04 14:59:30", "due in less than 1 minute"),
        (24, Unit.HOURS, "2026-07-04 15:00:01", "less than 1 minute late"),
        (24, Unit.HOURS, "2026-07-04 17:59", "2 hours late"),
        (24, Unit.HOURS, "2026-07-09 15:00", "5 days late"),
        (100, Unit.HOURS, "2026-07-03 15:00", "due in 4 days"),
        (5, Unit.WORKING_DAYS, "2026-07-03 15:00", "due in 5 working days"),
        (5, Unit.WORKING_DAYS, "2026-07-04 15:00", "due in 5 working days"),
        (5, Unit.WORKING_DAYS, "2026-07-09 23:59", "due tomorrow"),
        (5, Unit.WORKING_DAYS, "2026-07-10 00:00", "due today"),
        (5, Unit.WORKING_DAYS, "2026-07-10 23:59:59", "due today"),
        (5, Unit.WORKING_DAYS, "2026-07-11 00:00", "less than 1 working day late"),
        (5, Unit.WORKING_DAYS, "2026-07-13 09:00", "1 working day late"),
        (5, Unit.WORKING_DAYS, "2026-07-14 09:00", "2 working days late"),
        (1, Unit.WORKING_DAYS, "2026-07-04 09:00", "due in 1 working day"),
        (2, Unit.WEEKS, "2026-07-10 09:00", "due in 7 days"),
        (1, Unit.MONTHS, "2026-08-03 00:00", "1 day late"),
        (1, Unit.MONTHS, "2031-08-03 00:00", "1,827 days late"),
    ],
)
def test_clock_in_words_says_when_it_is_due_or_how_late_it_is(amount, unit, at, words):
    assert in_words(clock("2026-07-03 15:00", amount, unit), london(at)) == words


@pytest.mark.parametrize(
    ("unit", "paused_at", "words"),
    [
        (Unit.HOURS, "2026-07-03 17:00", "paused, 3 hours left"),
        (Unit.HOURS, "2026-07-03 22:30", "paused, 2 hours late"),
        (Unit.WORKING_DAYS, "2026-07-08 09:00", "paused, 2 working days left"),
        (Unit.WORKING_DAYS, "2026-07-10 09:00", "paused, on its last day"),
        (Unit.WORKING_DAYS, "2026-07-14 09:00", "paused, 2 working days late"),
    ],
)
def test_clock_in_words_says_what_was_left_when_paused(unit, paused_at, words):
    paused = clock("2026-07-03 15:00", 5, unit).pause(london(paused_at))

    assert in_words(paused, london("2027-01-01 09:00")) == words


@pytest.mark.parametrize(
    ("stopped_at", "words"),
    [("2026-07-10 23:59", "done in time"), ("2026-07-13 00:00", "done 1 working day late")],
)
def test_clock_in_words_says_how_it_was_done(stopped_at, words):
    stopped = clock("2026-07-03 15:00", 5, Unit.WORKING_DAYS).stop(london(stopped_at))

    assert in_words(stopped, london("2027-01-01 09:00")) == words
