import datetime as dt

import factory
import pgtrigger

from csp.audit.enums import Kind
from csp.audit.models import Event


class EventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Event

    verb = "report.viewed"
    kind = Kind.CONSULTATION
    reference = factory.Sequence(lambda n: f"SV-R-26-{n:06}")


def event_at(at: dt.datetime, **fields) -> Event:
    """An event of a past moment, which nobody but a test can write."""
    with pgtrigger.ignore("audit.Event:database_clock"):
        return EventFactory(at=at, **fields)
