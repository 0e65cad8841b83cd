"""Scoring one person's risk in a case: the sum of the answers, and the judgement of who asked."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from cases import tasks
from cases.enums import AssessmentKind, Risk
from cases.models import Case, Person, RiskAnswer, RiskAssessment, RiskOption, RiskQuestion, RiskTemplate
from cases.services.cases import lock_case
from cases.services.risk import (
    INCIDENT,
    latest_assessments,
    people_at_risk,
    settle_review,
    weigh_case,
)
from cases.services.risk_templates import questions_of
from csp.actions.models import Action
from csp.actions.services import give_action
from csp.agencies.enums import TermKey
from csp.agencies.models import User
from csp.agencies.models.terms import term
from csp.audit.services import record
from csp.core.calendar import add_working_days, local_day
from csp.core.errors import RuleBroken
from csp.core.words import moment_words

REFER_WITHIN = 2
"""Working days in which high risk is referred to the meeting."""


class CannotScore(RuleBroken): ...


class ScoredMeanwhile(CannotScore):
    """Somebody else scored the same person while the page was open. `latest` is what they found."""

    def __init__(self, latest: RiskAssessment) -> None:
        super().__init__(
            f"{latest.by} scored this person at {moment_words(latest.at)}: {latest.score}, "
            f"{latest.get_risk_display().lower()}. Send yours as well if it still stands"
        )
        self.latest = latest


def kind_due(case: Case, latest: RiskAssessment | None) -> AssessmentKind:
    """What the next score is most likely for."""
    if latest is None:
        return AssessmentKind.INTAKE
    if case.risk_due_because.startswith(INCIDENT):
        return AssessmentKind.INCIDENT
    return AssessmentKind.REVIEW


def score_of(options: Mapping[RiskQuestion, RiskOption]) -> int:
    return sum(option.score for option in options.values())


@transaction.atomic
def score_person(
    *,
    case: Case,
    person: Person,
    template: RiskTemplate,
    kind: str,
    answers: Mapping[RiskQuestion, RiskOption],
    seen: int | None,
    by: User,
    at: dt.datetime,
    risk: int | None = None,
    override_reason: str = "",
    note: str = "",
) -> RiskAssessment:
    """`seen` is the person's latest assessment that the assessor had before them, `risk` their own judgement
    where it differs from the score. The same sent twice is kept once. Raises `CannotScore`.
    """
    current = lock_case(case)
    refuse_score(current, person, template, answers, at)
    score = score_of(answers)
    scored = template.band(score)
    holds = Risk(risk) if risk else scored
    if holds != scored and not override_reason:
        raise CannotScore("Enter why your judgement differs from the score")
    latest = latest_assessments(current).get(person.pk)
    if latest is not None and latest.pk != seen:
        if same_again(latest, kind, answers, holds, by):
            return latest
        raise ScoredMeanwhile(latest)
    made = RiskAssessment.objects.create(
        case=current,
        person=person,
        template=template,
        kind=kind,
        score=score,
        scored=scored,
        risk=holds,
        override_reason=override_reason if holds != scored else "",
        note=note,
        by=by,
        at=at,
    )
    RiskAnswer.objects.bulk_create(
        RiskAnswer(assessment=made, question=question, option=option) for question, option in answers.items()
    )
    settle_review(weigh_case(current), at)
    record(
        "risk.assessed",
        by=by,
        target=current,
        person=person.pk,
        kind=made.kind,
        score=score,
        scored=scored.label,
        band=holds.label,
    )
    if holds == Risk.HIGH and (latest is None or latest.risk < Risk.HIGH):
        tasks.tell_of_high_risk.delay_on_commit(assessment_id=made.pk)
    return made


def refuse_score(
    case: Case,
    person: Person,
    template: RiskTemplate,
    answers: Mapping[RiskQuestion, RiskOption],
    at: dt.datetime,
) -> None:
    if not case.is_open:
        raise CannotScore(f"{case} is {case.get_status_display().lower()}. Reopen it to score risk")
    if not people_at_risk(case).filter(pk=person.pk).exists():
        raise CannotScore("This person is not among those affected in the case. Add them to it first")
    today = local_day(at)
    ended = template.ends_on is not None and template.ends_on < today  # who began before midnight may finish
    if template.partnership_id != case.partnership_id or template.starts_on > today or ended:
        raise CannotScore("These questions are not in use any more. Open the page again for the new ones")
    if set(answers) != set(questions_of(template)):
        raise CannotScore("Answer every question")


def same_again(
    latest: RiskAssessment, kind: str, answers: Mapping[RiskQuestion, RiskOption], holds: Risk, by: User
) -> bool:
    """The button was pressed twice: the same person sent the same answers."""
    said = set(latest.answers.values_list("question", "option"))
    sent = {(question.pk, option.pk) for question, option in answers.items()}
    return latest.by_id == by.pk and latest.kind == kind and latest.risk == holds and said == sent


@transaction.atomic
def refer_to_meeting(*, assessment: RiskAssessment, by: User, at: dt.datetime) -> Action:
    """An action of the leading team: bring the case to the next meeting. Asked twice, it is one action."""
    case = lock_case(assessment.case.merged_into or assessment.case)
    if not case.is_open:
        raise CannotScore(f"{case} is {case.get_status_display().lower()}. Reopen it to refer it")
    today = local_day(at)
    text = f"Refer {case} to the next {term(case.partnership, TermKey.TASKING_MEETING, today)}"
    given = case.actions.outstanding().filter(text=text, owner=case.lead_id).first()
    if given is not None:
        return given
    due_on = add_working_days(today, REFER_WITHIN)
    return give_action(lead=case.lead, owner=case.lead, text=text, due_on=due_on, by=by, at=at, target=case)
