"""The demo's figures from outside: made up, but loaded as real ones are."""

import datetime as dt

import pytest

from demo import partner_data, partnerships
from performance.models import Indicator, IndicatorValue, PoliceFile, PoliceIncident
from performance.services.indicator_series import readings

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("today", [dt.date(2026, 11, 21), dt.date(2026, 4, 1), dt.date(2028, 2, 29)])
def test_the_demo_has_months_and_indicators_on_any_day(today):
    now = dt.datetime.combine(today, dt.time(9), tzinfo=dt.UTC)
    here, _ = partnerships.load(today)

    partner_data.load(here, now)

    assert PoliceFile.objects.count() == partner_data.MONTHS
    assert PoliceFile.objects.latest("month").month < today.replace(day=1)
    assert not PoliceIncident.objects.filter(ward=None).exists()
    assert set(PoliceIncident.objects.values_list("crime_type", flat=True)) == set(partner_data.TYPES)
    assert IndicatorValue.objects.exclude(restates=None).count() == 1
    found = readings(list(Indicator.objects.order_by("pk")), here, today, small=True)
    assert all(reading.newest and reading.previous for reading in found if not reading.indicator.measure)
    (counted,) = [reading for reading in found if reading.indicator.measure]
    assert {point.words for point in counted.points} == {"not recorded"}  # no meeting is loaded here


def test_a_month_is_the_same_each_time():
    month = dt.date(2026, 7, 1)

    assert partner_data.street_file(month) == partner_data.street_file(month)
    assert partner_data.street_file(month) != partner_data.street_file(dt.date(2026, 8, 1))
