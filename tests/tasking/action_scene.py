"""Meetings of one series that gave actions to Soha and to the police."""

import datetime as dt
from types import SimpleNamespace

from django.utils import timezone

from csp.agencies.enums import Role
from tasking.enums import MeetingStatus
from tasking.models import ItemAction
from tests.factories.actions import ActionFactory
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.tasking import AgendaItemFactory, MeetingFactory, SeriesFactory

DAY = dt.timedelta(days=1)


def a_scene():
    """The series met 60 and 30 days ago; the next meeting is in five working days."""
    team = PartnerFactory(receiving=True, name="Community Safety", email="team@demo.example")
    soha = PartnerFactory(partnership=team.partnership, name="Soha", email="soha@demo.example")
    police = PartnerFactory(partnership=team.partnership, name="Thames Valley Police")
    series, now = SeriesFactory(lead=team), timezone.now()
    given = {"series": series, "invite": [soha, police]}
    first, last = (
        MeetingFactory(**given, status=MeetingStatus.APPROVED, starts_at=now - n * DAY) for n in (60, 30)
    )
    return SimpleNamespace(
        team=team,
        soha=soha,
        police=police,
        series=series,
        first=first,
        last=last,
        coming=MeetingFactory(**given),
        officer=user_at(team, Role.OFFICER),
        manager=user_at(team, Role.MANAGER),
        housing=user_at(soha, Role.PRACTITIONER),
        housing_lead=user_at(soha, Role.AGENCY_LEAD, email="lead@soha.example"),
        now=now,
        today=timezone.localdate(now),
    )


def give(scene, meeting=None, *, owner=None, due=0, **fields):
    """An action given at the meeting, due so many days from today."""
    meeting = meeting or scene.last
    given = {"lead": scene.team, "owner": owner or scene.soha, "asked_at": meeting.starts_at}
    action = ActionFactory(**given | {"due_on": scene.today + due * DAY} | fields)
    ItemAction.objects.create(item=AgendaItemFactory(meeting=meeting), action=action)
    return action


def done(scene, *, ago, **fields):
    """One that was done so many days ago."""
    ended_at = scene.now - ago * DAY
    return give(scene, status="complete", outcome="Visited", ended_at=ended_at, **fields)
