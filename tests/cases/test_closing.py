"""Closing a case and opening it again."""

import datetime as dt

import pytest
from django.core import mail

from cases.enums import (
    AssessmentKind,
    CaseStatus,
    ContactKind,
    ContactMethod,
    InterventionStatus,
    LinkRole,
    ServiceMethod,
)
from cases.models import Case, Closure, Contact
from cases.navigation.contact import closing_needs, sent_back_needs
from cases.services import closing, hand_overs, reminders
from cases.services.cases import CannotJoin
from cases.services.closing import CannotClose, CannotReopen, Ending
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from csp.audit.models import Event
from tests.cases.endings import closed, high, victim
from tests.cases.together import together
from tests.cases.triage import decided
from tests.factories.actions import ActionFactory
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, PersonFactory, ReportFactory
from tests.factories.casework import (
    CaseContactFactory,
    CaseOutcomeFactory,
    CasePersonFactory,
    InterventionFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "Tenancy", "consent": "given", "by": None}


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER, name="Ann Archer")


@pytest.fixture
def boss(team):
    return user_at(team, Role.MANAGER, name="Mo Manager")


@pytest.fixture
def case(team, ann):
    return CaseFactory(lead=team, officer=ann)


def test_an_officer_closes_a_case_at_once(case, ann, team):
    outcomes = [CaseOutcomeFactory(lead=team), CaseOutcomeFactory(lead=team)]
    ending = Ending(reason="early", note="Mended", told_how="On the phone", outcomes=outcomes)

    closure = closed(case, ann, ending)

    assert (case.status, case.ended_at, case.update_due_on) == (CaseStatus.CLOSED, NOON, None)
    assert (closure.approved_by, closure.outcomes.count()) == (ann, 2)
    assert Event.objects.get(verb="case.closed").reason == "Resolved - early intervention"


# What stands in the way


def test_a_hand_over_that_waits_stands_in_the_way(client, case, ann, team):
    police = PartnerFactory(partnership=team.partnership)
    user_at(police, Role.OFFICER)
    hand_overs.ask_to_take_over(case=case, to_partner=police, reason="It is theirs", by=ann, at=NOON)
    words = f"{case} is offered to another agency. Withdraw that request first"
    client.force_login(ann)

    assert [str(each) for each in closing.hindrances(case, NOON)] == [words]
    assert words in client.get(f"/cases/{case}/close/").content.decode()
    with pytest.raises(CannotClose, match="offered to another agency"):
        closed(case, ann)


def test_outstanding_actions_stand_in_the_way_and_say_whose_they_are(case, ann, team):
    soha = PartnerFactory(partnership=team.partnership, name="Soha")
    ActionFactory.create_batch(2, lead=team, owner=soha, target=case)

    with pytest.raises(CannotClose, match="Finish or cancel the 2 outstanding actions first: Soha 2"):
        closed(case, ann)
    assert not Closure.objects.exists()


def test_actions_of_a_merged_case_count_too(case, ann, team):
    part = CaseFactory(lead=team, status=CaseStatus.CANCELLED, ended_at=NOON, merged_into=case)
    ActionFactory(lead=team, owner=team, target=part)

    with pytest.raises(CannotClose, match="the outstanding action first"):
        closed(case, ann)


@pytest.mark.parametrize(("scored_at", "kind"), [(None, ""), (NOON, AssessmentKind.REVIEW)])
def test_risk_is_scored_before_closing(case, ann, scored_at, kind):
    victim(case, scored_at, kind)

    with pytest.raises(CannotClose, match="Score the risk of Vic Tims before closing"):
        closed(case, ann)


def test_a_case_whose_risk_was_scored_closes(case, ann):
    victim(case)

    closed(case, ann, at=NOON + DAY)

    assert case.status == CaseStatus.CLOSED


def test_a_power_in_force_is_a_note_and_no_more(case, ann):
    served = {"served_at": NOON, "served_to": "Him", "service_method": ServiceMethod.HAND, "starts_at": NOON}
    InterventionFactory(case=case, status=InterventionStatus.IN_FORCE, **served)

    [note] = closing.hindrances(case, NOON)
    closed(case, ann)

    assert (note.stops, "is in force" in str(note)) == (False, True)
    assert case.status == CaseStatus.CLOSED


