"""Every move of a case through the services, and each that is refused."""

import datetime as dt

import pytest

from cases.enums import AT_WORK, CaseStatus
from cases.models import Case
from cases.services import statuses
from csp.actions.models import Action
from csp.agencies.enums import Role
from csp.audit.models import Event
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken
from tests.cases.together import together
from tests.factories.actions import ActionFactory
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory
from tests.factories.casework import CaseNamedFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TODAY = local_day(NOON)


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER, name="Ann Archer")


def case_in(status, team, officer=None, **fields):
    if status == CaseStatus.ON_HOLD:
        fields |= {"held_from": CaseStatus.PLAN, "hold_reason": "Away", "hold_until": TODAY + DAY}
    if status in (CaseStatus.CLOSED, CaseStatus.CANCELLED):
        fields["ended_at"] = NOON
    return CaseFactory(lead=team, status=status, officer=officer, **fields)


def last_event(case):
    return Event.objects.filter(target_type="cases.case", target_id=case.pk).latest("pk")


MOVES = {
    CaseStatus.NEW: {CaseStatus.TRIAGE, CaseStatus.OPEN},
    CaseStatus.TRIAGE: {CaseStatus.OPEN},
    CaseStatus.OPEN: {CaseStatus.PLAN, CaseStatus.ENFORCEMENT, CaseStatus.MONITORING},
    CaseStatus.PLAN: {CaseStatus.OPEN, CaseStatus.ENFORCEMENT, CaseStatus.MONITORING},
    CaseStatus.ENFORCEMENT: {CaseStatus.OPEN, CaseStatus.PLAN, CaseStatus.MONITORING},
    CaseStatus.MONITORING: {CaseStatus.OPEN, CaseStatus.PLAN, CaseStatus.ENFORCEMENT},
    CaseStatus.REOPENED: {
        CaseStatus.OPEN,
        CaseStatus.PLAN,
        CaseStatus.ENFORCEMENT,
        CaseStatus.MONITORING,
    },
}


@pytest.mark.parametrize("goal", CaseStatus)
@pytest.mark.parametrize("start", CaseStatus)
def test_work_moves_between_its_stages_and_nowhere_else(team, ann, start, goal):
    case = case_in(start, team, ann)

    if goal in MOVES.get(start, ()):
        moved = statuses.move(case=case, to=goal, reason="Time to", by=ann, at=NOON)
        assert moved.status == goal
        assert last_event(case).detail == {"before": start, "after": goal}
        assert goal in statuses.next_stages(case)
    else:
        with pytest.raises(RuleBroken):
            statuses.move(case=case, to=goal, reason="Time to", by=ann, at=NOON)
        case.refresh_from_db()
        assert case.status == start


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (CaseStatus.ON_HOLD, "is on hold. Release it first"),
        (CaseStatus.PENDING, "waits for its closing to be approved"),
        (CaseStatus.CLOSED, "is closed. Reopen it first"),
        (CaseStatus.CANCELLED, "is cancelled. Nothing more can be done to it"),
    ],
)
def test_who_cannot_move_it_learns_what_to_do(team, ann, start, words):
    with pytest.raises(statuses.CannotMove, match=words):
        statuses.move(case=case_in(start, team, ann), to=CaseStatus.PLAN, reason="", by=ann, at=NOON)


def test_a_case_that_nobody_works_on_moves_to_triage_only(team, ann):
    case = case_in(CaseStatus.NEW, team)

    with pytest.raises(statuses.CannotMove, match="Choose an officer first"):
        statuses.move(case=case, to=CaseStatus.OPEN, reason="", by=ann, at=NOON)

    assert statuses.move(case=case, to=CaseStatus.TRIAGE, reason="", by=ann, at=NOON).status == "triage"


HOLDABLE = {CaseStatus.NEW, CaseStatus.TRIAGE, *AT_WORK}


@pytest.mark.parametrize("start", CaseStatus)
def test_hold_and_release_bring_it_back_to_where_it_was(team, ann, start):
    case = case_in(start, team, ann)
    hold = {"case": case, "reason": "In court", "until": TODAY + DAY, "by": ann, "at": NOON}

    if start not in HOLDABLE:
        with pytest.raises(statuses.CannotMove):
            statuses.hold(**hold)
        return
    held = statuses.hold(**hold)
    assert (held.status, held.held_from, held.hold_until) == ("on_hold", start, TODAY + DAY)

    back = statuses.release(case=case, reason="Heard", by=ann, at=NOON)
    assert (back.status, back.held_from, back.hold_reason, back.hold_until) == (start, "", "", None)


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, False), (1, True)])
def test_hold_ends_after_today(team, ann, days, allowed):
    case = case_in(CaseStatus.OPEN, team, ann)
    hold = {"case": case, "reason": "In court", "until": TODAY + days * DAY, "by": ann, "at": NOON}

    if allowed:
        assert statuses.hold(**hold).status == CaseStatus.ON_HOLD
    else:
        with pytest.raises(statuses.CannotMove, match="must be after today"):
            statuses.hold(**hold)


