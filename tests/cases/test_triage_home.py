import datetime as dt

import pytest
from django.utils import timezone

from cases import navigation
from cases.enums import ContactKind, ContactMethod, ContactStatus, Risk
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


def message(report, by, now, **fields):
    given = {"method": ContactMethod.PHONE, "status": ContactStatus.TO_DO, "kind": ContactKind.RECEIVED}
    return Contact.objects.create(
        partnership=report.partnership,
        report=report,
        subject="S",
        body="B",
        made_by=by,
        made_at=now,
        **given | fields,
    )


def told(user, team, now):
    found = navigation.told_needs(user, team.partnership, now)
    return [(need.title, need.detail, need.tag) for need in found]


def test_a_caller_who_waits_to_be_told_needs_me_once_for_each_report(team, ann, now):
    manager, other = user_at(team, Role.MANAGER), user_at(team, Role.OFFICER)
    call, mixed, sent = (ReportFactory(lead=team) for _ in range(3))
    message(call, ann, now)
    message(call, ann, now, kind=ContactKind.DECISION)
    message(mixed, ann, now, method=ContactMethod.LETTER)
    message(mixed, ann, now, method=ContactMethod.EMAIL, status=ContactStatus.FAILED)
    message(sent, ann, now, method=ContactMethod.EMAIL, status=ContactStatus.SENT)

    rows = told(ann, team, now)

    assert sorted(rows) == sorted(
        [
            (f"{call}: Phone the caller", "That we received it. What was decided", "Tell the caller"),
            (
                f"{mixed}: Post the letter to the caller. The e-mail to the caller did not arrive",
                "That we received it",
                "Tell the caller",
            ),
        ]
    )
    assert told(manager, team, now) == rows
    assert told(other, team, now) == []


def test_a_case_review_notice_needs_who_has_the_report(team, ann, now):
    report = ReportFactory(lead=team, officer=ann, claimed_at=now, case_review_notice_due=True)

    assert told(ann, team, now) == [(f"{report}: Case Review notice due", "", "Case Review")]
    assert told(user_at(team, Role.OFFICER), team, now) == []


def test_a_notice_stands_in_the_row_of_the_call(team, ann, now):
    report = ReportFactory(lead=team, officer=ann, claimed_at=now, case_review_notice_due=True)
    message(report, ann, now)
    received, notice = ContactKind.RECEIVED.label, ContactKind.CASE_REVIEW.label
    call = f"{report}: Phone the caller"

    assert told(ann, team, now) == [(call, f"{received}. {notice}", "Tell the caller")]
    assert told(user_at(team, Role.MANAGER), team, now) == [(call, received, "Tell the caller")]

    message(report, ann, now, kind=ContactKind.CASE_REVIEW)
    assert told(ann, team, now) == [(call, f"{received}. {notice}", "Tell the caller")]


@pytest.mark.parametrize("source", [navigation.triage_needs, navigation.told_needs])
@pytest.mark.parametrize("count", [1, 3])
def test_needs_cost_the_same_however_many(team, ann, now, source, count, django_assert_max_num_queries):
    for _ in range(count):
        report = due(now, -1, lead=team, officer=ann, claimed_at=now, case_review_notice_due=True)
        report.categories.add(CategoryFactory(lead=team))
        message(report, ann, now)
    assert ann.seats

    with django_assert_max_num_queries(2):
        list(source(ann, team.partnership, now))
