"""How values are given to an indicator, and when."""

import datetime as dt
from decimal import Decimal

from performance.services import indicators as service
from performance.services.indicators import Given
from performance.services.spans import read_span

NOW = dt.datetime(2024, 6, 3, 9, tzinfo=dt.UTC)
TODAY = dt.date(2024, 6, 3)
MARCH, APRIL = read_span("March 2024", TODAY), read_span("April 2024", TODAY)


def given(value="12", **values):
    values = {"source": "NHS Digital, table 4", "as_of": dt.date(2024, 5, 20)} | values
    return Given(value=None if value is None else Decimal(value), **values)


def add(indicator, period=MARCH, value="12", **values):
    return service.add_value(
        indicator=indicator, period=period, given=given(value, **values), by=None, at=NOW
    )
