import datetime as dt

import pytest

from cases.enums import DECIDED, REPORT_TRANSITIONS, CaseStatus, LinkRole, ReportStatus, Risk
from cases.models import Case, Decision, Report
from cases.services import decisions
from cases.services.decisions import AlreadyDecided, CannotDecide
from cases.services.rules import install_default_rules
from csp.actions.models import Action
from csp.agencies.enums import Role
from csp.agencies.services import sharing
from csp.audit.models import Event
from csp.celery import app
from csp.core.errors import InvalidTransition, RuleBroken
from tests.cases.together import together
from tests.cases.triage import decided, referral, verdict
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, PersonFactory, ReportFactory, ReportPersonFactory


@pytest.fixture(autouse=True)
def at_once():
    """Tasks run where they are queued."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER, name="Ann Archer")


@pytest.fixture
def soha(team):
    return PartnerFactory(partnership=team.partnership, name="Soha")


@pytest.fixture
def report(team):
    return ReportFactory(lead=team, risk=Risk.MEDIUM)


@pytest.mark.django_db
@pytest.mark.parametrize("outcome", [ReportStatus.ADVICE, ReportStatus.NOT_ASB])
def test_decide_records_the_outcome_its_reason_and_stops_the_clock(report, ann, outcome):
    decision = decided(report, ann, outcome=outcome)

    assert (report.status, report.clock_stopped_at, report.officer) == (outcome, NOON, ann)
    assert (decision.outcome, decision.reason, decision.advice) == (
        outcome,
        "Seen before",
        "Talk to them first",
    )
    event = Event.objects.get(verb="report.decided")
    assert (event.actor, event.target_id, event.reason) == (ann, report.pk, "Seen before")
    assert event.detail == {"outcome": outcome}


@pytest.mark.django_db
def test_decide_leaves_the_report_with_who_had_it(report, ann, team):
    bob = user_at(team, Role.OFFICER)
    Report.objects.update(officer=bob, claimed_at=NOON)

    decided(report, ann, outcome="advice")

    assert report.officer == bob


@pytest.mark.django_db
@pytest.mark.parametrize(("late_by", "refused"), [(0, False), (1, True)])
def test_deciding_late_needs_a_reason_why_it_is_late(report, ann, late_by, refused):
    at = report.clock_due_at + dt.timedelta(microseconds=late_by)

    if refused:
        with pytest.raises(RuleBroken, match="This is late"):
            decided(report, ann, at, outcome="advice")
    decided(report, ann, at, outcome="advice", breach_reason="Officer ill")

    assert report.clock_breach_reason == ("Officer ill" if refused else "")


@pytest.mark.django_db
def test_a_report_that_came_without_a_clock_is_decided_all_the_same(team, ann):
    report = ReportFactory(
        lead=team, clock_started_at=None, clock_due_at=None, clock_amber_at=None, clock_unit=""
    )

    decided(report, ann, outcome="advice")

    assert (report.status, report.clock_stopped_at) == ("advice", None)


@pytest.mark.django_db
def test_opening_a_case_makes_one_led_by_the_team_at_the_reports_risk(report, ann, team):
    decision = decided(report, ann, outcome="case_opened", title="Noise, Mill Road")

    case = Case.objects.visible_to(ann).get()
    assert report.case == decision.case == case
    assert (case.title, case.lead, case.officer, case.risk, case.opened_at) == (
        "Noise, Mill Road",
        team,
        ann,
        Risk.MEDIUM,
        NOON,
    )
    assert case.reference == f"{team.partnership.code}-C-26-000001"
    assert Event.objects.get(verb="case.opened").target_id == case.pk


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "after"), [(Risk.STANDARD, Risk.MEDIUM), (Risk.HIGH, Risk.HIGH)])
def test_joining_raises_the_risk_of_the_case_to_the_highest_of_its_reports(report, ann, team, before, after):
    case = CaseFactory(lead=team, risk=before)
    if before == Risk.HIGH:
        ReportFactory(lead=team, status="case_opened", case=case, risk=Risk.HIGH)

    decided(report, ann, outcome="joined", case=case)

    case.refresh_from_db()
    assert (report.case, case.risk) == (case, after)


@pytest.mark.django_db
@pytest.mark.parametrize("status", [CaseStatus.CLOSED, CaseStatus.CANCELLED])
def test_joining_refuses_a_case_that_has_ended(report, ann, team, status):
    case = CaseFactory(lead=team, status=status, ended_at=NOON)

    says = "Reopen it first" if status == "closed" else "Choose an open case"
    with pytest.raises(RuleBroken, match=f"{case} is {status}. {says}"):
        decided(report, ann, outcome="joined", case=case)


@pytest.mark.django_db
def test_joining_refuses_a_case_that_another_partner_leads(report, ann, soha):
    with pytest.raises(RuleBroken, match="is led by Soha"):
        decided(report, ann, outcome="joined", case=CaseFactory(lead=soha))


@pytest.mark.django_db
def test_referring_shares_the_report_records_the_disclosure_and_asks_the_agency(report, ann, team, soha):
    decision = decided(report, ann, outcome="referred", referral=referral(soha))

    share, action = report.shares.get(), Action.objects.get()
    assert (decision.referred_to, decision.share, decision.action) == (soha, share, action)
    assert (share.to_partner, share.level, share.gateway) == (soha, 3, "cda_115")
    assert (share.purpose, share.necessity) == (
        "They are the landlord",
        "They must know who complains of whom",
    )
    assert (share.consent, share.handling) == ("given", "Do not tell the tenant who reported")
    assert (action.owner, action.lead, action.text, action.due_on) == (
        soha,
        team,
        "Visit the tenant",
        dt.date(2026, 3, 18),
    )
    assert action.target == report
    hari = user_at(soha)
    assert Report.objects.readable_by(hari).get() == report
    assert Action.objects.visible_to(hari).get() == action
    assert Event.objects.filter(verb__in=["report.shared", "action.given", "report.decided"]).count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize(("had", "wanted", "shares"), [(3, 3, 1), (4, 3, 1), (2, 3, 2)])
def test_referring_to_an_agency_that_sees_it_opens_what_is_missing(report, ann, soha, had, wanted, shares):
    terms = referral(soha)
    sharing.share(
        record=report,
        to_partner=soha,
        level=had,
        gateway=terms.gateway,
        purpose="They referred it",
        necessity=terms.necessity,
        consent=terms.consent,
        by=None,
        at=NOON - dt.timedelta(days=1),
    )

    decision = decided(report, ann, outcome="referred", referral=referral(soha, level=wanted))

    assert report.shares.count() == shares
    assert (decision.share is not None) is (shares == 2)
    assert report.shares.get(ended_at=None).level == max(had, wanted)


@pytest.mark.django_db
def test_referring_refuses_an_agency_of_another_partnership(report, ann):
    with pytest.raises(RuleBroken, match="is not in this partnership"):
        decided(report, ann, outcome="referred", referral=referral(PartnerFactory()))

    assert not Decision.objects.exists()
    assert not Action.objects.exists()


@pytest.mark.django_db
def test_a_duplicate_points_to_its_original(report, ann, team):
    original = ReportFactory(lead=team)

    decision = decided(report, ann, outcome="duplicate", duplicate_of=original)

    assert (report.status, decision.duplicate_of) == ("duplicate", original)


@pytest.mark.django_db
def test_a_report_is_not_a_duplicate_of_itself(report, ann):
    with pytest.raises(CannotDecide, match="cannot be a duplicate of itself"):
        decided(report, ann, outcome="duplicate", duplicate_of=report)


@pytest.mark.django_db
def test_duplicates_never_point_at_each_other(report, ann, team):
    original = ReportFactory(lead=team)
    decided(report, ann, outcome="duplicate", duplicate_of=original)

    with pytest.raises(CannotDecide, match=f"{report} is itself a duplicate of {original}"):
        decided(original, ann, outcome="duplicate", duplicate_of=report)


@pytest.mark.django_db
def test_a_duplicate_of_another_partnerships_report_is_refused(report, ann):
    with pytest.raises(CannotDecide, match="belongs to another partnership"):
        decided(report, ann, outcome="duplicate", duplicate_of=ReportFactory())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("outcome", "message"),
    [("joined", "Choose the case"), ("referred", "Choose the agency"), ("duplicate", "Enter the report")],
)
def test_an_outcome_without_what_it_points_to_is_refused(report, ann, outcome, message):
    with pytest.raises(CannotDecide, match=message):
        decided(report, ann, outcome=outcome)


@pytest.mark.django_db
def test_a_duplicate_takes_the_notice_from_itself_and_from_others_that_wait(team, ann):
    install_default_rules(team.partnership, dt.date(2020, 1, 1))
    victim = PersonFactory(lead=team)
    first, second, third = (
        ReportFactory(lead=team, received_at=NOON + dt.timedelta(minutes=n), case_review_notice_due=n > 0)
        for n in range(3)
    )
    for each in (first, second, third):
        ReportPersonFactory(report=each, person=victim, role=LinkRole.COMPLAINANT)
    at = NOON + dt.timedelta(hours=1)

    decided(second, ann, at, outcome="duplicate", duplicate_of=first)
    third.refresh_from_db()
    assert (second.case_review_notice_due, third.case_review_notice_due) == (False, True)

    decided(third, ann, at, outcome="duplicate", duplicate_of=first)
    assert third.case_review_notice_due is False


@pytest.mark.django_db
def test_a_second_decision_is_told_who_decided_what(report, ann, team):
    bob = user_at(team, Role.OFFICER)
    decided(report, ann, outcome="advice")

    with pytest.raises(
        AlreadyDecided, match="Ann Archer decided this on 4 March 2026 at midday: Advice given"
    ):
        decided(report, bob, outcome="not_asb")

    assert Decision.objects.count() == 1


@pytest.mark.django_db
def test_a_report_that_never_waited_is_not_decided(team, ann):
    report = ReportFactory(lead=team, status="recorded")

    with pytest.raises(AlreadyDecided, match="does not wait for triage"):
        decided(report, ann, outcome="advice")


@pytest.mark.django_db
@pytest.mark.parametrize("start", ReportStatus)
@pytest.mark.parametrize("goal", ReportStatus)
def test_a_report_moves_only_between_waiting_and_decided(start, goal):
    report = Report(reference="SV-R-26-000001", status=start)

    if ReportStatus.NEW in (start, goal) and start != goal:
        report.move_to(goal)
        assert report.status == goal
    else:
        with pytest.raises(InvalidTransition):
            report.move_to(goal)
    assert REPORT_TRANSITIONS[ReportStatus.NEW] == set(DECIDED)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_told_what_was_decided(report, ann, team):
    bob = user_at(team, Role.OFFICER, name="Bob Baker")

    done, refused = together(
        lambda: decisions.decide(
            report=report, verdict=verdict("case_opened", title="Noise"), by=ann, at=NOON
        ),
        lambda: decisions.decide(report=report, verdict=verdict("advice"), by=bob, at=NOON),
    )

    decision = Decision.objects.get()
    assert done == [decision]
    assert str(refused[0]).startswith(f"{decision.by} decided this on ")
    assert Case.objects.count() == (1 if decision.by == ann else 0)


@pytest.mark.django_db(transaction=True)
def test_two_reports_decided_as_duplicates_of_each_other_at_once_do_not_make_a_ring(report, ann, team):
    other = ReportFactory(lead=team)

    done, refused = together(
        lambda: decisions.decide(
            report=report, verdict=verdict("duplicate", duplicate_of=other), by=ann, at=NOON
        ),
        lambda: decisions.decide(
            report=other, verdict=verdict("duplicate", duplicate_of=report), by=ann, at=NOON
        ),
    )

    assert len(done) == len(refused) == 1
    assert "is itself a duplicate of" in str(refused[0])
