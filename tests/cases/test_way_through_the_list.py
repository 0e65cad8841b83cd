import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.enums import Risk
from csp.agencies.enums import Role
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import (
    ReportFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER, name="Ann Archer")


@pytest.fixture
def bob(team):
    return user_at(team, Role.OFFICER, name="Bob Baker")


@pytest.fixture
def signed_in(client, ann):
    client.force_login(ann)
    return client


def waiting(team, now, **fields):
    given = {
        "clock_started_at": now - dt.timedelta(days=1),
        "clock_amber_at": now + dt.timedelta(days=1),
        "clock_due_at": now + dt.timedelta(days=2),
        "received_at": now - dt.timedelta(days=1),
    }
    return ReportFactory(lead=team, **given | fields)


@pytest.fixture
def report(team, now):
    return waiting(team, now)


def decide_url(report, query=""):
    return reverse("reports:decide", args=[report.reference]) + query


def decide(client, report, outcome, query="", **says):
    given = {"outcome": outcome, "reason": "Seen by the wardens"} | says
    answer = client.post(decide_url(report, query), given)
    report.refresh_from_db()
    return answer


def test_deciding_leads_to_the_next_in_the_list(signed_in, team, bob, now):
    first = waiting(team, now, risk=Risk.HIGH)
    claimed = waiting(team, now, risk=Risk.MEDIUM, officer=bob, claimed_at=now)
    last = waiting(team, now)

    answer = decide(signed_in, first, "advice", "?list=tab%3Dwaiting", advice="Talk")
    assert answer["Location"] == f"/reports/{last}/?list=tab%3Dwaiting"

    answer = decide(signed_in, last, "advice", advice="Talk")
    assert answer["Location"] == "/reports/"
    assert claimed.awaits_triage


def test_after_the_last_in_the_list_comes_the_first(signed_in, team, now):
    first, last = waiting(team, now, risk=Risk.HIGH), waiting(team, now)

    answer = decide(signed_in, last, "advice", "?list=risk%3D3", advice="Talk")

    assert answer["Location"] == f"/reports/{first}/?list=risk%3D3"


def test_the_report_page_leads_to_its_neighbours_in_the_list(signed_in, team, now):
    high, medium, standard = (waiting(team, now, risk=risk) for risk in (3, 2, 1))
    address = reverse("reports:detail", args=[medium.reference])

    def show(query=""):
        return " ".join(signed_in.get(f"{address}{query}").content.decode().split())

    page, narrowed = show("?list=tab%3Dwaiting"), show("?list=risk%3D2%26risk%3D1")

    assert f'rel="prev" href="/reports/{high}/?list=tab%3Dwaiting"' in page
    assert f'rel="next" href="/reports/{standard}/?list=tab%3Dwaiting"' in page
    assert 'href="/reports/?tab=waiting"' in page
    assert 'rel="prev"' not in narrowed
    assert f'rel="next" href="/reports/{standard}/' in narrowed
    assert 'rel="next"' not in show()
