"""Risk: scores and their answers, DASH results and the questions; and the problem-solving sheet."""

import datetime as dt
from typing import Any

from django.utils import timezone

from cases.enums import LinkRole, Risk
from cases.models import DashAssessment, ProblemSheet, RiskAnswer, RiskQuestion
from cases.services import risk_templates
from cases.services.risk_templates import Question
from tests.access.roles import FULL
from tests.factories.actions import ActionFactory
from tests.factories.cases import PersonFactory
from tests.factories.casework import CasePersonFactory, RiskAssessmentFactory, RiskTemplateFactory

VICTIM = "Philippa Undershaw"
JUDGED = "she says less than she fears"
MARAC = "the panel heard of her in spring"
HYPOTHESIS = "the bus shelter has no light"

TABLE = """
#                                         off man pol hou hea lea pro boa aud adm wes anonymous
cases:risk                           GET  ok  ok  no  ok  --  ok  --  --  --  --  --  in
cases:assess                         GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:assess                         POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:assessment                     GET  ok  ok  no  ok  --  ok  --  --  --  --  --  in
cases:refer_risk                     POST >>  >>  no  no  --  no  --  --  --  --  --  in
cases:add_dash                       GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:add_dash                       POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:problem                        GET  ok  ok  no  ok  --  ok  --  --  --  --  --  in
cases:edit_problem                   GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:edit_problem                   POST ok  ok  no  no  --  no  --  --  --  --  --  in
risk_templates:list                  GET  no  no  no  no  no  no  no  no  no  ok  no  in
risk_templates:new                   GET  no  no  no  no  no  no  no  no  no  ok  no  in
risk_templates:new                   POST no  no  no  no  no  no  no  no  no  ok  no  in
risk_templates:detail                GET  no  no  no  no  no  no  no  no  no  ok  no  in
risk_templates:cancel                POST no  no  no  no  no  no  no  no  no  >>  no  in
"""

ARGUMENTS = {
    "cases:assess": lambda w: [w.case.reference, w.victim.pk],
    "cases:add_dash": lambda w: [w.case.reference, w.victim.pk],
    "cases:assessment": lambda w: [w.case.reference, w.assessment.pk],
    "cases:refer_risk": lambda w: [w.case.reference, w.assessment.pk],
    "risk_templates:detail": lambda w: [w.planned_template.pk],
    "risk_templates:cancel": lambda w: [w.risk_template.pk],
}

MAY_READ = {VICTIM: FULL, JUDGED: FULL, MARAC: FULL, HYPOTHESIS: FULL}

LISTS = """
    admin     risk_templates:list
"""
PAGES = """
    admin     risk_templates:detail
    officer   cases:risk
    housing   cases:risk
    officer   cases:assess
    housing   cases:problem
"""


def records(world: Any) -> dict[str, Any]:
    """A victim at high risk by judgement, whom a DASH list is about too."""
    officer, at = world.users["officer"], timezone.now()
    victim = PersonFactory(lead=world.team, name=VICTIM, search_key=VICTIM.lower())
    CasePersonFactory(case=world.case, person=victim, role=LinkRole.VICTIM)
    template = RiskTemplateFactory(lead=world.team)
    risk_templates.put_questions(template, [Question("Is it bad?", (("No", 0), ("Yes", 30)))])
    question = template.questions.get()
    assessment = RiskAssessmentFactory(
        case=world.case, person=victim, template=template, by=officer, at=at,
        score=0, scored=Risk.STANDARD, risk=Risk.HIGH, override_reason=JUDGED,
    )  # fmt: skip
    RiskAnswer.objects.create(assessment=assessment, question=question, option=question.options.first())
    DashAssessment.objects.create(
        case=world.case, person=victim, done_on=at.date(), ticks=15, no_marac_reason=MARAC, by=officer, at=at
    )
    ProblemSheet.objects.create(case=world.case, hypothesis=HYPOTHESIS, changed_by=officer, changed_at=at)
    ActionFactory(  # the referral is made once: to ask again gives the same one
        lead=world.team,
        owner=world.team,
        text=f"Refer {world.case} to the next Joint Tasking Meeting",
        target=world.case,
    )
    planned = RiskTemplateFactory(lead=world.team, starts_on=at.date() + dt.timedelta(days=30))
    return {
        "victim": victim,
        "risk_template": template,
        "planned_template": planned,
        "assessment": assessment,
    }


def grow(world: Any, number: int) -> None:
    """Another victim, scored once more each time, and a version of the questions that held once."""
    person = PersonFactory(lead=world.team, name=f"Victim {number}", search_key=f"victim {number}")
    CasePersonFactory(case=world.case, person=person, role=LinkRole.VICTIM)
    given = {"case": world.case, "template": world.risk_template, "by": world.users["officer"]}
    for whom in (person, world.victim):
        RiskAssessmentFactory(person=whom, **given)
    words = f"Is it worse on day {number}?"
    asked = RiskQuestion.objects.create(template=world.planned_template, position=number, text=words)
    asked.options.create(position=1, label="No", score=0)
    start = dt.date(2010, 1, 1) + dt.timedelta(days=number)
    RiskTemplateFactory(lead=world.team, starts_on=start, ends_on=start)
