"""What the callers of a case's reports were told stands among the letters of the case."""

import pytest
from django.urls import reverse

from cases.enums import ContactMethod, ContactStatus
from cases.models import Contact
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from csp.audit.models import Event
from tests.counting import queries_of
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, ReportFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER, name="Ann Archer")


@pytest.fixture
def case(team, ann):
    return CaseFactory(lead=team, officer=ann)


@pytest.fixture
def signed_in(client, ann):
    client.force_login(ann)
    return client


def told(case, lead=None, method=ContactMethod.LETTER, subject="We have opened a case"):
    report = ReportFactory(lead=lead or case.lead, case=case, status="case_opened")
    return Contact.objects.create(
        partnership=report.partnership,
        report=report,
        method=method,
        subject=subject,
        body="Dear Vic Tims",
        address="Vic Tims\n4 Mill Road",
        status=ContactStatus.TO_DO,
        made_at=NOON,
    )


def letters_of(client, case):
    return client.get(reverse("cases:letters", args=[case.reference])).content.decode()


def url(name, case, contact):
    return reverse(f"cases:{name}", args=[case.reference, contact.pk])


def test_letter_to_the_caller_of_a_report_is_read_printed_and_posted_from_the_case(signed_in, case, ann):
    letter = told(case)
    page = letters_of(signed_in, case)
    assert "We have opened a case" in page
    assert f'to the caller of <a class="govuk-link" href="{letter.report.get_absolute_url()}"' in page

    assert signed_in.get(url("letter", case, letter))["Content-Type"] == "application/pdf"
    answer = signed_in.post(url("contact_done", case, letter))

    assert answer.url == reverse("cases:letters", args=[case.reference])
    letter.refresh_from_db()
    assert letter.status == ContactStatus.DONE
    event = Event.objects.get(verb="caller.told")
    assert (event.actor, event.target_id) == (ann, letter.report.pk)


def test_what_tells_of_a_decision_is_not_withdrawn_from_the_case(signed_in, case):
    letter = told(case)
    assert url("contact_withdraw", case, letter) not in letters_of(signed_in, case)

    assert signed_in.post(url("contact_withdraw", case, letter)).status_code == 404


def test_a_message_of_a_report_in_another_case_is_not_found_through_this_one(signed_in, case, team):
    elsewhere = told(CaseFactory(lead=team), subject="Of another case")

    assert "Of another case" not in letters_of(signed_in, case)
    assert signed_in.post(url("contact_done", case, elsewhere)).status_code == 404


def test_what_another_agency_told_its_caller_stays_with_that_agency(signed_in, case, team):
    """The officer reads their report in full. What is said to a caller is between the two."""
    soha = PartnerFactory(partnership=team.partnership, name="Soha")
    letter = told(case, lead=soha)
    sharing.share(
        record=letter.report, to_partner=team, level=ShareLevel.FULL, gateway="cda_115", purpose="Visit",
        necessity="Tenancy", consent="given", by=None, at=NOON,
    )  # fmt: skip

    assert "We have opened a case" not in letters_of(signed_in, case)
    assert signed_in.get(url("letter", case, letter)).status_code == 403


def test_more_messages_cost_no_more_queries(signed_in, case):
    told(case)
    letters_of(signed_in, case)
    one = len(queries_of(lambda: letters_of(signed_in, case)))
    told(case)
    told(case)

    assert len(queries_of(lambda: letters_of(signed_in, case))) == one
