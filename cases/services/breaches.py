"""A condition of a power was broken: what, when, what shows it, and what was done about it."""

import dataclasses
import datetime as dt
import uuid
from decimal import Decimal

from django.db import transaction

from cases.enums import BreachResponse, InterventionStatus, PowerLimit
from cases.models import Evidence, Intervention, InterventionBreach, InterventionCondition
from cases.services.interventions import LimitsBroken, PowerRefused, note_limits
from cases.services.power_limits import penalty_problems
from cases.services.power_rules import power_name, rules_on
from cases.services.texts import refuse_unstorable_in
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.calendar import local_day


@dataclasses.dataclass(frozen=True, kw_only=True)
class BreachDetails:
    happened_on: dt.date
    what: str
    response: str
    condition: InterventionCondition | None = None
    evidence: Evidence | None = None
    penalty: Decimal | None = None


@transaction.atomic
def record_breach(
    *,
    power: Intervention,
    details: BreachDetails,
    by: User,
    at: dt.datetime,
    token: uuid.UUID | None = None,
    reason: str = "",
) -> InterventionBreach:
    """Write it down, also after the power has ended. The same form sent twice makes one."""
    held = Intervention.objects.select_related("case__partnership").select_for_update(of=("self",))
    current = held.get(pk=power.pk)
    if token is not None and (twin := InterventionBreach.objects.filter(form_token=token, by=by).first()):
        return twin
    refuse_unstorable_in(details)
    _refuse_outside(current, details, at)
    _refuse_penalty(current, details, reason, by, at)
    breach = InterventionBreach.objects.create(
        intervention=current, by=by, at=at, form_token=token, **vars(details)
    )
    record(
        "power.breached",
        by=by,
        target=current.case,
        power=current.pk,
        breach=breach.pk,
        response=breach.response,
    )
    return breach


def _refuse_outside(power: Intervention, details: BreachDetails, at: dt.datetime) -> None:
    """Only what happened while it was in force can break it."""
    name, day = power_name(power.kind), details.happened_on
    never = power.status == InterventionStatus.DRAFT or power.served_at is None
    if never:
        raise PowerRefused("This was never served, so nothing can break it. Serve it first")
    if day > local_day(at):
        raise PowerRefused("The breach cannot be in the future. Check the date", "happened_on")
    starts = power.starts_at or power.served_at
    if starts and day < local_day(starts):
        raise PowerRefused(f"The {name} was not in force yet on that day. Check the date", "happened_on")
    last = power.ended_on or (local_day(power.ends_at) if power.ends_at else None)
    if last and day > last:
        raise PowerRefused(f"The {name} had ended by that day. Check the date", "happened_on")
    if details.condition is not None and details.condition.intervention_id != power.pk:
        raise PowerRefused("Choose one of its conditions", "condition")


def _refuse_penalty(
    power: Intervention, details: BreachDetails, reason: str, by: User, at: dt.datetime
) -> None:
    """The rules of the day of the conduct: nobody pays more than they could have known of."""
    if details.response != BreachResponse.FIXED_PENALTY:
        if details.penalty is not None:
            raise PowerRefused("Choose fixed penalty as the response, or leave the amount empty", "penalty")
        return
    rules = rules_on(power.case.partnership, details.happened_on)
    if not any(rule.kind == power.kind and rule.limit == PowerLimit.PENALTY for rule in rules):
        name = power_name(power.kind)
        raise PowerRefused(
            f"There is no fixed penalty for breach of a {name}. Choose another response", "response"
        )
    if details.penalty is None or details.penalty <= 0:
        raise PowerRefused("Enter the amount of the fixed penalty", "penalty")
    problems = penalty_problems(power.kind, details.penalty, rules, details.happened_on)
    if any(problem.refuses for problem in problems) or (problems and not reason.strip()):
        raise LimitsBroken(problems)
    if problems:
        note_limits(power, problems, reason, by=by, at=at)
        power.save(update_fields=["limits_noted"])
