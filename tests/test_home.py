import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.enums import Risk
from cases.models import Report
from csp import home
from csp.agencies.enums import Role
from csp.agencies.navigation import Need
from csp.agencies.services import sharing
from tests.factories.agencies import PartnerFactory, UserFactory, user_at
from tests.factories.cases import ReportFactory

pytestmark = pytest.mark.django_db

FRIDAY = dt.datetime(2026, 3, 6, 12, tzinfo=dt.UTC)


def need(title, **more):
    return Need("/", title, **more)


def test_needs_are_grouped_by_when_they_are_due():
    hour, day = dt.timedelta(hours=1), dt.timedelta(days=1)
    needs = [
        need("late", due_at=FRIDAY - day, late=True),
        need("no time"),
        need("tonight", due_at=FRIDAY + 11 * hour),
        need("after midnight", due_at=FRIDAY + 13 * hour),
        need("in a week", due_at=FRIDAY + 7 * day),
        need("next month", due_at=FRIDAY + 30 * day),
    ]

    groups = {group.title: [each.title for each in group.needs] for group in home.grouped(needs, FRIDAY)}

    assert groups == {
        "Today": ["late", "no time", "tonight"],
        "This week": ["after midnight", "in a week"],
        "Later": ["next month"],
    }


def test_no_needs_make_no_groups():
    assert home.grouped([], FRIDAY) == []


@pytest.mark.parametrize(
    ("role", "button"),
    [
        (Role.OFFICER, "Log a report"),
        (Role.MANAGER, "Log a report"),
        (Role.AUDITOR, "Read the audit"),
        (Role.ADMINISTRATOR, "Set up the partnership"),
        (Role.PROVIDER, None),
        (Role.BOARD, None),
    ],
)
def test_each_role_gets_its_own_button(role, button):
    user = user_at(PartnerFactory(receiving=True), role)

    start = home.start_for(user)

    assert (start.label if start else None) == button


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.AGENCY_LEAD])
def test_a_partner_agency_refers_reports(role):
    assert home.start_for(user_at(PartnerFactory(), role)).label == "Refer a report"


@pytest.mark.parametrize("role", Role)
def test_home_opens_for_every_role(client, role):
    client.force_login(user_at(PartnerFactory(receiving=True), role))

    page = client.get("/").content.decode()

    assert "What needs you now" in page
    assert "Nothing needs you now" in page


def test_home_says_what_to_do_without_a_seat(client):
    client.force_login(UserFactory())

    assert "You are not a member of any partnership" in client.get("/").content.decode()


def test_home_lists_what_waits_and_leads_to_it(client):
    report = ReportFactory(risk=Risk.HIGH)
    client.force_login(user_at(report.lead, Role.OFFICER))

    page = client.get("/").content.decode()

    assert reverse("reports:detail", args=[report.reference]) in page
    assert "Late" in page


def test_manager_sees_the_workload_and_others_do_not(client):
    report = ReportFactory()
    officer = user_at(report.lead, Role.OFFICER, name="Alex Officer")
    Report.objects.filter(pk=report.pk).update(officer=officer, claimed_at=timezone.now())
    ReportFactory(lead=report.lead)

    client.force_login(user_at(report.lead, Role.MANAGER))
    page = client.get("/").content.decode()
    client.force_login(officer)
    officers_page = client.get("/").content.decode()

    assert "Reports to decide, by officer" in page
    assert ("Alex Officer" in page, "Nobody yet" in page) == (True, True)
    assert "Reports to decide, by officer" not in officers_page


def test_partner_sees_what_is_shared_with_it_and_nothing_else(client):
    report, other = ReportFactory(), ReportFactory()
    partner = PartnerFactory(partnership=report.partnership)
    sharing.share(
        record=report,
        to_partner=partner,
        level=2,
        gateway="cda_115",
        purpose="Joint visit",
        necessity="Needed",
        consent="given",
        by=None,
        at=timezone.now(),
    )
    client.force_login(user_at(partner))

    page = client.get("/").content.decode()

    assert ("Joint visit" in page, report.reference in page, other.reference in page) == (True, True, False)


@pytest.mark.parametrize("count", [1, 3])
def test_home_query_count(client, count, django_assert_max_num_queries):
    lead = PartnerFactory(receiving=True)
    ReportFactory.create_batch(count, lead=lead, risk=Risk.HIGH)
    client.force_login(user_at(lead, Role.MANAGER))

    with django_assert_max_num_queries(16):
        client.get("/")
