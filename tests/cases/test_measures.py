"""What is counted of reports and cases: each rule on both sides of its limit."""

import datetime as dt

import pytest
from django.utils import timezone

from cases.enums import (
    BreachResponse,
    CaseStatus,
    Channel,
    ClosureReason,
    ContactKind,
    ContactMethod,
    ContactStatus,
    InterventionKind,
    InterventionStatus,
    ReportStatus,
    Risk,
)
from cases.models import Closure, Contact, InterventionBreach
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.measures import NONE, find_measure
from csp.agencies.services.sharing import grant
from csp.core.calendar import Period
from tests.factories.agencies import AreaFactory, PartnerFactory, UserFactory, user_at
from tests.factories.cases import CaseFactory, CategoryFactory, ReportFactory
from tests.factories.casework import CaseOutcomeFactory, InterventionFactory, RiskAssessmentFactory

pytestmark = pytest.mark.django_db
YEAR = Period.named("2021-22")
JUNE = dt.datetime(2021, 6, 8, 9, tzinfo=dt.UTC)
BEFORE = dt.datetime(2021, 3, 31, 22, 59, tzinfo=dt.UTC)  # 11:59pm in London
FIRST = dt.datetime(2021, 3, 31, 23, 0, tzinfo=dt.UTC)  # midnight in London
AFTER = dt.datetime(2022, 3, 31, 23, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Team")


@pytest.fixture
def area(team):
    return AreaFactory(partnership=team.partnership, name="Abingdon")


def figure(name, team, only=None, period=YEAR):
    return find_measure(name).figure(team.partnership, period, only)


def number(name, team, only=None, period=YEAR):
    return figure(name, team, only, period).number


def by(name, breakdown, team):
    measure = find_measure(name)
    figures = measure.figures_by(measure.breakdown(breakdown), team.partnership, YEAR)
    return {figure.label: figure.number for figure in figures}


def reported(team, at=JUNE, **more):
    return ReportFactory(lead=team, received_at=at, **more)


def decided(team, at, due, status=ReportStatus.ADVICE):
    started = min(at, due) - HOUR
    return reported(
        team, started, status=status, clock_started_at=started, clock_stopped_at=at, clock_due_at=due,
        clock_amber_at=started, clock_breach_reason="Illness" if at > due else "",
    )  # fmt: skip


def closed(team, at=JUNE, case=None, **more):
    case = case or CaseFactory(lead=team, opened_at=at - HOUR, status=CaseStatus.CLOSED, ended_at=at)
    given = {"reason": ClosureReason.EARLY, "note": "Done", "told_how": "By phone", "approved_at": at}
    user = UserFactory()
    return Closure.objects.create(
        case=case, proposed_by=user, proposed_at=at, approved_by=user, **given | more
    )


def test_reports_count_by_the_day_they_came_in_and_not_twice(team, area):
    noise = CategoryFactory(lead=team, label="Noise")
    reported(team, FIRST, local_area=area).categories.set([noise, CategoryFactory(lead=team, label="Litter")])
    reported(team, AFTER - HOUR, channel=Channel.ONLINE)
    reported(team, JUNE, status=ReportStatus.DUPLICATE)
    reported(team, BEFORE), reported(team, AFTER), reported(PartnerFactory(receiving=True))

    assert number("reports-received", team) == 2
    assert by("reports-received", "area", team) == {"Abingdon": 1, "Place not known": 1}
    assert by("reports-received", "category", team) == {"Noise": 1, "Litter": 1, "Not recorded": 1}
    assert by("reports-received", "channel", team) == {"Phone": 1, "Online form": 1}
    assert number("reports-received", team, {"category": str(noise.pk)}) == 1
    assert number("reports-received", team, {"area": NONE}) == 1


def test_the_agency_a_report_came_from(team):
    police = PartnerFactory(partnership=team.partnership, name="Police")
    reported(team, source_partner=police), reported(team)

    assert by("reports-received", "agency", team) == {"Police": 1, "The public": 1}


def test_triage_is_in_time_up_to_the_last_moment(team):
    decided(team, JUNE, JUNE)
    decided(team, JUNE + HOUR, JUNE, ReportStatus.DUPLICATE)
    reported(team, JUNE)
    reported(team, JUNE, status=ReportStatus.RECORDED, clock_started_at=None, clock_due_at=None,
             clock_amber_at=None, clock_unit="")  # fmt: skip

    found = figure("reports-triaged", team)
    assert (found.number, found.part, found.percent) == (2, 1, 50)
    assert by("reports-triaged", "outcome", team) == {"Advice given": 1, "Duplicate": 1}


def test_hate_and_repeat_victims_are_told_apart(team):
    reported(team, hate=True), reported(team, repeat_victim=True), reported(team)
    reported(team, hate=True, repeat_victim=True, status=ReportStatus.DUPLICATE)

    assert number("hate-reports", team) == 1
    assert number("repeat-victim-reports", team) == 1


def test_what_is_late_is_late_whatever_the_period(team):
    now = timezone.now()
    clock = {"clock_started_at": now - 3 * HOUR, "clock_amber_at": now - 2 * HOUR}
    reported(team, **clock, clock_due_at=now - HOUR)
    reported(team, **clock, clock_due_at=now + HOUR)
    reported(team, **clock, clock_due_at=now - HOUR, clock_paused_at=now - 2 * HOUR)

    assert number("reports-waiting", team) == 3
    assert number("reports-late", team) == 1
    assert number("reports-late", team, period=Period.named("2019-20")) == 1


def test_a_case_that_became_part_of_another_does_not_count(team, area):
    kept = CaseFactory(lead=team, opened_at=JUNE, local_area=area, risk=Risk.HIGH)
    CaseFactory(
        lead=team,
        opened_at=JUNE,
        merged_into=kept,
        status=CaseStatus.CANCELLED,
        ended_at=JUNE,
        risk=Risk.HIGH,
    )
    CaseFactory(lead=team, opened_at=BEFORE)

    assert number("cases-opened", team) == 1
    assert number("high-risk-cases", team) == 1
    assert number("cases-open", team) == 2
    assert by("cases-opened", "risk", team) == {"High risk": 1}
    assert by("cases-opened", "agency", team) == {"Team": 1}


def test_cases_are_open_at_the_end_of_their_period(team):
    CaseFactory(lead=team, opened_at=AFTER - HOUR)
    CaseFactory(lead=team, opened_at=AFTER)
    CaseFactory(lead=team, opened_at=JUNE, status=CaseStatus.CLOSED, ended_at=AFTER)
    CaseFactory(lead=team, opened_at=JUNE, status=CaseStatus.CLOSED, ended_at=AFTER - HOUR)

    assert number("cases-open", team) == 2


def test_closings_count_once_for_each_outcome_and_not_when_reopened(team):
    first, second = CaseOutcomeFactory(lead=team, label="Moved"), CaseOutcomeFactory(lead=team, label="Fewer")
    closed(team).outcomes.set([first, second])
    closed(team, reason=ClosureReason.FORMAL).outcomes.set([first])
    closed(team, reopened_at=JUNE + HOUR)
    closed(team, approved_at=None)
    closed(team, at=AFTER)

    assert number("cases-closed", team) == 2
    assert by("cases-closed", "outcome", team) == {"Moved": 2, "Fewer": 1}
    assert by("cases-closed", "reason", team) == {
        "Resolved - early intervention": 1, "Resolved - formal action": 1,
    }  # fmt: skip
    assert number("cases-closed", team, {"outcome": str(second.pk)}) == 1
    assert number("cases-reopened", team) == 1


def test_powers_count_when_served_and_while_they_stand(team):
    case = CaseFactory(lead=team)
    order = InterventionKind.CLOSURE_ORDER
    served = InterventionFactory(case=case, kind=order, status=InterventionStatus.ENDED, served_at=JUNE)
    InterventionFactory(case=case, status=InterventionStatus.IN_FORCE, served_at=JUNE)
    InterventionFactory(case=case, kind=order, status=InterventionStatus.WITHDRAWN, served_at=JUNE)
    InterventionFactory(case=case, kind=order)
    for day in (YEAR.first, YEAR.last + dt.timedelta(days=1)):
        InterventionBreach.objects.create(
            intervention=served, happened_on=day, what="Opened", response=BreachResponse.NONE,
            by=UserFactory(), at=JUNE,
        )  # fmt: skip

    assert number("powers-used", team) == 2
    assert by("powers-used", "kind", team) == {"Closure order": 1, "Written warning": 1}
    assert number("closure-orders", team) == 1
    assert by("breaches", "kind", team) == {"Closure order": 1}


def told(team, days, kind=ContactKind.DECISION, status=ContactStatus.SENT):
    return Contact.objects.create(
        partnership=team.partnership, report=reported(team), kind=kind, method=ContactMethod.EMAIL,
        subject="What we do", body="…", status=status, made_at=JUNE,
        done_at=None if days is None else JUNE + dt.timedelta(days=days),
    )  # fmt: skip


def test_people_are_told_in_time_within_five_days(team):
    told(team, 5), told(team, 6), told(team, None, status=ContactStatus.TO_DO)
    told(team, 1, status=ContactStatus.WITHDRAWN)
    told(team, 1, ContactKind.CASE_REVIEW), told(team, None, ContactKind.CASE_REVIEW, ContactStatus.QUEUED)

    found = figure("people-told", team)
    assert (found.number, found.part) == (5, 2)
    assert number("case-review-notices", team) == 1


def test_what_is_overdue_in_a_case_counts_from_the_day_after(team):
    today = timezone.localdate()
    yesterday = today - dt.timedelta(days=1)
    CaseFactory(lead=team, update_due_on=yesterday, risk_due_on=today)
    CaseFactory(lead=team, update_due_on=today, risk_due_on=yesterday)
    CaseFactory(lead=team, update_due_on=yesterday, risk_due_on=yesterday, status=CaseStatus.ON_HOLD,
                held_from=CaseStatus.OPEN, hold_reason="In hospital")  # fmt: skip

    assert (number("updates-late", team), number("risk-late", team)) == (1, 1)


def test_risk_assessments_count_by_band(team):
    scored = RiskAssessmentFactory(case=CaseFactory(lead=team), at=JUNE, scored=Risk.HIGH)
    RiskAssessmentFactory(case=scored.case, template=scored.template, at=BEFORE)

    assert by("risk-assessments", "risk", team) == {"High risk": 1}


def test_a_reader_of_the_summary_does_not_learn_that_it_is_about_hate(team):
    """The report is open to the police, in part; that it counts as hate is not."""
    police = PartnerFactory(partnership=team.partnership)
    report = reported(team, hate=True)
    grant(record=report, partner=police, level=ShareLevel.SUMMARY)
    reader, officer = user_at(police), user_at(team, Role.OFFICER)
    received, hate = find_measure("reports-received"), find_measure("hate-reports")

    def open_to(measure, user):
        return list(measure.open_to(user, measure.records_of(team.partnership, YEAR)))

    assert open_to(received, reader) == [report]
    assert open_to(hate, reader) == []
    assert open_to(hate, officer) == [report]
