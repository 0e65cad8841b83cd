"""Scores, bands, judgement, and when risk is due next."""

import datetime as dt

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from cases.enums import AssessmentKind, CaseStatus, LinkRole, ReportStatus, Risk
from cases.models import CaseStandard, RiskAssessment, RiskOption, RiskQuestion, RiskTemplate
from cases.services import risk, risk_chasing, risk_scoring, risk_templates
from cases.services.risk_scoring import CannotScore, ScoredMeanwhile
from cases.services.risk_templates import CannotChangeTemplate, Question
from csp.actions.models import Action
from csp.agencies.enums import Role
from csp.audit.models import Event
from csp.core.calendar import local_day
from tests.factories.agencies import user_at
from tests.factories.cases import NOON, CaseFactory, PersonFactory, ReportFactory
from tests.factories.casework import CasePersonFactory, RiskAssessmentFactory, RiskTemplateFactory

DAY = dt.timedelta(days=1)


@pytest.fixture
def case(db):
    case = CaseFactory(status=CaseStatus.OPEN)
    CasePersonFactory(case=case)
    return case


@pytest.fixture
def victim(case):
    return case.links.get().person


@pytest.fixture
def officer(case):
    return user_at(case.lead, Role.OFFICER)


@pytest.fixture
def template(case):
    """Five questions of 0 to 5, and one that brings any score up to 26."""
    template = RiskTemplateFactory(lead=case.lead)
    options = tuple((f"Says {score}", score) for score in range(6))
    risk_templates.put_questions(
        template,
        [Question(f"Question {number}", options) for number in range(1, 6)]
        + [Question("Anything else", (("No", 0), ("Yes", 1)))],
    )
    return template


def answers_worth(template, score):
    chosen = {}
    for question in risk_templates.questions_of(template):
        options = risk_templates.sorted_options(question)
        best = max((each for each in options if each.score <= score), key=lambda each: each.score)
        chosen[question] = best
        score -= best.score
    assert score == 0
    return chosen


def score(case, person, template, worth, *, by, at=NOON, seen=None, **more):
    return risk_scoring.score_person(
        case=case,
        person=person,
        template=template,
        kind=more.pop("kind", AssessmentKind.INTAKE),
        answers=answers_worth(template, worth),
        seen=seen,
        by=by,
        at=at,
        **more,
    )


@pytest.mark.parametrize(
    ("worth", "band"),
    [
        (0, Risk.STANDARD),
        (12, Risk.STANDARD),
        (13, Risk.MEDIUM),
        (22, Risk.MEDIUM),
        (23, Risk.HIGH),
        (26, Risk.HIGH),
    ],
)
def test_score_falls_into_its_band_and_sets_the_priority(case, victim, officer, template, worth, band):
    made = score(case, victim, template, worth, by=officer)
    case.refresh_from_db()
    assert (made.score, made.scored, made.risk, case.risk) == (worth, band, band, band)


@given(scores=st.lists(st.integers(0, 9), min_size=1, max_size=13))
def test_score_is_the_sum_of_its_answers(scores):
    answers = {RiskQuestion(pk=place): RiskOption(score=each) for place, each in enumerate(scores, start=1)}
    assert risk_scoring.score_of(answers) == sum(scores)


@given(low=st.integers(0, 60), more=st.integers(0, 60), medium=st.integers(1, 30), gap=st.integers(1, 30))
def test_more_points_never_mean_a_lower_band(low, more, medium, gap):
    template = RiskTemplate(medium_from=medium, high_from=medium + gap)
    assert template.band(low) <= template.band(low + more)


@pytest.mark.parametrize(("worth", "judged"), [(5, Risk.HIGH), (24, Risk.STANDARD)])
def test_judgement_goes_over_the_score_with_a_reason(case, victim, officer, template, worth, judged):
    made = score(case, victim, template, worth, by=officer, risk=judged, override_reason="She hides things")
    case.refresh_from_db()
    assert (made.risk, case.risk, made.override_reason) == (judged, judged, "She hides things")
    assert made.scored != judged


