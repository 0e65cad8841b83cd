"""A plan with two actions: one that Soha leads, one that the team leads. It is asked about 2026-27 Q2."""

import datetime as dt

import pytest
from django.urls import reverse

from csp.agencies.enums import Role
from csp.core.calendar import Period
from performance.models import Plan, PlanUpdate
from performance.models.plan_quarters import key_of
from performance.services.plan_updates import UpdateDetails, details_of, write_update
from performance.services.plans import prints_of
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.performance import PlanActionFactory, PlanFactory, PriorityFactory

NOW = dt.datetime(2026, 10, 12, 12, tzinfo=dt.UTC)
"""A Monday, eight working days after the quarter."""
ASKED = Period.named("2026-27-Q2")
SAID = {"rating": "on_track", "narrative": "Seventeen of 26 visits were in time.", "value": "17"}


class Scene:
    def __init__(self):
        self.team = PartnerFactory(name="Community Safety", receiving=True)
        here = {"partnership": self.team.partnership}
        self.soha, self.police = (PartnerFactory(name=name, **here) for name in ("Soha", "Police"))
        self.officer = user_at(self.team, Role.OFFICER, name="Alex Officer")
        self.manager = user_at(self.team, Role.MANAGER, name="Morgan Manager")
        self.board = user_at(self.team, Role.BOARD, name="Bev Board")
        self.lead = user_at(self.soha, Role.AGENCY_LEAD, name="Leigh Lead", email="leigh@soha.example")
        self.worker = user_at(self.soha, name="Hari Housing")
        self.pc = user_at(self.police, name="Priya Constable")
        self.provider = user_at(self.soha, Role.PROVIDER, name="Robin Provider")
        self.stranger = user_at(PartnerFactory(receiving=True), Role.OFFICER, name="Wren West")
        self.plan = PlanFactory(name="Community safety plan", **here)
        self.priority = PriorityFactory(plan=self.plan, name="Neighbours")
        self.visits = PlanActionFactory(
            priority=self.priority, ref="1", what="Visit every tenant", position=1
        )
        self.visits.leads.set([self.soha])
        self.visits.measures.create(position=1, text="Visits in time", kind="count", unit="visits", target=30)
        self.patrols = PlanActionFactory(priority=self.priority, ref="2", what="Walk together", position=2)
        self.patrols.leads.set([self.team])
        for action in (self.visits, self.patrols):
            action.refresh_from_db()

    def say(self, action, quarter=ASKED, by=None, at=NOW, **details):
        said = UpdateDetails(**{"rating": "on_track", "narrative": "It goes.", **details})
        there = PlanUpdate.objects.filter(action=action, quarter=quarter.first).first()
        seen = prints_of(details_of(there))
        return write_update(
            action=action, quarter=quarter, details=said, seen=seen, by=by or self.officer, at=at
        )


def to(name, *args):
    return reverse(f"performance:{name}", args=args)


def update_page(action, quarter=ASKED):
    return to("plan_update", action.pk, key_of(quarter))


def page(client, user, url, status=200):
    client.force_login(user)
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def only_plan() -> Plan:
    return Plan.objects.get()


@pytest.fixture
def scene(db):
    return Scene()
