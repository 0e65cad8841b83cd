"""Cases of housing providers, as their regulator counts them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from cases.enums import LinkRole, ReportStatus
from cases.models import CasePerson
from csp.agencies.enums import AgencyKind, Role
from csp.agencies.measures import find_measure
from csp.core.calendar import Period
from performance.services.housing import for_every_1000_homes
from tests.factories.agencies import AgencyFactory, PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, PersonFactory, ReportFactory

pytestmark = pytest.mark.django_db
PAGE = reverse("performance:housing_count")
YEAR = Period.named("2025-26")
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def autumn(time_machine):
    time_machine.move_to(dt.datetime(2026, 10, 5, 9, tzinfo=dt.UTC), tick=False)


@pytest.fixture
def soha(team):
    agency = AgencyFactory(kind=AgencyKind.REGISTERED_PROVIDER)
    return PartnerFactory(partnership=team.partnership, name="Soha", agency=agency)


@pytest.fixture
def officer(client, team):
    client.force_login(user_at(team, Role.OFFICER))
    return client


def about(person, lead, role=LinkRole.SUBJECT, **fields):
    case = CaseFactory(lead=lead, **fields)
    CasePerson.objects.create(case=case, person=person, role=role, added_at=case.opened_at)
    return case


def counted(team):
    return find_measure("housing-cases").figure(team.partnership, YEAR).number


def test_cases_that_housing_providers_opened_in_the_period(team, soha):
    CaseFactory(lead=soha, opened_at=dt.datetime(2025, 3, 31, 23, 0, tzinfo=dt.UTC))
    CaseFactory(lead=soha, opened_at=dt.datetime(2026, 3, 31, 22, 59, tzinfo=dt.UTC))
    CaseFactory(lead=soha, opened_at=dt.datetime(2026, 3, 31, 23, 0, tzinfo=dt.UTC))
    CaseFactory(lead=team)

    assert counted(team) == 2


def test_a_further_case_about_the_same_person_counts_only_after_the_first_is_closed(team, soha):
    bob = PersonFactory(lead=team)
    first = about(bob, soha)
    about(bob, soha, opened_at=NOON + DAY)
    assert counted(team) == 1

    first.status, first.ended_at = "closed", NOON + DAY
    first.save(update_fields=["status", "ended_at"])
    assert counted(team) == 2


def test_two_cases_of_the_same_moment_count_once(team, soha):
    bob = PersonFactory(lead=team)
    about(bob, soha), about(bob, soha)

    assert counted(team) == 1


def test_the_same_victim_or_the_case_of_another_does_not_make_it_one(team, soha):
    bob = PersonFactory(lead=team)
    other = PartnerFactory(
        partnership=team.partnership, agency=AgencyFactory(kind=AgencyKind.REGISTERED_PROVIDER)
    )
    about(bob, soha), about(bob, other, opened_at=NOON + DAY)
    about(bob, soha, role=LinkRole.VICTIM, opened_at=NOON + DAY)
    kept = about(PersonFactory(lead=team), soha)
    about(bob, soha, merged_into=kept, status="cancelled", ended_at=NOON, opened_at=NOON + DAY)

    assert counted(team) == 4


def test_cases_of_hate_are_counted_by_themselves_too(officer, team, soha):
    hate = CaseFactory(lead=soha)
    CaseFactory(lead=soha)
    for _ in range(2):
        ReportFactory(lead=team, case=hate, status=ReportStatus.CASE_OPENED, hate=True)
    (row,) = officer.get(PAGE, {"period": "2025-26"}).context["rows"]

    assert (row["shown"].number, row["shown"].part) == (2, 1)


def test_a_figure_opens_what_it_counts(officer, team, soha):
    own = CaseFactory(lead=soha)
    page = officer.get(PAGE, {"period": "2025-26"})
    (row,) = page.context["rows"]

    assert officer.get(row["url"]).status_code == 200
    assert own.reference not in officer.get(row["url"]).content.decode()


def test_for_every_1000_homes(officer, soha):
    for _ in range(3):
        CaseFactory(lead=soha)
    page = officer.get(PAGE, {"period": "2025-26", "agency": str(soha.pk), "homes": "7000"})
    text = officer.get(PAGE, {"period": "2025-26", "homes": "7000"}).content.decode()

    assert ">0.4<" in page.content.decode()
    assert "Choose one provider" in text


@pytest.mark.parametrize(
    ("number", "homes", "rate"), [(0, 10, "0.0"), (1, 2000, "0.5"), (1, 20000, "0.1"), (99, 1000, "99.0")]
)
def test_the_rate_is_to_one_decimal(number, homes, rate):
    assert for_every_1000_homes(number, homes) == Decimal(rate)


@pytest.mark.parametrize(
    ("homes", "message"), [("many", "Homes must be a number"), ("0", "Homes must be 1 or more")]
)
def test_homes_that_are_no_number_are_refused_with_what_was_typed(officer, soha, homes, message):
    page = officer.get(PAGE, {"homes": homes}).content.decode()

    assert message in page
    assert f'value="{homes}"' in page


def test_others_read_no_small_number(client, team, soha):
    CaseFactory(lead=soha)
    client.force_login(user_at(team, Role.AUDITOR))
    page = client.get(PAGE, {"period": "2025-26", "agency": str(soha.pk), "homes": "5000"}).content.decode()

    assert "fewer than 5" in page
    assert "not shown" in page


def test_where_no_provider_is_a_partner(officer):
    assert "No housing provider is a partner" in officer.get(PAGE).content.decode()
