"""The pages of risk and problem solving, from the demo."""

from typing import Any

from django.utils import timezone

from cases.enums import AFFECTED_ROLES, AssessmentKind, LinkRole
from cases.models import Case, CasePerson, Person, RiskAssessment
from cases.services import risk_scoring
from cases.services.risk_templates import questions_of, sorted_options, template_on
from csp.agencies.models import User

WHO = {
    "cases:risk": "officer",
    "cases:assess": "officer",
    "cases:assessment": "officer",
    "cases:add_dash": "officer",
    "cases:problem": "officer",
    "cases:edit_problem": "officer",
    "risk_templates:list": "admin",
    "risk_templates:new": "admin",
    "risk_templates:detail": "admin",
}
NO_PAGE = {"cases:refer_risk", "risk_templates:cancel"}


def _scored() -> Any:
    """A score on a case of the officer: one of the demo's, or made here."""
    officer = User.objects.get(email="officer@demo.example")
    links = CasePerson.objects.filter(
        role__in=AFFECTED_ROLES, case__lead__in=officer.partner_ids, case__restricted=False,
        case__ended_at=None, person__merged_into=None,
    )  # fmt: skip
    link = links.select_related("case__partnership", "person").order_by("pk").first() or _link(officer)
    known = RiskAssessment.objects.filter(case=link.case, person=link.person).first()
    if known:
        return known
    at = timezone.now()
    template = template_on(link.case.partnership, timezone.localdate(at))
    return risk_scoring.score_person(
        case=link.case,
        person=link.person,
        template=template,
        kind=AssessmentKind.INTAKE,
        answers={question: sorted_options(question)[-1] for question in questions_of(template)},
        seen=None,
        by=officer,
        at=at,
    )


def _link(officer: User) -> CasePerson:
    """Somebody affected, in a case that has nobody yet."""
    case = Case.objects.filter(lead__in=officer.partner_ids, restricted=False, ended_at=None).first()
    person = Person.objects.filter(partnership=case.partnership_id, merged_into=None).first()
    return CasePerson.objects.create(case=case, person=person, role=LinkRole.VICTIM, added_at=timezone.now())


def _case() -> str:
    return _scored().case.reference


def _person() -> int:
    return _scored().person_id


ARGUMENTS = {
    "cases:risk": (_case,),
    "cases:assess": (_case, _person),
    "cases:add_dash": (_case, _person),
    "cases:assessment": (_case, lambda: _scored().pk),
    "cases:problem": (_case,),
    "cases:edit_problem": (_case,),
    "risk_templates:detail": (lambda: _scored().template_id,),
}