def test_judgement_without_a_reason_is_refused(case, victim, officer, template):
    with pytest.raises(CannotScore, match="Enter why your judgement differs"):
        score(case, victim, template, 5, by=officer, risk=Risk.HIGH)


def test_unanswered_question_is_refused(case, victim, officer, template):
    answers = answers_worth(template, 5)
    answers.popitem()
    with pytest.raises(CannotScore, match="Answer every question"):
        risk_scoring.score_person(
            case=case, person=victim, template=template, kind="intake", answers=answers, seen=None,
            by=officer, at=NOON,
        )  # fmt: skip


def test_closed_case_and_somebody_not_affected_are_refused(case, victim, officer, template):
    subject = CasePersonFactory(case=case, role=LinkRole.SUBJECT).person
    with pytest.raises(CannotScore, match="not among those affected"):
        score(case, subject, template, 5, by=officer)
    case.status, case.ended_at = CaseStatus.CLOSED, NOON
    case.save()
    with pytest.raises(CannotScore, match="Reopen it"):
        score(case, victim, template, 5, by=officer)


def test_second_assessor_is_told_and_the_same_answers_twice_are_one(case, victim, officer, template):
    first = score(case, victim, template, 14, by=officer)
    assert score(case, victim, template, 14, by=officer) == first
    other = user_at(case.lead, Role.OFFICER)
    with pytest.raises(ScoredMeanwhile, match="14, medium risk"):
        score(case, victim, template, 20, by=other)
    assert score(case, victim, template, 20, by=other, seen=first.pk).score == 20
    assert RiskAssessment.objects.count() == 2


def test_event_holds_score_and_band_and_no_name(case, victim, officer, template):
    score(case, victim, template, 24, by=officer)
    event = Event.objects.get(verb="risk.assessed")
    assert (event.detail["score"], event.detail["band"], event.detail["person"]) == (
        24,
        "High risk",
        victim.pk,
    )
    assert victim.name not in str(event.detail)


@pytest.mark.parametrize(("worth", "days"), [(0, 56), (13, 28), (23, 14)])
def test_next_review_follows_the_new_band(case, victim, officer, template, worth, days):
    score(case, victim, template, worth, by=officer)
    case.refresh_from_db()
    assert case.risk_due_on == local_day(NOON) + days * DAY
    assert case.risk_due_because == risk.REVIEW


def test_partnerships_own_standard_holds(case, victim, officer, template):
    CaseStandard.objects.create(
        partnership=case.partnership, risk=Risk.HIGH, review_days=7, update_days=5, starts_on="2020-01-01"
    )
    score(case, victim, template, 23, by=officer)
    case.refresh_from_db()
    assert case.risk_due_on == local_day(NOON) + 7 * DAY


def test_risk_stays_due_until_everybody_is_scored(case, victim, officer, template):
    other = CasePersonFactory(case=case, role=LinkRole.VICTIM).person
    risk.ask_for_risk(case=case, because=risk.INTAKE, on=local_day(NOON))
    score(case, victim, template, 14, by=officer)
    case.refresh_from_db()
    assert (case.risk_due_on, case.risk_due_because) == (local_day(NOON), risk.INTAKE)
    score(case, other, template, 2, by=officer)
    case.refresh_from_db()
    assert (case.risk_due_on, case.risk_due_because) == (local_day(NOON) + 28 * DAY, risk.REVIEW)


def test_somebody_new_is_scored_at_once_and_gone_changes_the_day(case, victim, officer, template):
    score(case, victim, template, 14, by=officer)
    other = CasePersonFactory(case=case, role=LinkRole.VICTIM)
    case.refresh_from_db()
    risk.risk_after_people(case=case, at=NOON + DAY)
    assert (case.risk_due_on, case.risk_due_because) == (local_day(NOON + DAY), risk.PERSON)
    other.delete()
    risk.risk_after_people(case=case, at=NOON + 2 * DAY)
    assert (case.risk_due_on, case.risk_due_because) == (local_day(NOON) + 28 * DAY, risk.REVIEW)


