import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csp.core.calendar import (
    Period,
    calendar_quarter,
    calendar_year,
    financial_quarter,
    financial_year,
    start_of_day,
)

days = st.dates(dt.date(1950, 1, 1), dt.date(2150, 12, 31))
kinds = st.sampled_from([financial_year, financial_quarter, calendar_year, calendar_quarter])


@pytest.mark.parametrize(
    ("kind", "day", "name", "first", "last"),
    [
        (financial_year, dt.date(2022, 3, 31), "2021-22", dt.date(2021, 4, 1), dt.date(2022, 3, 31)),
        (financial_year, dt.date(2022, 4, 1), "2022-23", dt.date(2022, 4, 1), dt.date(2023, 3, 31)),
        (financial_year, dt.date(1999, 4, 1), "1999-00", dt.date(1999, 4, 1), dt.date(2000, 3, 31)),
        (financial_quarter, dt.date(2022, 3, 31), "2021-22 Q4", dt.date(2022, 1, 1), dt.date(2022, 3, 31)),
        (financial_quarter, dt.date(2022, 4, 1), "2022-23 Q1", dt.date(2022, 4, 1), dt.date(2022, 6, 30)),
        (calendar_year, dt.date(2022, 12, 31), "2022", dt.date(2022, 1, 1), dt.date(2022, 12, 31)),
        (calendar_quarter, dt.date(2022, 12, 31), "2022 Q4", dt.date(2022, 10, 1), dt.date(2022, 12, 31)),
        (calendar_quarter, dt.date(2022, 1, 1), "2022 Q1", dt.date(2022, 1, 1), dt.date(2022, 3, 31)),
    ],
)
def test_period_of_a_day_is_the_year_or_quarter_around_it(kind, day, name, first, last):
    period = kind(day)

    assert (str(period), period.first, period.last) == (name, first, last)


@given(kinds, days)
def test_period_of_a_day_holds_it_and_is_that_of_each_of_its_days(kind, day):
    period = kind(day)

    assert day in period
    assert kind(period.first) == kind(period.last) == period
    assert kind(period.first - dt.timedelta(days=1)) != period
    assert kind(period.last + dt.timedelta(days=1)) != period


@given(kinds, days)
def test_period_is_found_again_by_its_name(kind, day):
    period = kind(day)

    assert Period.named(str(period)) == Period.named(str(period).replace(" ", "-")) == period


@pytest.mark.parametrize(
    "name", ["", "22", "2021-2022", "2021-22-Q5", "2021 Q0", "Q4", "2021-22-Q4 and more"]
)
def test_period_named_refuses_what_is_no_period(name):
    with pytest.raises(ValueError, match=r"is not a period\. Write it like 2021-22"):
        Period.named(name)


def test_period_named_refuses_years_that_do_not_follow():
    with pytest.raises(ValueError, match="2021 is followed by 22"):
        Period.named("2021-23")


@given(kinds, days)
def test_period_back_is_the_same_span_a_year_earlier(kind, day):
    period = kind(day)

    earlier = period.back()

    assert (earlier.first.year, earlier.first.month) == (period.first.year - 1, period.first.month)
    assert kind(earlier.first) == earlier


def test_period_back_of_a_span_without_name_moves_both_ends():
    span = Period(dt.date(2024, 2, 10), dt.date(2024, 2, 29))

    assert span.back(2) == Period(dt.date(2022, 2, 10), dt.date(2022, 2, 28))


def test_period_refuses_to_end_before_it_begins():
    with pytest.raises(ValueError, match="cannot end"):
        Period(dt.date(2026, 1, 2), dt.date(2026, 1, 1))


def test_period_without_name_reads_as_its_days():
    span = Period(dt.date(2026, 1, 2), dt.date(2026, 2, 1))

    assert (str(span), span.days) == ("2 January 2026 to 1 February 2026", 31)


def test_period_moments_run_from_local_midnight_to_local_midnight():
    quarter = financial_quarter(dt.date(2026, 5, 1))

    assert (
        quarter.starts_at == start_of_day(dt.date(2026, 4, 1)) == dt.datetime(2026, 3, 31, 23, tzinfo=dt.UTC)
    )
    assert quarter.ends_at == start_of_day(dt.date(2026, 7, 1))
