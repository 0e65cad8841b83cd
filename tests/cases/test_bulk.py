import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from cases.models import Case
from csp.agencies.enums import Role
from csp.agencies.services import sharing
from csp.audit.models import Event
from csp.celery import app as celery_app
from tests.factories.actions import ActionFactory
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import CaseFactory
from tests.factories.casework import CaseNamedFactory

pytestmark = pytest.mark.django_db
ASSIGN, CHASE = "/cases/assign/", "/cases/chase/"
TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "Tenancy", "consent": "given", "by": None}


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def soha(team):
    return PartnerFactory(partnership=team.partnership, name="Soha")


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


def references(*cases):
    return {"case": [case.reference for case in cases]}


def test_chosen_cases_are_looked_over_then_assigned_with_one_event_each(signed_in, team, ann, bob):
    cases = [CaseFactory(lead=team, officer=ann) for _ in range(2)]

    page = signed_in.get(ASSIGN, references(*cases)).content.decode()
    assert all(case.reference in page for case in cases)
    assert set(Case.objects.values_list("officer", flat=True)) == {ann.pk}

    answer = signed_in.post(
        ASSIGN, references(*cases) | {"officer": bob.pk, "reason": "Ann is away"}, follow=True
    )

    assert "2 cases given to Bob Baker" in answer.content.decode()
    assert set(Case.objects.values_list("officer", flat=True)) == {bob.pk}
    events = Event.objects.filter(verb="case.assigned", actor=ann, reason="Ann is away")
    assert events.count() == 2


def test_cases_can_be_given_to_nobody(signed_in, team, ann):
    case, free = CaseFactory(lead=team, officer=ann), CaseFactory(lead=team)

    page = signed_in.post(ASSIGN, references(case, free) | {"officer": "nobody"}).content.decode()

    case.refresh_from_db()
    assert case.officer is None
    assert f"Nobody has {free.reference} already" in page
    assert Event.objects.get(verb="case.assigned").detail["before"] == ann.pk


def test_what_may_not_be_assigned_is_said_and_left(signed_in, team, soha, ann, bob):
    ours = CaseFactory(lead=team)
    theirs = CaseFactory(lead=soha)
    sharing.share(record=theirs, to_partner=team, level=3, at=timezone.now(), **TERMS)
    ended = CaseFactory(lead=team, status="closed", ended_at=timezone.now())
    hidden = CaseFactory(lead=soha)
    restricted = CaseFactory(lead=team, restricted=True, restricted_because="A colleague")
    CaseNamedFactory(case=restricted, user=ann)

    chosen = references(ours, theirs, ended, hidden, restricted)
    page = signed_in.get(ASSIGN, chosen).content.decode()
    for words in ("Soha leads it", "It is closed"):
        assert words in page
    assert hidden.reference not in page

    done = signed_in.post(ASSIGN, chosen | {"officer": bob.pk}).content.decode()

    assert "Bob Baker is not named on it" in done
    assert list(Case.objects.filter(officer=bob)) == [ours]


def test_a_refused_form_keeps_the_choice(signed_in, team):
    case = CaseFactory(lead=team)

    page = signed_in.post(ASSIGN, references(case) | {"reason": "Ann is away"}).content.decode()

    assert "Choose who shall have them" in page
    assert "Ann is away" in page
    assert f'name="case" value="{case.reference}"' in page


@pytest.mark.parametrize("number", [0, 1, 100, 101])
def test_a_hundred_at_a_time(signed_in, team, number):
    chosen = {"case": [f"SV-C-26-{n:06}" for n in range(number)]}

    page = signed_in.get(ASSIGN, chosen, follow=True).content.decode()

    assert ("Choose one or more cases first" in page) == (number == 0)
    assert ("Choose 100 cases at most" in page) == (number == 101)


def test_a_whole_list_can_be_chosen(signed_in, team):
    high, low = CaseFactory(lead=team, risk=3), CaseFactory(lead=team)

    page = signed_in.get(ASSIGN, {"list": "risk=3"}).content.decode()

    assert high.reference in page
    assert low.reference not in page


def late_action(case, owner, **fields):
    due = {"due_on": timezone.localdate() - dt.timedelta(days=2)}
    return ActionFactory(lead=case.lead, owner=owner, target=case, **due | fields)


def test_chasing_reminds_each_agency_of_what_is_late(
    signed_in, team, soha, ann, django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)
    user_at(soha, Role.AGENCY_LEAD, email="lead@soha.example")
    case, calm = CaseFactory(lead=team), CaseFactory(lead=team)
    late = late_action(case, soha)
    late_action(case, soha, reminded_on=timezone.localdate())
    late_action(calm, soha, due_on=timezone.localdate())
    page = signed_in.get(CHASE, references(case, calm)).content.decode()
    assert late.reference in page
    assert "Reminded on" in page

    with django_capture_on_commit_callbacks(execute=True):
        done = signed_in.post(CHASE, references(case, calm)).content.decode()

    assert "Nothing on it is late" in done
    assert [sent.to for sent in mail.outbox] == [["lead@soha.example"]]
    assert late.reference in mail.outbox[0].body
    event = Event.objects.get(verb="case.chased")
    assert (event.actor, event.reference, event.detail["actions"]) == (ann, case.reference, [late.pk])


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.AGENCY_LEAD, Role.BOARD])
@pytest.mark.parametrize("address", [ASSIGN, CHASE])
def test_bulk_work_is_for_officers_and_managers(client, team, soha, role, address):
    client.force_login(user_at(soha, role))

    assert client.get(address, {"case": "SV-C-26-000001"}).status_code == 403
    assert client.post(address, {"case": "SV-C-26-000001"}).status_code == 403
