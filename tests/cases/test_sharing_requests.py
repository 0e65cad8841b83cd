"""Existence only, and asking for access."""

import pytest
from django.core import mail
from django.utils import timezone

from cases.models import AccessRequest, Case
from csp.agencies.access import level_for
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.navigation import needs
from csp.audit.models import Event
from tests.cases.test_sharing import address, form, share, workers  # noqa: F401 -- a fixture
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import CaseFactory, ReportFactory
from tests.factories.casework import CaseNamedFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return CaseFactory(title="Operation Kestrel", summary="Pigeons")


@pytest.fixture
def soha(case):
    return PartnerFactory(partnership=case.partnership, name="Soha", email="box@soha.example")


@pytest.fixture
def person(case, soha, client):
    """Of an agency that may know of the case."""
    share(case, soha, ShareLevel.EXISTENCE)
    user = user_at(soha)
    client.force_login(user)
    return user


def ask(client, case, **changed):
    return client.post(address("access_ask", case), {"level": "3", "why": "We hold the tenancy"} | changed)


def test_existence_page_shows_the_reference_and_the_lead_and_nothing_else(case, person, client):
    page = client.get(case.get_absolute_url())

    text = page.content.decode()
    assert page.status_code == 200
    assert case.reference in text
    assert str(case.lead) in text
    assert "You can ask for access" in text
    assert "Kestrel" not in text
    assert "Pigeons" not in text
    assert Event.objects.get(verb="case.viewed").detail == {"level": "existence"}
    for name in ("sharing", "share", "timeline", "actions"):
        assert client.get(address(name, case)).status_code == 404


def test_existence_page_of_a_report_of_the_case(case, person, client):
    report = ReportFactory(lead=case.lead, what_happened="Broken panes")
    share(report, person.seats[0].partner, ShareLevel.EXISTENCE)

    page = client.get(report.get_absolute_url())

    assert page.status_code == 200
    assert report.reference in page.content.decode()
    assert "Broken panes" not in page.content.decode()


def test_stranger_learns_nothing(case, client):
    client.force_login(user_at(PartnerFactory(partnership=case.partnership)))

    assert client.get(case.get_absolute_url()).status_code == 404
    assert client.get(address("access_ask", case)).status_code == 404


def test_request_is_told_to_the_lead_and_waits_once(
    case, soha, person, client, django_capture_on_commit_callbacks
):
    manager = user_at(case.lead, Role.MANAGER)
    with django_capture_on_commit_callbacks(execute=True):
        assert ask(client, case).url == case.get_absolute_url()

    asked = AccessRequest.objects.get()
    assert (asked.partner, asked.level, asked.asked_by) == (soha, ShareLevel.FULL, person)
    assert manager.email in {to for each in mail.outbox for to in each.to}
    assert "tenancy" not in mail.outbox[0].body
    again = ask(client, case, why="Please")
    assert "Soha has asked already" in again.content.decode()
    assert "Please" in again.content.decode()
    assert "waits for an answer" in client.get(case.get_absolute_url()).content.decode()
    titles = [need.title for need in needs(manager, case.partnership, timezone.now())]
    assert f"{case}: Soha asks for access" in titles


def test_lead_grants_through_the_share_form(case, soha, person, client):
    ask(client, case)
    asked = AccessRequest.objects.get()
    client.force_login(user_at(case.lead, Role.OFFICER))
    url = address("share", case) + f"?request={asked.pk}"

    page = client.get(url)
    assert page.context["form"].initial["partner"] == soha.pk
    assert soha.pk in dict(page.context["form"].fields["partner"].choices)
    assert page.context["form"].initial["purpose"] == "We hold the tenancy"

    assert client.post(url, form(soha)).context["seen"] is not None
    client.post(url, form(soha, confirm="1"))
    asked.refresh_from_db()
    assert (asked.status, asked.share) == ("accepted", case.shares.get(ended_at=None))
    assert level_for(person, case) == ShareLevel.FULL
    assert client.get(url).status_code == 404


def test_lead_declines_with_a_reason(case, person, client, django_capture_on_commit_callbacks):
    ask(client, case)
    asked = AccessRequest.objects.get()
    client.force_login(user_at(case.lead, Role.OFFICER))

    empty = client.post(address("access_decline", case, asked.pk), {"answer": ""})
    assert "Enter why you decline" in empty.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address("access_decline", case, asked.pk), {"answer": "Not your tenant"})

    asked.refresh_from_db()
    assert (asked.status, asked.answer) == ("declined", "Not your tenant")
    assert person.email in {to for each in mail.outbox for to in each.to}
    client.force_login(person)
    assert "Not your tenant" in client.get(case.get_absolute_url()).content.decode()


def test_agency_withdraws_and_may_ask_again(case, person, client):
    ask(client, case)
    asked = AccessRequest.objects.get()

    client.post(address("access_withdraw", case, asked.pk))
    assert AccessRequest.objects.get().status == "withdrawn"
    assert ask(client, case).status_code == 302

    client.post(address("access_withdraw", case, asked.pk))
    assert AccessRequest.objects.filter(status="waiting").count() == 1


def test_partner_with_a_summary_asks_for_more_and_not_for_less(case, soha, client):
    share(case, soha, ShareLevel.SUMMARY)
    client.force_login(user_at(soha))

    less = ask(client, case, level="2")
    assert "sees that much already" in less.content.decode()
    assert ask(client, case, level="3").status_code == 302


def test_who_asks_for_a_restricted_case_is_named(case, soha, client):
    share(case, soha)
    officer, person = user_at(case.lead, Role.OFFICER), user_at(soha)
    CaseNamedFactory(case=case, user=officer)
    Case.objects.filter(pk=case.pk).update(restricted=True, restricted_because="Colleague")
    client.force_login(person)
    assert ask(client, case).status_code == 302
    asked = AccessRequest.objects.get()

    client.force_login(officer)
    client.post(address("access_name", case, asked.pk))

    asked.refresh_from_db()
    assert asked.status == "accepted"
    assert Case.objects.visible_to(person).filter(pk=case.pk).exists()


def test_answers_are_for_the_team_that_leads(case, soha, person, client):
    ask(client, case)
    asked = AccessRequest.objects.get()
    police = user_at(PartnerFactory(partnership=case.partnership))

    assert client.post(address("access_decline", case, asked.pk)).status_code == 404
    client.force_login(police)
    assert client.post(address("access_withdraw", case, asked.pk)).status_code == 404
    client.force_login(user_at(case.lead))
    assert client.get(address("access_ask", case)).status_code == 403
    assert client.post(address("access_withdraw", case, asked.pk)).status_code == 403
