"""What the tests of closing share: a case that is ready to end, and its ending."""

import datetime as dt
from typing import Any

from cases.enums import AssessmentKind, Risk
from cases.models import Case, Closure, Person, RiskTemplate
from cases.services import closing
from cases.services.closing import Ending
from csp.agencies.models import User
from tests.factories.cases import NOON, PersonFactory
from tests.factories.casework import CasePersonFactory, RiskAssessmentFactory, RiskTemplateFactory

TOLD = Ending(reason="early", note="The gate is mended", told_how="Told on the phone")


def victim(
    case: Case, scored_at: dt.datetime | None = NOON, kind: str = AssessmentKind.CLOSING, **fields: Any
) -> Person:
    """Somebody whose risk was scored."""
    person = PersonFactory(lead=case.lead, name="Vic Tims", **fields)
    CasePersonFactory(case=case, person=person)
    if scored_at:
        template = RiskTemplate.objects.filter(partnership=case.partnership).first()
        RiskAssessmentFactory(
            case=case,
            person=person,
            kind=kind,
            at=scored_at,
            template=template or RiskTemplateFactory(lead=case.lead),
        )
    return person


def high(case: Case) -> Case:
    Case.objects.filter(pk=case.pk).update(risk=Risk.HIGH)
    case.refresh_from_db()
    return case


def closed(case: Case, by: User, ending: Ending = TOLD, at: dt.datetime = NOON) -> Closure:
    closure = closing.propose_closing(case=case, ending=ending, by=by, at=at)
    case.refresh_from_db()
    return closure