def test_priority_is_the_highest_of_the_people_in_the_case_now(case, victim, template):
    ReportFactory(
        lead=case.lead, case=case, status=ReportStatus.JOINED, clock_stopped_at=NOON, risk=Risk.MEDIUM
    )
    assert risk.weigh_case(case).risk == Risk.MEDIUM
    gone = PersonFactory(lead=case.lead)
    RiskAssessmentFactory(case=case, template=template, person=gone, scored=Risk.HIGH, score=30)
    assert risk.weigh_case(case).risk == Risk.MEDIUM
    RiskAssessmentFactory(case=case, template=template, person=victim, scored=Risk.HIGH, score=30)
    assert risk.weigh_case(case).risk == Risk.HIGH
    RiskAssessmentFactory(
        case=case, template=template, person=victim, scored=Risk.STANDARD, score=3, at=NOON + DAY
    )
    assert risk.weigh_case(case).risk == Risk.STANDARD


def test_riskier_report_asks_for_risk_and_does_not_set_it(case, victim):
    RiskAssessmentFactory(case=case, person=victim, scored=Risk.STANDARD, score=3)
    report = ReportFactory(
        lead=case.lead, case=case, status=ReportStatus.JOINED, clock_stopped_at=NOON, risk=Risk.HIGH
    )
    risk.risk_after_report(case=case, report=report, opened=False, at=NOON + DAY)
    case.refresh_from_db()
    assert case.risk == Risk.STANDARD
    assert case.risk_due_on == local_day(NOON + DAY)
    assert case.risk_due_because == "New incident, reported as high risk"


def test_case_with_nobody_affected_waits_for_no_score(db):
    case = CaseFactory()
    risk.ask_for_risk(case=case, because=risk.INTAKE, on=local_day(NOON))
    assert case.risk_due_on is None


@pytest.mark.parametrize(("days", "told"), [(-1, 0), (0, 1), (1, 1)])
def test_reminder_before_on_and_after_the_day_goes_once(case, officer, days, told):
    case.officer, case.risk_due_on = officer, local_day(NOON)
    case.save()
    at = NOON + days * DAY
    assert risk_chasing.remind_of_reviews(at=at) == told
    assert risk_chasing.remind_of_reviews(at=at) == 0
    assert len(mail.outbox) == told
    if told:
        assert mail.outbox[0].to == [officer.email]
        assert case.reference in mail.outbox[0].body


def test_next_date_is_told_of_again(case, officer):
    case.officer, case.risk_due_on = officer, local_day(NOON)
    case.save()
    risk_chasing.remind_of_reviews(at=NOON)
    case.risk_due_on += DAY
    case.save()
    assert risk_chasing.remind_of_reviews(at=NOON + DAY) == 1


def test_managers_hear_of_high_risk_once(case, victim, officer, template, django_capture_on_commit_callbacks):
    manager = user_at(case.lead, Role.MANAGER)
    with django_capture_on_commit_callbacks(execute=True):
        made = score(case, victim, template, 23, by=officer)
    risk_chasing.tell_of_high_risk(assessment_id=made.pk, at=NOON)
    assert [message.to for message in mail.outbox] == [[manager.email]]
    assert victim.name not in mail.outbox[0].body + mail.outbox[0].subject
    with django_capture_on_commit_callbacks(execute=True):
        score(case, victim, template, 24, by=officer, seen=made.pk)
    assert len(mail.outbox) == 1


def test_referral_is_one_action_of_the_team(case, victim, officer, template):
    made = score(case, victim, template, 23, by=officer)
    action = risk_scoring.refer_to_meeting(assessment=made, by=officer, at=dt.datetime.now(dt.UTC))
    again = risk_scoring.refer_to_meeting(assessment=made, by=officer, at=dt.datetime.now(dt.UTC))
    assert again == action == Action.objects.get()
    assert (action.owner, action.target) == (case.lead, case)
    assert action.text == f"Refer {case} to the next Joint Tasking Meeting"


