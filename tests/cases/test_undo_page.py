import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.models import Decision
from csp.agencies.enums import Role
from csp.audit.models import Event
from tests.cases.together import together
from tests.cases.triage import decided, referral
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
def soha(team):
    return PartnerFactory(partnership=team.partnership, name="Soha")


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


def test_undo_puts_it_back_and_says_what_could_not_be_taken_back(signed_in, report, team, ann, now):
    decision = decided(report, ann, now, outcome="case_opened", title="Noise")
    decided(waiting(team, now), ann, now, outcome="joined", case=decision.case)
    undo = reverse("reports:undo", args=[report.reference])
    assert "Undo the decision about" in signed_in.get(undo).content.decode()

    answer = signed_in.post(undo, {"reason": "Wrong one"}, follow=True)

    report.refresh_from_db()
    assert report.awaits_triage
    assert "stays open" in answer.content.decode()
    assert Event.objects.get(verb="report.decision_undone").reason == "Wrong one"


def test_undo_wants_a_reason(signed_in, report, ann, now):
    decided(report, ann, now, outcome="advice")

    page = signed_in.post(reverse("reports:undo", args=[report.reference]), {"reason": " "})

    assert "Enter why you undo it" in page.content.decode()


def test_undo_the_day_after_says_why_not(signed_in, report, ann, now):
    decided(report, ann, now, outcome="advice")
    Decision.objects.update(at=now - dt.timedelta(days=1))

    page = signed_in.post(reverse("reports:undo", args=[report.reference]), {"reason": "Wrong"})

    assert "can be undone on the day it was made" in page.content.decode()


@pytest.mark.parametrize(("who", "offered"), [("decider", True), ("manager", True), ("colleague", False)])
def test_the_report_page_offers_undo_to_who_may(client, report, team, ann, bob, now, who, offered):
    decided(report, ann, now, outcome="advice")
    client.force_login({"decider": ann, "colleague": bob}.get(who) or user_at(team, Role.MANAGER))

    page = client.get(reverse("reports:detail", args=[report.reference])).content.decode()

    assert ("Undo this decision" in page) is offered
    assert "Seen before" in page


def test_an_agency_sees_that_it_was_decided_but_not_why(client, report, soha, ann, now):
    decided(report, ann, now, outcome="referred", referral=referral(soha, due_on=dt.date(2040, 1, 1)))
    client.force_login(user_at(soha))

    page = client.get(reverse("reports:detail", args=[report.reference])).content.decode()

    assert "Referred to an agency" in page
    assert "Seen before" not in page
    assert "What the caller was told" not in page


def test_an_undone_decision_stays_in_the_record(signed_in, report, ann, now):
    decided(report, ann, now, outcome="advice")
    signed_in.post(reverse("reports:undo", args=[report.reference]), {"reason": "Wrong one"})

    page = signed_in.get(reverse("reports:detail", args=[report.reference])).content.decode()

    assert "Undone by Ann Archer" in page
    assert "Wrong one" in page


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_their_decision_at_once_one_is_told(report, ann, bob):
    def send(user, words):
        client = Client()
        client.force_login(user)
        given = {"outcome": "not_asb", "reason": words}
        return lambda: client.post(decide_url(report), given)

    answers, _ = together(send(ann, "Ann's words"), send(bob, "Bob's words"))

    decision = Decision.objects.get()
    loser = bob if decision.by == ann else ann
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    page = next(answer for answer in answers if answer.status_code == 200).content.decode()
    assert f"{decision.by} decided this on" in page
    assert f"{loser.name.split()[0]}&#x27;s words" in page