def test_the_complainant_must_be_told_or_it_says_why_not(case, ann):
    with pytest.raises(CannotClose, match="Say how and when the complainant was told"):
        closed(case, ann, Ending(reason="early", note="Mended"))


@pytest.mark.parametrize(
    ("status", "fields", "words"),
    [
        ("on_hold", {"held_from": "plan", "hold_reason": "Away"}, "Release it first"),
        ("new", {}, "cannot be closed"),
        ("closed", {"ended_at": NOON}, "cannot be closed"),
        ("cancelled", {"ended_at": NOON}, "cannot be closed"),
        ("pending", {}, "waits for a manager already"),
    ],
)
def test_only_a_case_at_work_closes(team, ann, status, fields, words):
    with pytest.raises(CannotClose, match=words):
        closed(CaseFactory(lead=team, status=status, **fields), ann)


@pytest.mark.parametrize(("days", "may"), [(13, False), (14, False), (15, True)])
def test_no_contact_closes_a_case_when_the_rule_says_so(case, ann, days, may):
    """Three calls and a letter on 4 March; the tenth working day after it is 18 March, a fortnight on."""
    person = victim(case, NOON + 10 * DAY)
    for result in ("no_answer", "no_answer", "no_answer", "wrote"):
        CaseContactFactory(case=case, person=person, way="phone", result=result, at=NOON)
    ending = Ending(reason="no_contact", note="No answer", told_how="Cannot be told")
    at = NOON + days * DAY

    if may:
        closed(case, ann, ending, at)
    else:
        with pytest.raises(CannotClose, match="cannot be given up yet"):
            closed(case, ann, ending, at)


# Two people


def test_a_high_risk_case_waits_for_a_manager_who_approves(case, ann, boss, team):
    high(case)
    closure = closed(case, ann)
    assert (case.status, case.ended_at, closure.approved_at) == (CaseStatus.PENDING, None, None)
    assert [need.title for need in closing_needs(boss, team.partnership, NOON)] == [
        f"{case} Closure to approve: {case.title}"
    ]
    assert list(closing_needs(ann, team.partnership, NOON)) == []

    closing.approve_closing(case=case, by=boss, at=NOON + DAY)

    case.refresh_from_db()
    closure.refresh_from_db()
    assert (case.status, case.ended_at) == (CaseStatus.CLOSED, NOON + DAY)
    assert (closure.proposed_by, closure.approved_by) == (ann, boss)
    assert list(closing_needs(boss, team.partnership, NOON)) == []


def test_nobody_approves_their_own_proposal(case, ann, team):
    high(case)
    closed(case, ann)

    with pytest.raises(CannotClose, match="You proposed this yourself"):
        closing.approve_closing(case=case, by=ann, at=NOON)


def test_a_manager_closes_a_high_risk_case_at_once(case, boss):
    closed(high(case), boss)

    assert case.status == CaseStatus.CLOSED


def test_a_refused_case_goes_back_to_where_it_was(case, ann, boss):
    Case.objects.filter(pk=case.pk).update(status=CaseStatus.MONITORING)
    closure = closed(high(case), ann)

    closing.refuse_closing(case=case, reason="Wait for the hearing", by=boss, at=NOON)

    case.refresh_from_db()
    closure.refresh_from_db()
    assert (case.status, closure.refusal) == (CaseStatus.MONITORING, "Wait for the hearing")
    assert Event.objects.get(verb="case.closing_refused").reason == "Wait for the hearing"
    with pytest.raises(CannotClose, match="does not wait to be closed"):
        closing.approve_closing(case=case, by=boss, at=NOON)
    assert closing.last_refusal(case) == closure
    mail.outbox.clear()
    reminders.tell_closing_answered(closure_id=closure.pk)
    [message] = mail.outbox
    assert message.to == [ann.email]
    assert "Wait for the hearing" not in message.subject + message.body
    [need] = sent_back_needs(ann, case.partnership, NOON)
    assert (need.detail, need.url) == ("Wait for the hearing", f"/cases/{case}/close/")
    assert list(sent_back_needs(boss, case.partnership, NOON)) == []
    closed(case, ann)
    assert case.status == CaseStatus.PENDING
    assert closing.last_refusal(case) is None
    assert list(sent_back_needs(ann, case.partnership, NOON)) == []


