"""Telling people about risk: of a review that fell due, and of somebody at high risk. Each once."""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef

from cases import notifications
from cases.enums import Risk
from cases.models import Case, RiskAssessment, RiskNotice
from cases.services.staff import managers
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.calendar import local_day

AT_ONCE = 500


def remind_of_reviews(*, at: dt.datetime) -> int:
    """Tell whose review is due today or late, once for each date. Says how many cases it told of."""
    told = RiskNotice.objects.filter(case=OuterRef("pk"), due_on=OuterRef("risk_due_on"))
    due = Case.objects.open().filter(~Exists(told), risk_due_on__lte=local_day(at))
    ids = due.order_by("risk_due_on", "pk").values_list("pk", flat=True)[:AT_ONCE]
    return sum(_remind(pk, at) for pk in ids)


@transaction.atomic
def _remind(case_id: int, at: dt.datetime) -> int:
    """Locked while the message goes out: a second run passes by, and finds the notice when it comes again."""
    held = Case.objects.select_for_update(of=("self",), skip_locked=True).select_related("lead", "officer")
    case = held.open().filter(pk=case_id, risk_due_on__lte=local_day(at)).first()
    if case is None:
        return 0
    _, is_new = RiskNotice.objects.get_or_create(case=case, due_on=case.risk_due_on, defaults={"at": at})
    if not is_new:
        return 0
    to = [case.officer] if case.officer and case.officer.is_active else managers_who_see(case, at)
    record("risk.chased", target=case, due=str(case.risk_due_on), told=len(to))
    notifications.risk_review_due(case, addresses_of(to))
    return 1


@transaction.atomic
def tell_of_high_risk(*, assessment_id: int, at: dt.datetime) -> None:
    """The managers of the leading team learn of it. Safe to run twice."""
    found = RiskAssessment.objects.select_for_update(of=("self",)).select_related("case__lead")
    assessment = found.filter(pk=assessment_id, risk=Risk.HIGH).first()
    if assessment is None:
        return
    case = assessment.case
    _, is_new = RiskNotice.objects.get_or_create(assessment=assessment, defaults={"case": case, "at": at})
    if is_new:
        notifications.high_risk(case, addresses_of(managers_who_see(case, at)))


def managers_who_see(case: Case, at: dt.datetime) -> list[User]:
    """Of a restricted case, only those named."""
    people = managers(case.lead, local_day(at))
    return [user for user in people if Case.objects.visible_to(user).filter(pk=case.pk).exists()]


def addresses_of(people: list[User]) -> list[str]:
    return [person.email for person in people if person.email]
