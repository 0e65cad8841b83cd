"""A meeting in session in the demo. `main` runs in a process of its own, as `samples.main` does."""

import datetime as dt
import itertools
import json
import sys

from django.utils import timezone

from csp.agencies.enums import ShareLevel
from csp.agencies.models import Partner, User
from csp.agencies.services import sharing
from tasking.enums import ItemKind, MeetingStatus
from tasking.models import AgendaItem, Meeting
from tasking.services.attendance import accept_statement
from tests.factories.cases import PlaceFactory
from tests.factories.tasking import AgendaItemFactory, MeetingFactory, SeriesFactory

STATEMENT = "What is said at this table stays at this table."
MEETINGS = 14
TERMS = {
    "gateway": "cda_115",
    "purpose": "Tasking",
    "necessity": "They patrol there",
    "consent": "not_needed",
}


def main() -> None:
    """As many as there are journeys: each has its own."""
    first = 900_000 + 10 * Meeting.objects.count()
    json.dump([a_meeting_in_session(first + 10 * n).reference for n in range(MEETINGS)], sys.stdout)


def a_meeting_in_session(first: int) -> Meeting:
    """Bikes for both, Ravine for the police alone, and a closed item for the police; the officer accepted."""
    numbers = itertools.count(first)
    officer = User.objects.get(email="officer@demo.example")
    team = Partner.objects.get(pk=officer.seats[0].partner_id)
    invited = Partner.objects.filter(partnership=team.partnership_id, name__in=["Police", "Soha"])
    partner = {each.name: each for each in invited}
    series = SeriesFactory(
        lead=team, name=f"Tasking in the hall {first}", confidentiality=STATEMENT, invite=partner.values()
    )
    meeting: Meeting = MeetingFactory(
        series=series, status=MeetingStatus.IN_SESSION, invite=partner.values(),
        reference=f"SV-M-26-{next(numbers)}", starts_at=timezone.now() - dt.timedelta(minutes=5),
    )  # fmt: skip
    items = {
        "Bikes on the towpath": ["Soha", "Police"],
        "Gatherings at the ravine": ["Police"],
        "Operation Merganser": ["Police"],
    }
    for place, (title, agencies) in enumerate(items.items(), start=1):
        item: AgendaItem = AgendaItemFactory(
            meeting=meeting, reference=f"SV-I-26-{next(numbers)}", position=place, title=title,
            gist=f"{title}, every night", closed=title.startswith("Operation"), kind=ItemKind.PLACE,
            place=PlaceFactory(lead=team, address=f"{first + place} Canal Road, Didcot"),
        )  # fmt: skip
        for name in agencies:
            sharing.share(
                record=item, to_partner=partner[name], level=ShareLevel.CONTRIBUTE, by=officer,
                at=timezone.now(), **TERMS,
            )  # fmt: skip
        meeting.current_item = meeting.current_item or item
    meeting.save(update_fields=["current_item"])
    accept_statement(meeting=meeting, by=officer, at=timezone.now())
    return meeting
