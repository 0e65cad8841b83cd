import datetime as dt

import pytest

from csp.audit import seals
from tests.audit.days import days_ago, noon
from tests.factories.audit import EventFactory, event_at


@pytest.fixture
def sealed(db):
    """Three days of three events each, sealed."""
    events = [event_at(noon(days_ago(n)) + dt.timedelta(minutes=m)) for n in (3, 2, 1) for m in range(3)]
    seals.seal_up_to_yesterday()
    EventFactory()
    return events
