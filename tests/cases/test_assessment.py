import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.enums import Effect, LinkRole, Risk
from cases.models import TriageStandard
from cases.services import assessment
from cases.services.assessment import risk_from, standards_on
from cases.services.rules import install_default_rules
from csp.core.clocks import Unit
from tests.factories.agencies import PartnerFactory, PartnershipFactory
from tests.factories.cases import (
    CaseFactory,
    CategoryFactory,
    PersonFactory,
    ReportFactory,
    ReportPersonFactory,
)

CALM = {
    "category_risks": [Risk.STANDARD],
    "hate": False,
    "in_danger": False,
    "effect": None,
    "vulnerable": False,
    "repeat": False,
}
FACTS = st.fixed_dictionaries(
    {
        "category_risks": st.lists(st.sampled_from(Risk), max_size=4),
        "hate": st.booleans(),
        "in_danger": st.booleans(),
        "effect": st.none() | st.sampled_from(Effect),
        "vulnerable": st.booleans(),
        "repeat": st.booleans(),
    }
)
WORSE = {
    "category_risks": [Risk.HIGH],
    "hate": True,
    "in_danger": True,
    "effect": Effect.EXTREME,
    "vulnerable": True,
    "repeat": True,
}


@pytest.mark.parametrize(
    ("facts", "risk", "reasons"),
    [
        ({}, Risk.STANDARD, []),
        ({"category_risks": []}, Risk.STANDARD, []),
        ({"category_risks": [1, 2]}, Risk.MEDIUM, ["This kind of behaviour is medium risk"]),
        ({"category_risks": [3, 1]}, Risk.HIGH, ["This kind of behaviour is high risk"]),
        ({"hate": True}, Risk.MEDIUM, ["Motivated by hate"]),
        ({"in_danger": True}, Risk.HIGH, ["Somebody may be in danger"]),
        ({"effect": Effect.MODERATE}, Risk.STANDARD, []),
        ({"effect": Effect.LOT}, Risk.MEDIUM, ["It affects them a lot"]),
        ({"effect": Effect.EXTREME}, Risk.HIGH, ["It affects them extremely"]),
        ({"vulnerable": True}, Risk.MEDIUM, ["Somebody affected is vulnerable"]),
        ({"repeat": True}, Risk.MEDIUM, ["It has happened to them before"]),
        ({"repeat": "3 reports in 3 months"}, Risk.MEDIUM, ["Repeat: 3 reports in 3 months"]),
        (
            {"vulnerable": True, "repeat": True},
            Risk.HIGH,
            ["Somebody affected is vulnerable", "It has happened to them before"],
        ),
        (
            {"hate": True, "vulnerable": True},
            Risk.HIGH,
            ["Motivated by hate", "Somebody affected is vulnerable"],
        ),
    ],
)
def test_risk_from_takes_the_worst_and_says_why(facts, risk, reasons):
    assert risk_from(**CALM | facts) == (risk, reasons)


@given(facts=FACTS, worse=st.sampled_from(sorted(WORSE)))
def test_risk_from_never_falls_when_something_is_worse(facts, worse):
    risk, reasons = risk_from(**facts)

    assert risk_from(**facts | {worse: WORSE[worse]})[0] >= risk
    assert bool(reasons) == (risk > Risk.STANDARD)


@pytest.mark.django_db
def test_standards_on_falls_back_to_what_is_usual():
    standards = standards_on(PartnershipFactory(), dt.date(2026, 3, 4))

    assert {risk: (each.amount, each.unit) for risk, each in standards.items()} == {
        Risk.HIGH: (1, Unit.WORKING_DAYS),
        Risk.MEDIUM: (5, Unit.WORKING_DAYS),
        Risk.STANDARD: (10, Unit.WORKING_DAYS),
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "hours"), [((2026, 3, 31), None), ((2026, 4, 1), 24), ((2026, 6, 30), 24), ((2026, 7, 1), None)]
)
def test_standards_on_uses_the_partnerships_own_from_its_first_day_to_the_day_before_its_end(day, hours):
    partnership = PartnershipFactory()
    TriageStandard.objects.create(
        partnership=partnership,
        risk=Risk.HIGH,
        amount=24,
        unit=Unit.HOURS,
        starts_on=dt.date(2026, 4, 1),
        ends_on=dt.date(2026, 7, 1),
    )

    high = standards_on(partnership, dt.date(*day))[Risk.HIGH]

    assert (high.unit == Unit.HOURS, high.amount) == ((True, 24) if hours else (False, 1))


