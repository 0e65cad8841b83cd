"""The periods of the law, on any day."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from cases.models import PowerRule
from cases.services.power_limits import (
    Draft,
    hours_without_christmas,
    last_moment,
    problems,
)
from csp.core.calendar import LONDON, add_months, end_of_day, local_day, start_of_day
from csp.core.clocks import Unit
from tests.cases.power_drafts import DAY, RULES, K, L

DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2060, 12, 31))
TIMED = [rule for rule in RULES if rule.unit in (Unit.MONTHS, Unit.CALENDAR_DAYS)]


@given(DAYS, st.sampled_from(TIMED), st.times())
def test_a_period_begins_with_its_first_day_and_ends_with_its_last(day, rule, time):
    start = dt.datetime.combine(day, time.replace(fold=0), tzinfo=LONDON)

    last = last_moment(start, rule)

    assert last == end_of_day(local_day(last))
    if rule.unit == Unit.CALENDAR_DAYS:
        assert (local_day(last) - day).days == rule.amount - 1
    else:
        corresponding = add_months(day, rule.amount)
        short_month = corresponding.day < day.day
        assert local_day(last) == (corresponding if short_month else corresponding - DAY)


@given(DAYS, st.times(), st.sampled_from([24, 48, 72]))
def test_48_hours_are_48_hours_outside_christmas_day(day, time, hours):
    start = dt.datetime.combine(day, time, tzinfo=dt.UTC)
    end = hours_without_christmas(start, hours)

    christmas = start_of_day(dt.date(local_day(start).year, 12, 25))
    over = start_of_day(dt.date(local_day(start).year, 12, 26))
    inside = max(dt.timedelta(0), min(end, over) - max(start, christmas))
    assert (end - start) - inside == dt.timedelta(hours=hours)


@given(DAYS, st.integers(1, 48), st.integers(-1, 1))
def test_a_change_of_the_law_moves_the_limit_and_nothing_else(day, amount, off):
    rule = PowerRule(kind=K.DISPERSAL, limit=L.LONGEST, amount=amount, unit=Unit.HOURS, source="An Act")
    start = start_of_day(day)
    draft = Draft(
        kind=K.DISPERSAL,
        served_at=start,
        starts_at=start,
        ends_at=start + dt.timedelta(hours=amount, minutes=off),
    )

    assert len(problems(draft, [rule], day)) == (off > 0)
