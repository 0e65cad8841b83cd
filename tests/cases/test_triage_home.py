import datetime as dt

import pytest
from django.utils import timezone

from cases import navigation
from cases.enums import ContactMethod, ContactStatus, Risk
from cases.models import Contact
from csp.agencies.enums import Role
from csp.agencies.navigation import menu
from tests.factories.agencies import AreaFactory, PartnerFactory, user_at
from tests.factories.cases import CategoryFactory, ReportFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER)


def due(now, hours, **fields):
    at = now + dt.timedelta(hours=hours)
    clock = {"clock_started_at": at - dt.timedelta(days=9), "clock_amber_at": at - dt.timedelta(hours=1)}
    return ReportFactory(clock_due_at=at, **clock, **fields)


def titles(source, user, team, now):
    return [need.title for need in source(user, team.partnership, now)]


def test_the_menu_counts_what_waits_up_to_a_hundred(team, ann):
    ReportFactory(lead=team)
    ReportFactory(lead=team, status="advice")
    ReportFactory()

    lines = {line.label: line.count for line in menu(ann, team.partnership, "/")}

    assert (lines["Reports"], lines["Cases"]) == (1, None)


@pytest.mark.parametrize("role", [Role.BOARD, Role.ADMINISTRATOR])
def test_the_menu_shows_reports_and_cases_to_casework_alone(team, role):
    lines = {line.label for line in menu(user_at(team, role), team.partnership, "/")}

    assert not {"Reports", "Cases"} & lines


def test_what_is_mine_and_what_is_pressing_needs_me(team, ann, now):
    kind, area = CategoryFactory(lead=team, label="Noise"), AreaFactory(name="Didcot")
    other = user_at(team, Role.OFFICER)
    mine = due(now, 99, lead=team, officer=ann, claimed_at=now, local_area=area)
    mine.categories.add(kind)
    late = due(now, -1, lead=team)
    high = due(now, 98, lead=team, risk=Risk.HIGH)
    due(now, 97, lead=team)
    due(now, -1, lead=team, officer=other, claimed_at=now)
    due(now, -1)

    needs = {need.title: need for need in navigation.triage_needs(ann, team.partnership, now)}

    assert list(needs) == [
        f"{high} Triage: kind not known",
        f"{late} Triage: kind not known",
        f"{mine} Triage: Noise, Didcot",
    ]
    assert [need.late for need in needs.values()] == [False, True, False]


def test_a_caller_who_waits_to_be_told_needs_me(team, ann, now):
    manager, other = user_at(team, Role.MANAGER), user_at(team, Role.OFFICER)
    report = ReportFactory(lead=team)
    for method, status in (
        (ContactMethod.PHONE, ContactStatus.TO_DO),
        (ContactMethod.LETTER, ContactStatus.TO_DO),
        (ContactMethod.EMAIL, ContactStatus.FAILED),
        (ContactMethod.EMAIL, ContactStatus.SENT),
    ):
        Contact.objects.create(
            partnership=team.partnership,
            report=report,
            method=method,
            status=status,
            subject="S",
            body="B",
            made_by=ann,
            made_at=now,
        )

    assert titles(navigation.contact_needs, ann, team, now) == [
        f"{report}: Phone the caller",
        f"{report}: Post the letter to the caller",
        f"{report}: The e-mail to the caller did not arrive",
    ]
    assert len(titles(navigation.contact_needs, manager, team, now)) == 3
    assert titles(navigation.contact_needs, other, team, now) == []


def test_a_case_review_notice_needs_who_has_the_report(team, ann, now):
    report = ReportFactory(lead=team, officer=ann, claimed_at=now, case_review_notice_due=True)

    assert titles(navigation.notice_needs, ann, team, now) == [f"{report}: Case Review notice due"]
    assert titles(navigation.notice_needs, user_at(team, Role.OFFICER), team, now) == []


@pytest.mark.parametrize(
    "source", [navigation.triage_needs, navigation.contact_needs, navigation.notice_needs]
)
@pytest.mark.parametrize("count", [1, 3])
def test_needs_cost_the_same_however_many(team, ann, now, source, count, django_assert_max_num_queries):
    for _ in range(count):
        report = due(now, -1, lead=team, officer=ann, claimed_at=now, case_review_notice_due=True)
        report.categories.add(CategoryFactory(lead=team))
    assert ann.seats

    with django_assert_max_num_queries(2):
        list(source(ann, team.partnership, now))
