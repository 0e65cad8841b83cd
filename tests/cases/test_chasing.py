import datetime as dt

import pytest
from django.core import mail

from cases import tasks
from cases.models import Report
from cases.services.chasing import chase_triage
from csp.agencies.enums import Role
from csp.audit.models import Event
from tests.cases.together import together
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, ReportFactory

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.mark.django_db
@pytest.mark.parametrize(("after", "told"), [(-SECOND, 0), (0 * SECOND, 0), (SECOND, 1)])
def test_late_triage_is_told_to_the_officer_after_the_due_moment(team, after, told):
    officer = user_at(team, Role.OFFICER)
    report = ReportFactory(lead=team, officer=officer, claimed_at=NOON, what_happened="Secret")

    assert chase_triage(at=report.clock_due_at + after) == told

    assert [message.to for message in mail.outbox] == [[officer.email]] * told
    for message in mail.outbox:
        assert report.reference in message.subject
        assert f"/reports/{report.reference}/" in message.body
        assert "Secret" not in message.body


@pytest.mark.django_db
def test_late_triage_is_told_once(team):
    user_at(team, Role.MANAGER)
    report = ReportFactory(lead=team)
    late = report.clock_due_at + SECOND

    chase_triage(at=late)
    chase_triage(at=late + dt.timedelta(days=1))

    report.refresh_from_db()
    assert (len(mail.outbox), report.chased_at) == (1, late)
    assert Event.objects.get(verb="report.chased").detail == {"told": 1}


@pytest.mark.django_db
def test_one_message_lists_all_that_is_late(team):
    manager = user_at(team, Role.MANAGER)
    reports = [ReportFactory(lead=team) for _ in range(3)]

    chase_triage(at=reports[0].clock_due_at + SECOND)

    (message,) = mail.outbox
    assert (message.to, message.subject) == ([manager.email], "3 reports wait for triage and are late")
    assert all(report.reference in message.body for report in reports)


@pytest.mark.django_db
def test_a_report_nobody_has_or_whose_officer_left_goes_to_the_managers(team):
    managers = {user_at(team, Role.MANAGER).email for _ in range(2)}
    gone = user_at(team, Role.OFFICER, is_active=False)
    report = ReportFactory(lead=team)
    ReportFactory(lead=team, officer=gone, claimed_at=NOON)

    chase_triage(at=report.clock_due_at + SECOND)

    assert sorted(message.to[0] for message in mail.outbox) == sorted([*managers] * 2)


@pytest.mark.django_db
def test_a_partner_without_managers_is_told_at_its_mailbox(team):
    team.email = "safety@demo.example"
    team.save()
    report = ReportFactory(lead=team)

    chase_triage(at=report.clock_due_at + SECOND)

    assert [message.to for message in mail.outbox] == [["safety@demo.example"]]


@pytest.mark.django_db
def test_a_partner_without_anybody_to_tell_is_not_asked_again(team):
    report = ReportFactory(lead=team)
    late = report.clock_due_at + SECOND

    assert (chase_triage(at=late), chase_triage(at=late)) == (1, 0)

    assert mail.outbox == []
    assert Event.objects.get(verb="report.chased").detail == {"told": 0}


@pytest.mark.django_db
def test_a_decided_report_is_not_chased(team):
    user_at(team, Role.MANAGER)
    report = ReportFactory(lead=team, status="advice")

    assert chase_triage(at=report.clock_due_at + SECOND) == 0


@pytest.mark.django_db
def test_the_task_chases_what_is_late_now(team):
    user_at(team, Role.MANAGER)
    ReportFactory(lead=team)

    tasks.chase_triage()
    tasks.send_waiting_contacts()

    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_tell_once(team):
    user_at(team, Role.MANAGER)
    report = ReportFactory(lead=team)
    late = report.clock_due_at + SECOND

    done, _ = together(lambda: chase_triage(at=late), lambda: chase_triage(at=late))

    assert sorted(done) == [0, 1]
    assert len(mail.outbox) == 1
    assert Report.objects.get().chased_at == late