def test_closing_needs_a_fresh_score_for_closing(case, victim, officer, template):
    assert risk.without_closing_assessment(case, NOON) == [victim]
    first = score(case, victim, template, 14, by=officer, kind=AssessmentKind.REVIEW)
    assert risk.without_closing_assessment(case, NOON) == [victim]
    score(case, victim, template, 14, by=officer, kind=AssessmentKind.CLOSING, seen=first.pk)
    case.refresh_from_db()
    assert risk.without_closing_assessment(case, NOON + 28 * DAY) == []
    assert risk.without_closing_assessment(case, NOON + 29 * DAY) == [victim]


def test_starter_asks_thirteen_questions_and_says_it_is_an_example(case):
    risk_templates.install_illustrative_template(case.partnership, local_day(NOON))
    template = RiskTemplate.objects.get(partnership=case.partnership)
    assert template.illustrative
    assert (template.medium_from, template.high_from) == (13, 23)
    assert template.questions.count() == 13
    risk_templates.install_illustrative_template(case.partnership, local_day(NOON))
    assert RiskTemplate.objects.filter(partnership=case.partnership).count() == 1


def test_questions_of_a_version_that_has_started_stay(template):
    question = template.questions.first()
    question.text = "Something else"
    for change in (question.save, question.delete, question.options.first().delete):
        with pytest.raises(DatabaseError, match="start a new version"), transaction.atomic():
            change()


def test_used_version_takes_no_more_questions(case, victim, officer, template):
    score(case, victim, template, 3, by=officer)
    with pytest.raises(DatabaseError, match="start a new version"), transaction.atomic():
        RiskQuestion.objects.create(template=template, position=99, text="One more")


def start_version(case, officer, *, starts_on, **more):
    today = dt.datetime.now(dt.UTC)
    options = (("No", 0), ("Yes", 30))
    return risk_templates.start_version(
        partnership=case.partnership,
        name="Ours",
        questions=more.pop("questions", [Question("Is it bad?", options)]),
        medium_from=more.pop("medium_from", 10),
        high_from=more.pop("high_from", 20),
        starts_on=starts_on,
        by=officer,
        at=today,
    )


def test_new_version_ends_the_one_before_and_old_scores_keep_theirs(case, victim, officer, template):
    made = score(case, victim, template, 14, by=officer)
    today = local_day(dt.datetime.now(dt.UTC))
    new = start_version(case, officer, starts_on=today)
    template.refresh_from_db()
    made.refresh_from_db()
    assert template.ends_on == today
    assert risk_templates.template_on(case.partnership, today) == new
    assert risk_templates.template_on(case.partnership, today - DAY) == template
    assert made.template == template
    assert made.answers.count() == 6


def test_planned_version_can_be_cancelled_and_the_one_before_goes_on(case, officer, template):
    today = local_day(dt.datetime.now(dt.UTC))
    planned = start_version(case, officer, starts_on=today + DAY)
    with pytest.raises(CannotChangeTemplate, match="planned already"):
        start_version(case, officer, starts_on=today + 2 * DAY)
    risk_templates.cancel_version(template=planned, by=officer, at=dt.datetime.now(dt.UTC))
    template.refresh_from_db()
    assert template.ends_on is None
    assert RiskTemplate.objects.get() == template


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"questions": []}, "at least one question"),
        ({"questions": [Question("Is it?", (("No", 0),))]}, "at least two answers"),
        ({"medium_from": 20, "high_from": 20}, "must begin above"),
        ({"high_from": 31}, "highest possible score is 30"),
    ],
)
def test_version_that_cannot_work_is_refused(case, officer, change, message):
    with pytest.raises(CannotChangeTemplate, match=message):
        start_version(case, officer, starts_on=local_day(dt.datetime.now(dt.UTC)), **change)


def test_version_never_starts_in_the_past(case, officer, template):
    with pytest.raises(CannotChangeTemplate, match="today or a later day"):
        start_version(case, officer, starts_on=local_day(dt.datetime.now(dt.UTC)) - DAY)
