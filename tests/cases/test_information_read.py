import pytest
from django.urls import reverse

from cases import navigation
from cases.models import FurtherInformation
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from csp.audit.models import Event
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, ReportFactory

pytestmark = pytest.mark.django_db
MARK_READ = "reports:information_read"


@pytest.fixture
def report():
    report = ReportFactory()
    FurtherInformation.objects.create(report=report, at=NOON, text="They came back on Sunday")
    return report


@pytest.fixture
def officer(report):
    return user_at(report.lead, Role.OFFICER)


def needs_of(user, report):
    return [need.title for need in navigation.information_needs(user, report.partnership, NOON)]


def test_opening_a_report_leaves_what_was_added_unread(client, report, officer):
    client.force_login(officer)

    page = client.get(report.get_absolute_url())

    assert "I have read this" in page.content.decode()
    assert report.further_information.get().seen_at is None


def test_mark_read_keeps_when_and_records_it(client, report, officer):
    client.force_login(officer)

    answer = client.post(reverse(MARK_READ, args=[report.reference]), follow=True)

    assert "is marked as read" in answer.content.decode()
    assert "I have read this" not in answer.content.decode()
    assert report.further_information.get().seen_at is not None
    event = Event.objects.get(verb="report.information_read")
    assert (event.actor, event.target, event.detail) == (officer, report, {"pieces": 1})


def test_mark_read_of_nothing_new_records_nothing(client, officer):
    report = ReportFactory(lead=officer.seats[0].partner)
    client.force_login(officer)

    client.post(reverse(MARK_READ, args=[report.reference]))

    assert not Event.objects.filter(verb="report.information_read").exists()


def test_mark_read_is_not_for_an_agency_that_follows_the_report(client, report):
    housing = PartnerFactory(partnership=report.partnership)
    sharing.grant(record=report, partner=housing, level=ShareLevel.CONTRIBUTE)
    client.force_login(user_at(housing))

    assert client.post(reverse(MARK_READ, args=[report.reference])).status_code == 403


def test_what_was_added_needs_the_officer_until_it_is_read(report, officer):
    assert needs_of(officer, report) == [f"{report}: Read what was added"]

    report.further_information.update(seen_at=NOON)

    assert needs_of(officer, report) == []


def test_what_was_added_needs_who_has_the_report_and_managers(report, officer):
    report.officer, report.claimed_at = user_at(report.lead, Role.OFFICER), NOON
    report.save()

    assert needs_of(officer, report) == []
    assert needs_of(report.officer, report) == needs_of(user_at(report.lead, Role.MANAGER), report) != []


@pytest.mark.parametrize("count", [1, 3])
def test_needs_cost_the_same_however_many(officer, count, django_assert_num_queries):
    for _ in range(count):
        report = ReportFactory(lead=officer.seats[0].partner)
        FurtherInformation.objects.create(report=report, at=NOON, text="More")

    with django_assert_num_queries(1):
        assert len(needs_of(officer, report)) == count + 1
