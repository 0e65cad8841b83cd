import datetime as dt
import json

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from csp.core.calendar import (
    add_months,
    add_working_days,
    bank_holidays,
    end_of_day,
    is_working_day,
    local_day,
    months_beginning_with,
    months_ending_with,
    start_of_day,
    working_days_between,
)

ONE_DAY = dt.timedelta(days=1)

days = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
few_years_of_working_days = st.integers(-800, 800)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (dt.date(2012, 6, 5), "Diamond Jubilee"),
        (dt.date(2020, 5, 8), "early May holiday moved to VE Day"),
        (dt.date(2021, 12, 27), "Christmas Day, a Saturday, made good on Monday"),
        (dt.date(2021, 12, 28), "Boxing Day, a Sunday, made good on Tuesday"),
        (dt.date(2022, 1, 3), "New Year's Day, a Saturday, made good"),
        (dt.date(2022, 6, 2), "spring holiday moved for the jubilee"),
        (dt.date(2022, 6, 3), "Platinum Jubilee"),
        (dt.date(2022, 9, 19), "state funeral"),
        (dt.date(2023, 5, 8), "coronation"),
        (dt.date(2024, 3, 29), "Good Friday"),
        (dt.date(2024, 4, 1), "Easter Monday"),
        (dt.date(2026, 8, 31), "summer"),
    ],
)
def test_working_day_excludes_bank_holidays(day, name):
    assert not is_working_day(day), name


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (dt.date(2020, 5, 4), "the first Monday of May in the year it moved"),
        (dt.date(2022, 5, 30), "the last Monday of May in the year it moved"),
        (dt.date(2024, 1, 2), "a holiday in Scotland only"),
        (dt.date(2024, 3, 18), "a holiday in Northern Ireland only"),
        (dt.date(2024, 12, 24), "Christmas Eve"),
    ],
)
def test_working_day_includes_days_that_only_look_like_holidays(day, name):
    assert is_working_day(day), name


def test_bank_holidays_are_those_the_government_publishes():
    published_file = settings.SHARED_DATA_DIR / "bank-holidays.json"
    if not published_file.exists():
        pytest.skip("needs bank-holidays.json: set SHARED_DATA_DIR to the folder that holds it")
    events = json.loads(published_file.read_text())["england-and-wales"]["events"]
    published = {dt.date.fromisoformat(event["date"]) for event in events}
    years = {day.year for day in published}

    ours = {day for year in years for day in bank_holidays(year) if day.weekday() < 5}

    assert ours == {day for day in published if day.weekday() < 5}


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (dt.date(2026, 7, 3), 1, dt.date(2026, 7, 6)),  # Friday to Monday
        (dt.date(2026, 7, 4), 1, dt.date(2026, 7, 6)),  # what comes in on Saturday counts from Monday
        (dt.date(2026, 7, 4), 0, dt.date(2026, 7, 6)),
        (dt.date(2026, 7, 3), 0, dt.date(2026, 7, 3)),
        (dt.date(2026, 7, 6), -1, dt.date(2026, 7, 3)),
        (dt.date(2026, 7, 5), -1, dt.date(2026, 7, 3)),
        (dt.date(2026, 12, 24), 1, dt.date(2026, 12, 29)),  # Boxing Day is a Saturday
        (dt.date(2024, 3, 28), 1, dt.date(2024, 4, 2)),  # over Easter
        (dt.date(2022, 6, 1), 2, dt.date(2022, 6, 7)),  # over the jubilee
        (dt.date(2025, 12, 31), 1, dt.date(2026, 1, 2)),
    ],
)
def test_add_working_days_passes_over_weekends_and_holidays(day, n, expected):
    assert add_working_days(day, n) == expected


@given(days, few_years_of_working_days)
def test_add_working_days_lands_on_a_working_day(day, n):
    assert is_working_day(add_working_days(day, n))


@given(days, st.integers(1, 800))
def test_add_working_days_is_undone_by_counting(day, n):
    assert working_days_between(day, add_working_days(day, n)) == n


@given(days, few_years_of_working_days, few_years_of_working_days)
def test_add_working_days_in_two_steps_is_one_step(day, n, m):
    day = add_working_days(day, 0)

    assert add_working_days(add_working_days(day, n), m) == add_working_days(day, n + m)


@given(days, st.integers(0, 60))
def test_add_working_days_agrees_with_walking_day_by_day(day, n):
    walked = day
    for _ in range(n):
        walked += ONE_DAY
        while not is_working_day(walked):
            walked += ONE_DAY

    assert n == 0 or add_working_days(day, n) == walked


@given(days, days, days)
def test_working_days_between_adds_up(a, b, c):
    assert working_days_between(a, b) + working_days_between(b, c) == working_days_between(a, c)


