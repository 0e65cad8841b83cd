import datetime as dt

import pytest

from cases.enums import CaseStatus, ContactMethod, ContactStatus, ReportStatus, Risk
from cases.models import Case, Contact, Decision, Report
from cases.services import undoing
from cases.services.rules import install_default_rules
from cases.services.undoing import CannotUndo
from csp.actions.models import Action
from csp.agencies.enums import Role
from csp.agencies.services import sharing
from csp.audit.models import Event
from tests.cases.together import together
from tests.cases.triage import decided, referral
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import (
    NOON,
    CaseFactory,
    PersonFactory,
    PlaceFactory,
    ReportFactory,
    ReportPersonFactory,
)

LATER = NOON + dt.timedelta(hours=2)


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER, name="Ann Archer")


@pytest.fixture
def soha(team):
    return PartnerFactory(partnership=team.partnership, name="Soha")


@pytest.fixture
def report(team):
    return ReportFactory(lead=team)


def undone(report, by, at=LATER):
    left = undoing.undo(report=report, reason="Wrong report", by=by, at=at)
    report.refresh_from_db()
    return left


@pytest.mark.django_db
def test_undo_puts_the_report_back_with_its_clock_running(report, ann):
    due = report.clock_due_at
    decided(report, ann, outcome="advice")

    assert undone(report, ann) == []

    assert (report.status, report.clock_stopped_at, report.clock_due_at) == ("new", None, due)
    decision = Decision.objects.get()
    assert (decision.undone_at, decision.undone_by, decision.undo_reason) == (LATER, ann, "Wrong report")
    event = Event.objects.get(verb="report.decision_undone")
    assert (event.actor, event.reason, event.detail) == (ann, "Wrong report", {"outcome": "advice"})


@pytest.mark.django_db
def test_undo_of_a_late_decision_forgets_why_it_was_late(report, ann):
    at = report.clock_due_at + dt.timedelta(hours=1)
    decided(report, ann, at, outcome="advice", breach_reason="Officer ill")

    undone(report, ann, at)

    assert report.clock_breach_reason == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("decided_at", "undone_at", "may"),
    [
        ((2026, 3, 4, 0, 0), (2026, 3, 4, 23, 59), True),
        ((2026, 3, 4, 23, 59), (2026, 3, 5, 0, 0), False),
        ((2026, 3, 4, 12, 0), (2026, 3, 5, 12, 0), False),
        ((2026, 7, 1, 22, 30), (2026, 7, 1, 22, 59), True),  # half past eleven at night in London
        ((2026, 7, 1, 22, 30), (2026, 7, 1, 23, 0), False),  # midnight in London
        ((2026, 7, 1, 23, 0), (2026, 7, 2, 22, 59), True),
    ],
)
def test_undo_is_possible_until_midnight_in_london(team, ann, decided_at, undone_at, may):
    at, then = (dt.datetime(*each, tzinfo=dt.UTC) for each in (decided_at, undone_at))
    report = ReportFactory(lead=team, received_at=at, clock_started_at=at, clock_amber_at=at, clock_due_at=at)
    decided(report, ann, at, outcome="advice")

    if may:
        undone(report, ann, then)
    else:
        with pytest.raises(CannotUndo, match="can be undone on the day it was made"):
            undone(report, ann, then)
    report.refresh_from_db()
    assert report.awaits_triage is may


@pytest.mark.django_db
def test_undo_cancels_the_case_that_was_opened(report, ann):
    decided(report, ann, outcome="case_opened", title="Noise")

    assert undone(report, ann) == []

    case = Case.objects.get()
    assert (case.status, case.ended_at, report.case) == (CaseStatus.CANCELLED, LATER, None)
    assert Event.objects.get(verb="case.cancelled").reason == "Wrong report"


@pytest.mark.django_db
def test_undo_leaves_open_a_case_that_another_report_has_joined(report, ann, team):
    decision = decided(report, ann, outcome="case_opened", title="Noise")
    decided(ReportFactory(lead=team, risk=Risk.HIGH), ann, outcome="joined", case=decision.case)

    assert undone(report, ann) == [f"Case {decision.case} stays open, because other work hangs on it"]

    case = Case.objects.get()
    assert (case.status, case.risk, report.case) == (CaseStatus.OPEN, Risk.HIGH, None)


@pytest.mark.django_db
def test_undo_of_joining_lowers_the_risk_of_the_case_again(ann, team):
    case = CaseFactory(lead=team)
    report = ReportFactory(lead=team, risk=Risk.HIGH)
    decided(report, ann, outcome="joined", case=case)

    undone(report, ann)

    case.refresh_from_db()
    assert (case.risk, case.status) == (Risk.STANDARD, CaseStatus.OPEN)