def test_hold_wants_a_reason(team, ann):
    with pytest.raises(statuses.CannotMove, match="Enter why"):
        statuses.hold(case=case_in(CaseStatus.OPEN, team), reason=" ", until=TODAY + DAY, by=ann, at=NOON)


def test_what_is_not_on_hold_is_not_released(team, ann):
    with pytest.raises(statuses.CannotMove, match="not on hold any more"):
        statuses.release(case=case_in(CaseStatus.OPEN, team), reason="", by=ann, at=NOON)


@pytest.mark.parametrize("start", CaseStatus)
def test_giving_it_to_somebody_opens_what_waited_for_that(team, ann, start):
    case = case_in(start, team)

    if start in (CaseStatus.CLOSED, CaseStatus.CANCELLED):
        with pytest.raises(statuses.CannotAssign, match="Nobody works on it any more"):
            statuses.take(case=case, by=ann, at=NOON)
        return
    assigned = statuses.take(case=case, by=ann, at=NOON)

    opened = {CaseStatus.NEW: CaseStatus.OPEN, CaseStatus.TRIAGE: CaseStatus.OPEN}
    assert assigned.officer == ann
    assert assigned.status == opened.get(start, start)


def test_a_new_case_on_hold_is_open_once_it_is_released_to_somebody(team, ann):
    case = case_in(CaseStatus.NEW, team)
    statuses.hold(case=case, reason="Away", until=TODAY + DAY, by=ann, at=NOON)

    statuses.assign(case=case, officer=ann, by=ann, at=NOON)

    assert statuses.release(case=case, reason="Back", by=ann, at=NOON).status == CaseStatus.OPEN


def test_it_goes_only_to_somebody_of_the_team(team, ann):
    case = case_in(CaseStatus.OPEN, team, ann)
    for other in (user_at(PartnerFactory(partnership=team.partnership)), user_at(team, Role.BOARD)):
        with pytest.raises(statuses.CannotAssign, match="Choose somebody who does"):
            statuses.assign(case=case, officer=other, by=ann, at=NOON)


def test_it_goes_to_somebody_else(team, ann):
    with pytest.raises(statuses.CannotAssign, match=r"works on .* already"):
        statuses.take(case=case_in(CaseStatus.OPEN, team, ann), by=ann, at=NOON)


def test_a_restricted_case_goes_only_to_those_named(team, ann):
    bea = user_at(team, Role.OFFICER)
    case = case_in(CaseStatus.OPEN, team, restricted=True, restricted_because="A colleague is in it")
    CaseNamedFactory(case=case, user=ann)

    with pytest.raises(statuses.CannotAssign, match="Name them first"):
        statuses.assign(case=case, officer=bea, by=ann, at=NOON)
    assert statuses.take(case=case, by=ann, at=NOON).officer == ann


@pytest.mark.parametrize("start", CaseStatus)
def test_cancelling_ends_it(team, ann, start):
    case = case_in(start, team, ann)
    if start in (CaseStatus.PENDING, CaseStatus.CLOSED, CaseStatus.CANCELLED):
        with pytest.raises(statuses.CannotMove):
            statuses.cancel(case=case, reason="By mistake", by=ann, at=NOON)
        return

    ended = statuses.cancel(case=case, reason="By mistake", by=ann, at=NOON)

    assert (ended.status, ended.ended_at, ended.held_from) == ("cancelled", NOON, "")
    assert last_event(case).reason == "By mistake"


def test_cancelling_waits_for_actions_even_of_what_was_merged_into_it(team, ann):
    case = case_in(CaseStatus.OPEN, team, ann)
    part = case_in(CaseStatus.CANCELLED, team, merged_into=case)
    action = ActionFactory(lead=team, owner=PartnerFactory(partnership=team.partnership), target=part)

    with pytest.raises(statuses.CannotMove, match=f"1 action of {case} still to do"):
        statuses.cancel(case=case, reason="By mistake", by=ann, at=NOON)

    Action.objects.filter(pk=action.pk).update(status="cancelled", ended_at=NOON)
    with pytest.raises(statuses.CannotMove, match=f"{part} is merged into {case}"):
        statuses.cancel(case=case, reason="By mistake", by=ann, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_it_at_once_both_are_heard_one_after_the_other():
    team = PartnerFactory(receiving=True)
    ann = user_at(team, Role.OFFICER)
    case = case_in(CaseStatus.OPEN, team, ann)

    done, refused = together(
        lambda: statuses.cancel(case=Case.objects.get(pk=case.pk), reason="Mistake", by=ann, at=NOON),
        lambda: statuses.move(case=Case.objects.get(pk=case.pk), to="plan", reason="Go", by=ann, at=NOON),
    )

    case.refresh_from_db()
    assert case.status == CaseStatus.CANCELLED
    assert len(done) + len(refused) == 2
    assert all("cancelled" in str(problem) for problem in refused)