@given(days, days)
def test_working_days_between_is_turned_round_by_a_sign(a, b):
    assert working_days_between(a, b) == -working_days_between(b, a)


@given(days, st.integers(0, 100))
def test_working_days_between_agrees_with_walking(start, length):
    following = [start + n * ONE_DAY for n in range(1, length + 1)]

    assert working_days_between(start, start + length * ONE_DAY) == sum(map(is_working_day, following))


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (dt.date(2026, 1, 15), 1, dt.date(2026, 2, 15)),
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2024, 1, 31), 1, dt.date(2024, 2, 29)),
        (dt.date(2026, 11, 30), 3, dt.date(2027, 2, 28)),
        (dt.date(2026, 3, 31), -1, dt.date(2026, 2, 28)),
        (dt.date(2026, 1, 1), -1, dt.date(2025, 12, 1)),
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
    ],
)
def test_add_months_gives_the_corresponding_date(day, n, expected):
    assert add_months(day, n) == expected


@given(days, st.integers(-240, 240))
def test_add_months_keeps_the_day_or_ends_the_month(day, n):
    moved = add_months(day, n)

    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == n
    assert moved.day == day.day or (moved.day < day.day and (moved + ONE_DAY).day == 1)


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (dt.date(2026, 1, 1), 1, dt.date(2026, 1, 31)),
        (dt.date(2026, 1, 15), 1, dt.date(2026, 2, 14)),
        (dt.date(2026, 1, 27), 1, dt.date(2026, 2, 26)),
        (dt.date(2026, 1, 28), 1, dt.date(2026, 2, 27)),
        (dt.date(2026, 1, 29), 1, dt.date(2026, 2, 28)),  # no 29 February in 2026: to the end of the month
        (dt.date(2026, 1, 30), 1, dt.date(2026, 2, 28)),
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2024, 1, 29), 1, dt.date(2024, 2, 28)),  # there is one in 2024: the day before it
        (dt.date(2024, 1, 30), 1, dt.date(2024, 2, 29)),
        (dt.date(2024, 1, 31), 1, dt.date(2024, 2, 29)),
        (dt.date(2026, 8, 31), 6, dt.date(2027, 2, 28)),
        (dt.date(2026, 3, 1), 6, dt.date(2026, 8, 31)),
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
    ],
)
def test_months_beginning_with_ends_the_day_before_the_corresponding_date(day, months, last):
    period = months_beginning_with(day, months)

    assert (period.first, period.last) == (day, last)


@given(days, st.integers(1, 60))
def test_months_beginning_with_never_includes_the_corresponding_date(day, n):
    period = months_beginning_with(day, n)

    assert day in period
    assert add_months(day, n).day != day.day or add_months(day, n) not in period
    assert (n * 28) <= period.days <= (n * 31)


@given(days, st.integers(1, 60))
def test_months_beginning_with_the_first_are_whole_months(day, n):
    period = months_beginning_with(day.replace(day=1), n)

    assert period.last + ONE_DAY == add_months(day.replace(day=1), n)


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (dt.date(2026, 7, 15), dt.date(2026, 1, 16)),
        (dt.date(2026, 8, 31), dt.date(2026, 3, 1)),
        (dt.date(2026, 8, 28), dt.date(2026, 3, 1)),
        (dt.date(2026, 8, 27), dt.date(2026, 2, 28)),
    ],
)
def test_months_ending_with_counts_today(day, first):
    period = months_ending_with(day, 6)

    assert (period.first, period.last) == (first, day)


@given(days)
def test_day_in_london_begins_and_ends_in_that_day(day):
    assert local_day(start_of_day(day)) == day == local_day(end_of_day(day))
    assert local_day(start_of_day(day) - dt.timedelta(microseconds=1)) == day - ONE_DAY
    assert end_of_day(day) + dt.timedelta(microseconds=1) == start_of_day(day + ONE_DAY)


@pytest.mark.parametrize(
    ("day", "hours"), [(dt.date(2026, 3, 29), 23), (dt.date(2026, 10, 25), 25), (dt.date(2026, 7, 1), 24)]
)
def test_day_on_which_the_clocks_change_is_shorter_or_longer(day, hours):
    assert start_of_day(day + ONE_DAY) - start_of_day(day) == dt.timedelta(hours=hours)


def test_local_day_is_the_day_in_london_not_in_utc():
    assert local_day(dt.datetime(2026, 7, 3, 23, 30, tzinfo=dt.UTC)) == dt.date(2026, 7, 4)
    assert local_day(dt.datetime(2026, 1, 3, 23, 30, tzinfo=dt.UTC)) == dt.date(2026, 1, 3)