@pytest.mark.django_db
def test_undo_of_a_duplicate_makes_it_count_again(ann, team):
    install_default_rules(team.partnership, dt.date(2020, 1, 1))
    victim, place = PersonFactory(lead=team), PlaceFactory(lead=team)
    first, second, third = (
        ReportFactory(lead=team, received_at=NOON - dt.timedelta(hours=9 - n), place=place) for n in range(3)
    )
    for each in (second, third):
        ReportPersonFactory(report=each, person=victim)
    decided(second, ann, outcome="duplicate", duplicate_of=first)
    third.refresh_from_db()
    assert third.case_review_notice_due is False

    undone(second, ann)

    third.refresh_from_db()
    assert third.case_review_notice_due is True


@pytest.mark.django_db
def test_undo_of_a_referral_ends_the_share_and_the_action(report, ann, soha):
    decided(report, ann, outcome="referred", referral=referral(soha))

    undone(report, ann)

    share, action = report.shares.get(), Action.objects.get()
    assert (share.ended_at, share.end_reason) == (LATER, "Wrong report")
    assert not action.is_outstanding
    assert not Report.objects.visible_to(user_at(soha)).exists()


@pytest.mark.django_db
def test_undo_of_a_referral_gives_back_what_the_agency_saw_before(report, ann, soha):
    sharing.share(
        record=report,
        to_partner=soha,
        level=2,
        gateway="consent",
        purpose="They referred it",
        necessity="They follow it",
        consent="given",
        by=None,
        at=NOON - dt.timedelta(days=1),
    )
    decided(report, ann, outcome="referred", referral=referral(soha))

    undone(report, ann)

    share = report.shares.get(ended_at=None)
    assert (share.level, share.gateway, share.purpose) == (2, "consent", "They referred it")
    assert not Report.objects.readable_by(user_at(soha)).exists()


@pytest.mark.django_db
def test_undo_of_a_referral_leaves_a_share_that_was_there_alone(report, ann, soha):
    sharing.share(
        record=report,
        to_partner=soha,
        level=4,
        gateway="consent",
        purpose="They referred it",
        necessity="They follow it",
        consent="given",
        by=None,
        at=NOON,
    )
    decided(report, ann, outcome="referred", referral=referral(soha))

    undone(report, ann)

    assert report.shares.get().ended_at is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "status", "then", "left"),
    [
        (ContactMethod.EMAIL, ContactStatus.QUEUED, ContactStatus.WITHDRAWN, False),
        (ContactMethod.LETTER, ContactStatus.TO_DO, ContactStatus.WITHDRAWN, False),
        (ContactMethod.PHONE, ContactStatus.TO_DO, ContactStatus.WITHDRAWN, False),
        (ContactMethod.EMAIL, ContactStatus.FAILED, ContactStatus.WITHDRAWN, False),
        (ContactMethod.EMAIL, ContactStatus.SENT, ContactStatus.SENT, True),
        (ContactMethod.LETTER, ContactStatus.DONE, ContactStatus.DONE, True),
    ],
)
def test_undo_withdraws_what_the_caller_was_not_told_yet(report, ann, team, method, status, then, left):
    caller = PersonFactory(lead=team, email="ann@example.com", contact_method="email")
    ReportPersonFactory(report=report, person=caller)
    decided(report, ann, outcome="advice")
    Contact.objects.update(method=method, status=status)

    words = undone(report, ann)

    assert Contact.objects.get().status == then
    assert words == (["The caller has been told already. Tell them that this has changed"] if left else [])


@pytest.mark.django_db
def test_a_report_can_be_decided_again_after_undoing(report, ann):
    decided(report, ann, outcome="advice")
    undone(report, ann)

    decided(report, ann, LATER, outcome="not_asb")

    assert report.status == ReportStatus.NOT_ASB
    assert Decision.objects.filter(undone_at=None).count() == 1


@pytest.mark.django_db
def test_undo_of_what_waits_already_is_refused(report, ann):
    with pytest.raises(CannotUndo, match="waits for triage already"):
        undone(report, ann)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "is_decider", "may"),
    [
        (Role.OFFICER, True, True),
        (Role.OFFICER, False, False),
        (Role.MANAGER, False, True),
        (Role.PRACTITIONER, False, False),
    ],
)
def test_the_decider_or_a_manager_may_undo(report, ann, team, role, is_decider, may):
    decided(report, ann, outcome="advice")

    assert (ann if is_decider else user_at(team, role)).has_perm("reports.undo_decision", report) is may


@pytest.mark.django_db
def test_a_manager_elsewhere_may_not_undo(report, ann, soha):
    decided(report, ann, outcome="referred", referral=referral(soha))

    assert not user_at(soha, Role.MANAGER).has_perm("reports.undo_decision", report)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_undo_at_once_one_is_told(report, ann, team):
    decided(report, ann, outcome="case_opened", title="Noise")
    manager = user_at(team, Role.MANAGER)

    done, refused = together(
        lambda: undoing.undo(report=report, reason="Mine", by=ann, at=LATER),
        lambda: undoing.undo(report=report, reason="Theirs", by=manager, at=LATER),
    )

    assert (len(done), len(refused)) == (1, 1)
    assert Case.objects.get().status == CaseStatus.CANCELLED
