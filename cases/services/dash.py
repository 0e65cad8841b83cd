"""The DASH checklist for domestic abuse: its result is kept apart, and never moves a score or a priority."""

import datetime as dt

from django.db import transaction

from cases.models import MARAC_TICKS, Case, DashAssessment, Person
from cases.services.cases import lock_case
from cases.services.risk import people_at_risk
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken


class CannotRecordDash(RuleBroken): ...


@transaction.atomic
def record_dash(
    *,
    case: Case,
    person: Person,
    done_on: dt.date,
    ticks: int,
    questions: int,
    by: User,
    at: dt.datetime,
    judged_high: bool = False,
    judgement: str = "",
    marac_on: dt.date | None = None,
    no_marac_reason: str = "",
) -> DashAssessment:
    """Raises `CannotRecordDash`."""
    current = lock_case(case)
    made = DashAssessment(
        case=current,
        person=person,
        done_on=done_on,
        ticks=ticks,
        questions=questions,
        judged_high=judged_high,
        judgement=judgement if judged_high else "",
        marac_on=marac_on,
        no_marac_reason="" if marac_on else no_marac_reason,
        by=by,
        at=at,
    )
    refuse_dash(made, at)
    same = {name: getattr(made, name) for name in ("person", "done_on", "ticks", "questions", "judged_high")}
    known = DashAssessment.objects.filter(case=current, by=by, marac_on=made.marac_on, **same).first()
    if known is not None:
        return known
    made.save(force_insert=True)
    record(
        "dash.recorded",
        by=by,
        target=current,
        person=person.pk,
        ticks=ticks,
        suggests_marac=made.suggests_marac,
        referred=made.marac_on is not None,
    )
    return made


def refuse_dash(made: DashAssessment, at: dt.datetime) -> None:
    today = local_day(at)
    if not made.case.is_open:
        raise CannotRecordDash(f"{made.case} is {made.case.get_status_display().lower()}. Reopen it first")
    if not people_at_risk(made.case).filter(pk=made.person_id).exists():
        raise CannotRecordDash("This person is not among those affected in the case. Add them to it first")
    if made.ticks > made.questions:
        raise CannotRecordDash(f"There cannot be more ticks than the {made.questions} questions")
    if made.done_on > today or (made.marac_on and made.marac_on > today):
        raise CannotRecordDash("Dates must be today or in the past")
    if made.judged_high and not made.judgement:
        raise CannotRecordDash("Enter why you judge the risk to be high")
    if made.suggests_marac and not made.marac_on and not made.no_marac_reason:
        raise CannotRecordDash(
            f"{MARAC_TICKS} ticks or more, or high by judgement, suggests MARAC. "
            "Enter when it was referred, or why it was not"
        )
