"""A team with its officer and manager, two agencies invited to its series, and one that is not."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from csp.agencies.enums import Role
from csp.core.calendar import add_working_days, local_day
from csp.core.typed import at_local_time
from tasking.models import Meeting
from tasking.services.meetings import plan_meeting
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.tasking import SeriesFactory

NOW = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
TYPED = {
    "name": "Didcot neighbourhood meeting",
    "kind": "neighbourhood",
    "area": "",
    "chair": "",
    "deputy": "",
    "cadence": "monthly",
    "weekday": "1",
    "week_of_month": "2",
    "first_on": "1 January 2026",
    "begins_at": "10am",
    "minutes_long": "90",
    "venue": "Civic Hall",
    "join_link": "",
    "referrals_days": "5",
    "returns_days": "2",
    "papers_days": "1",
    "minutes_days": "3",
    "share_days": "28",
    "confidentiality": "What is said here stays here.",
    "agreement": "",
    "standing": "Modern slavery, 10\nPrevent",
}


class Scene:
    def __init__(self):
        self.team = PartnerFactory(name="Community Safety", receiving=True)
        here = {"partnership": self.team.partnership}
        self.police, self.soha, self.health = (
            PartnerFactory(name=name, **here) for name in ("Police", "Soha", "Health")
        )
        self.officer = user_at(self.team, Role.OFFICER, name="Alex Officer")
        self.manager = user_at(self.team, Role.MANAGER, name="Morgan Manager")
        self.pc = user_at(self.police, name="Pat Constable", email="pat@police.example")
        self.worker = user_at(self.soha, name="Sam Soha", email="sam@soha.example")
        self.nurse = user_at(self.health, name="Nia Nurse", email="nia@health.example")
        self.series = SeriesFactory(lead=self.team, name="Tasking", invite=[self.police, self.soha])
        for partner, person in ((self.police, self.pc), (self.soha, self.worker)):
            self.series.invited.filter(partner=partner).update(person=person)

    def typed(self, **words):
        return TYPED | {f"in_{self.police.pk}": "on", f"who_{self.police.pk}": self.pc.pk} | words

    def planned(self, days=10):
        """A meeting of the series in so many working days, planned by hand."""
        now = timezone.now()
        starts_at = at_local_time(add_working_days(local_day(now), days), dt.time(10))
        return plan_meeting(series=self.series, starts_at=starts_at, by=self.officer, at=now)


def to(meeting: Meeting, name="detail", *more):
    return reverse(f"meetings:{name}", args=[meeting.reference, *more])


def page(client, user, url, status=200):
    client.force_login(user)
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()
