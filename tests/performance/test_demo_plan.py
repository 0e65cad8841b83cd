"""The plan of the demo, whatever the day on which it is loaded."""

import datetime as dt

import pytest

from csp.agencies.models import User
from demo import partnerships, plan
from performance.models import PlanAction
from performance.models.plan_quarters import asked_quarter

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", [dt.date(2026, 4, 2), dt.date(2026, 11, 21), dt.date(2029, 3, 31)])
def test_the_demo_has_a_plan_that_runs_with_two_updates_missing_from_soha(day):
    south, _ = partnerships.load(day)
    now = dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)

    made = plan.load(south, now)

    assert made.starts_on < day < made.ends_on
    assert {each.quarter for action in made.actions.all() for each in action.updates.all()} > {
        asked_quarter(south, day).first
    }
    lead = User.objects.get(email="lead@demo.example")
    missing = PlanAction.objects.missing_in(asked_quarter(south, day)).led_by(lead.partner_ids, lead)
    assert list(missing.order_by("position").values_list("ref", flat=True)) == ["2", "5"]