@pytest.mark.django_db
def test_standards_on_leaves_out_another_partnerships():
    TriageStandard.objects.create(
        partnership=PartnershipFactory(),
        risk=Risk.HIGH,
        amount=9,
        unit=Unit.WEEKS,
        starts_on=dt.date(2026, 1, 1),
    )

    assert standards_on(PartnershipFactory(), dt.date(2026, 3, 4))[Risk.HIGH].amount == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("received", "risk", "due"),
    [
        (
            (2026, 4, 2, 16),
            Risk.HIGH,
            (2026, 4, 7),
        ),  # Maundy Thursday: Good Friday and Easter Monday do not count
        ((2026, 4, 4, 3), Risk.HIGH, (2026, 4, 7)),  # a Saturday
        ((2026, 3, 4, 12), Risk.MEDIUM, (2026, 3, 11)),
        ((2026, 3, 4, 12), Risk.STANDARD, (2026, 3, 18)),
    ],
)
def test_assess_starts_the_clock_in_working_days_when_the_report_came_in(received, risk, due):
    at = dt.datetime(*received, tzinfo=dt.UTC)
    report = ReportFactory(
        received_at=at, clock_started_at=None, clock_due_at=None, clock_amber_at=None, clock_unit=""
    )
    report.categories.add(CategoryFactory(partnership=report.partnership, risk=risk))

    assessment.assess(report=report, at=at + dt.timedelta(hours=5))

    report.refresh_from_db()
    assert (report.clock_started_at, report.clock_due_at.date()) == (at, dt.date(*due))
    assert report.risk == risk


@pytest.mark.django_db
def test_assess_again_keeps_the_start_and_moves_the_due_date_with_the_risk():
    report = ReportFactory(clock_started_at=None, clock_due_at=None, clock_amber_at=None, clock_unit="")
    assessment.assess(report=report, at=report.received_at)
    report.in_danger = True

    assessment.weigh(report=report)

    report.refresh_from_db()
    assert (report.risk, report.clock_started_at) == (Risk.HIGH, report.received_at)
    assert report.clock_due_at.date() == dt.date(2026, 3, 5)


@pytest.mark.django_db
def test_assess_leaves_the_clock_of_a_decided_report_alone():
    report = ReportFactory(status="recorded")
    due = report.clock_due_at
    report.in_danger = True

    assessment.assess(report=report, at=report.received_at)

    report.refresh_from_db()
    assert report.clock_due_at == due


@pytest.mark.django_db
@pytest.mark.parametrize(("danger", "risk"), [(True, Risk.HIGH), (False, Risk.STANDARD)])
def test_assess_again_takes_the_case_of_the_report_along(danger, risk):
    team = PartnerFactory(receiving=True)
    case = CaseFactory(lead=team, risk=Risk.MEDIUM)
    report = ReportFactory(lead=team, status="joined", case=case, risk=Risk.MEDIUM, in_danger=danger)

    assessment.weigh(report=report)

    case.refresh_from_db()
    assert case.risk == risk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "vulnerability", "children", "vulnerable"),
    [
        (LinkRole.COMPLAINANT, ["personal"], False, True),
        (LinkRole.VICTIM, ["situational"], False, True),
        (LinkRole.SUBJECT, ["personal"], False, False),
        (LinkRole.WITNESS, ["personal"], False, False),
        (LinkRole.COMPLAINANT, [], False, False),
        (LinkRole.COMPLAINANT, [], True, True),
    ],
)
def test_assess_finds_vulnerable_people_and_children(role, vulnerability, children, vulnerable):
    report = ReportFactory(children_present=children)
    person = PersonFactory(partnership=report.partnership, vulnerability=vulnerability)
    ReportPersonFactory(report=report, person=person, role=role)

    assessment.assess(report=report, at=report.received_at)

    report.refresh_from_db()
    assert report.vulnerable is vulnerable


@pytest.mark.django_db
def test_install_default_rules_leaves_a_partnerships_own_rules_alone():
    partnership = PartnershipFactory()
    install_default_rules(partnership, dt.date(2026, 1, 1))
    install_default_rules(partnership, dt.date(2026, 2, 1))

    assert TriageStandard.objects.filter(partnership=partnership).count() == len(Risk)