def test_what_came_up_meanwhile_stops_the_approval(case, ann, boss, team):
    closed(high(case), ann)
    ActionFactory(lead=team, owner=team, target=case)

    with pytest.raises(CannotClose, match="outstanding action"):
        closing.approve_closing(case=case, by=boss, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_who_answer_at_once_one_is_told(team, ann):
    case = high(CaseFactory(lead=team))
    one, two = user_at(team, Role.MANAGER), user_at(team, Role.MANAGER)
    closed(case, ann)

    _, refused = together(
        lambda: closing.approve_closing(case=case, by=one, at=NOON),
        lambda: closing.refuse_closing(case=case, reason="Wait", by=two, at=NOON),
    )

    assert [type(each) for each in refused] == [CannotClose]


# The letter


def test_the_letter_goes_to_every_complainant_who_can_be_written_to(case, ann):
    victim(case, email="vic@example.com")
    victim(case, contact_method=ContactMethod.NONE)
    letter = Ending(reason="early", note="Mended", letter="The gate is mended.\n")

    closed(case, ann, letter)

    [sent] = Contact.objects.all()
    assert (sent.kind, sent.address) == (ContactKind.CLOSURE, "vic@example.com")
    assert "The gate is mended." in sent.body


def test_the_letter_waits_for_the_manager(case, ann, boss):
    victim(case, email="vic@example.com")
    closed(high(case), ann, Ending(reason="early", note="Mended", letter="The gate is mended."))
    assert not Contact.objects.exists()

    closing.approve_closing(case=case, by=boss, at=NOON)

    assert Contact.objects.get().kind == ContactKind.CLOSURE


def test_a_letter_that_names_a_subject_stops_the_closing(case, ann):
    victim(case, email="vic@example.com")
    CasePersonFactory(
        case=case, person=PersonFactory(lead=case.lead, name="Sam Subject"), role=LinkRole.SUBJECT
    )

    with pytest.raises(Exception, match="Take the name out"):
        closed(case, ann, Ending(reason="early", note="Mended", letter="Sam Subject is sorry"))
    assert case.status == CaseStatus.OPEN


def test_agencies_that_see_the_case_get_its_reference_and_nothing_else(case, ann, team):
    shown = PartnerFactory(partnership=team.partnership, name="Soha", email="soha@example.com")
    hidden = PartnerFactory(partnership=team.partnership, name="Health", email="health@example.com")
    sharing.share(record=case, to_partner=shown, level=ShareLevel.SUMMARY, at=NOON, **TERMS)
    sharing.share(record=case, to_partner=hidden, level=ShareLevel.EXISTENCE, at=NOON, **TERMS)
    mail.outbox.clear()
    closure = closed(case, ann, at=NOON + DAY)

    reminders.tell_case_closed(closure_id=closure.pk, at=NOON + DAY)

    told = [message for message in mail.outbox if "is closed" in message.subject]
    assert {address for message in told for address in message.to} == {"soha@example.com"}
    assert case.title not in told[0].body
    assert case.shares.current(NOON + DAY).count() == 2


# Opening it again


def test_a_closed_case_opens_again_with_its_clocks_and_its_risk_asked_for(case, ann):
    victim(case)
    closure = closed(case, ann)

    closing.reopen(case=case, reason="It began again", by=ann, at=NOON + 2 * DAY)

    case.refresh_from_db()
    closure.refresh_from_db()
    assert (case.status, case.ended_at) == (CaseStatus.REOPENED, None)
    assert case.update_due_on == dt.date(2026, 3, 20)
    assert case.risk_due_on == dt.date(2026, 3, 6)
    assert (closure.reopened_by, closure.reopen_reason) == (ann, "It began again")
    with pytest.raises(CannotClose, match="Score the risk"):
        closed(case, ann, at=NOON + 3 * DAY)


def test_what_is_open_is_not_opened_again(case, ann):
    with pytest.raises(CannotReopen, match="is not closed"):
        closing.reopen(case=case, reason="Again", by=ann, at=NOON)


def test_a_report_that_should_join_a_closed_case_is_told_to_reopen_it(case, ann, team):
    closed(case, ann)

    with pytest.raises(CannotJoin, match="Reopen it first"):
        decided(ReportFactory(lead=team), ann, outcome="joined", case=case)
