"""How much the people in a case are at risk, and when somebody must look at that again.

The priority of a case is the highest latest band among the victims who are in it now, because a person has
judged those. Until one of them is scored it is the highest risk of its reports, which a rule has judged. A
report that joins later and is riskier than the case does not put itself over that judgement: it asks for risk
to be scored again at once, and says why.
"""

import datetime as dt
from collections.abc import Callable

from django.db.models import Max, QuerySet
from django.db.models.functions import Coalesce

from cases.enums import AFFECTED_ROLES, AssessmentKind, Risk
from cases.models import Case, CasePerson, CaseStandard, Decision, Person, Report, RiskAssessment
from csp.agencies.models import Partnership, User
from csp.core.calendar import local_day

INTAKE, INCIDENT, REVIEW, PERSON = "New case", "New incident", "Review", "Somebody new in the case"
"""Why risk is due. Other parts of the room give reasons of their own, such as that a case was reopened."""

DEFAULT_CASE_STANDARDS: dict[Risk, tuple[int, int]] = {
    Risk.STANDARD: (56, 10),
    Risk.MEDIUM: (28, 10),
    Risk.HIGH: (14, 10),
}
"""Days to the next review and working days to the next update. They hold where a partnership has none."""


def case_standard_on(partnership: Partnership, risk: int, day: dt.date) -> CaseStandard:
    own = CaseStandard.objects.on(day).filter(partnership=partnership, risk=risk).order_by("-starts_on")
    review, update = DEFAULT_CASE_STANDARDS[Risk(risk)]
    usual = CaseStandard(
        partnership=partnership, risk=risk, review_days=review, update_days=update, starts_on=day
    )
    return own.first() or usual


def people_at_risk(case: Case, user: User | None = None) -> QuerySet[Person]:
    """Whose risk is scored: everybody affected who is in the case now, each once, whoever was merged.

    For a page, those whom `user` may read of: what was merged into the case has its own gate.
    """
    links = CasePerson.objects.filter(case__in=case.family, role__in=AFFECTED_ROLES)
    if user is not None:
        links = links.visible_to(user)
    ids = links.values_list(Coalesce("person__merged_into", "person"))
    return Person.objects.filter(pk__in=ids).order_by("name", "pk")


def latest_assessments(case: Case) -> dict[int, RiskAssessment]:
    """By person: the last time each was scored in this case."""
    scored = RiskAssessment.objects.filter(case__in=case.family)
    scored = scored.annotate(whose=Coalesce("person__merged_into", "person"))
    latest = scored.order_by("whose", "-at", "-pk").distinct("whose").select_related("template", "by")
    return {assessment.whose: assessment for assessment in latest}


def weigh_case(case: Case) -> Case:
    """Set the priority of the case, or of the one it is merged into, from what is known now."""
    case = case.merged_into or case
    latest = latest_assessments(case)
    bands = [latest[pk].risk for pk in people_at_risk(case).values_list("pk", flat=True) if pk in latest]
    reports = Report.objects.filter(case__in=case.family)
    highest = max(bands) if bands else reports.aggregate(highest=Max("risk"))["highest"] or Risk.STANDARD
    if highest != case.risk:
        case.risk = highest
        case.save(update_fields=["risk"])
    return case


def ask_for_risk(*, case: Case, because: str, on: dt.date) -> Case:
    """Everybody at risk in the case must be scored by `on`. What was asked for earlier stays."""
    case = case.merged_into or case
    if not case.is_open or not people_at_risk(case).exists():
        return case
    if case.risk_due_because != INTAKE:
        case.risk_due_because = because
    case.risk_due_on = min(on, case.risk_due_on or on)
    case.save(update_fields=["risk_due_on", "risk_due_because"])
    return case


def risk_after_report(*, case: Case, report: Report, opened: bool, at: dt.datetime) -> None:
    """A report came into the case, and whom it brought is in it."""
    weigh_case(case)
    because = INTAKE if opened else INCIDENT
    if not opened and report.risk > case.risk:
        because = f"{INCIDENT}, reported as {report.get_risk_display().lower()}"
    ask_for_risk(case=case, because=because, on=local_day(at))


def risk_without_report(*, case: Case, at: dt.datetime) -> None:
    """A report left the case again, and what it asked for with it."""
    case = weigh_case(case)
    if case.risk_due_because.startswith(INCIDENT):
        case.risk_due_because = REVIEW
    settle_review(case, at)


def risk_after_people(*, case: Case, at: dt.datetime) -> None:
    """Somebody came into the case, left it, or is something else in it."""
    settle_review(weigh_case(case), at)


def settle_review(case: Case, at: dt.datetime) -> Case:
    """When risk is due next. What was asked for stays until everybody has been scored since."""
    if not case.is_open:
        return case
    latest, answered = latest_assessments(case), scored_since_asked(case)
    people = list(people_at_risk(case).values_list("pk", flat=True))
    if not people:
        case.risk_due_on, case.risk_due_because = None, ""
    elif all(answered(latest.get(pk)) for pk in people):
        days = case_standard_on(case.partnership, case.risk, local_day(at)).review_days
        oldest = min(local_day(latest[pk].at) for pk in people)
        case.risk_due_on, case.risk_due_because = oldest + dt.timedelta(days=days), REVIEW
    elif case.risk_due_on is None or (case.risk_due_because == REVIEW and not set(people) <= set(latest)):
        case.risk_due_on, case.risk_due_because = local_day(at), PERSON if latest else INTAKE
    case.save(update_fields=["risk_due_on", "risk_due_because"])
    return case


def scored_since_asked(case: Case) -> Callable[[RiskAssessment | None], bool]:
    """Tells of a score whether it answers what the case waits for. Reviews are answered by their clock."""
    asked_on = None if case.risk_due_because in ("", REVIEW, PERSON) else case.risk_due_on
    came = Decision.objects.filter(case__in=case.family, undone_at=None).aggregate(at=Max("at"))["at"]

    def answers(latest: RiskAssessment | None) -> bool:
        return (
            latest is not None
            and (asked_on is None or local_day(latest.at) >= asked_on)
            and (came is None or latest.at >= came)
        )

    return answers


def without_closing_assessment(case: Case, at: dt.datetime) -> list[Person]:
    """Who must be scored before the case closes: whose last score was for something else, or is too old."""
    latest = latest_assessments(case)
    reopened = case.closures.aggregate(at=Max("reopened_at"))["at"]
    return [
        person
        for person in people_at_risk(case)
        if not _scored_to_close(case, latest.get(person.pk), reopened, at)
    ]


def _scored_to_close(
    case: Case, latest: RiskAssessment | None, reopened: dt.datetime | None, at: dt.datetime
) -> bool:
    if latest is None or latest.kind != AssessmentKind.CLOSING or not scored_since_asked(case)(latest):
        return False
    days = case_standard_on(case.partnership, latest.risk, local_day(at)).review_days
    in_time = local_day(at) <= local_day(latest.at) + dt.timedelta(days=days)
    return in_time and (reopened is None or latest.at > reopened)
