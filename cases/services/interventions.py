"""Powers on a case, as drafts and as they are served. `power_steps` and `breaches` have what comes after."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from cases.enums import (
    MAY_FOLLOW,
    NEEDS_CONDITIONS,
    OF_A_PLACE,
    InterventionKind,
    InterventionStatus,
    PowerLimit,
)
from cases.models import Case, Intervention, InterventionCondition, Person, PowerRule
from cases.services import power_limits
from cases.services.cases import lock_case
from cases.services.keys import split_postcode
from cases.services.people import place_of
from cases.services.power_limits import Draft, Problem
from cases.services.power_rules import power_name, rules_on
from cases.services.texts import refuse_unstorable_in
from csp.agencies.models import Partner, User
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken
from csp.core.text import mid_sentence, one_line

STATUS = InterventionStatus
NOT_DISCLOSED = "Address not disclosed"


class PowerRefused(RuleBroken):
    """It cannot be done. `field` is the box to look at, where there is one."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class LimitsBroken(RuleBroken):
    """Limits that are not kept. Where none of them refuses, a reason lets it pass."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(". ".join(map(str, problems)))
        self.problems = list(problems)

    @property
    def may_pass(self) -> bool:
        return not any(problem.refuses for problem in self.problems)


@dataclasses.dataclass(frozen=True, kw_only=True)
class PowerDetails:
    """A power as it is drafted."""

    kind: str
    issuer: Partner
    issued_by: str
    grounds: str
    person: Person | None = None
    body: str = ""
    where: str = ""
    """Address of the premises, with its postcode."""
    area: str = ""
    follows: Intervention | None = None
    consulted: str = ""
    conditions: tuple[tuple[str, str], ...] = ()
    """Kind and text of each, in order."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Served:
    """That it was served, or made by a court: when, how, on whom, and how long it runs."""

    served_at: dt.datetime
    service_method: str
    served_to: str = ""
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    hearing_at: dt.datetime | None = None
    review_on: dt.date | None = None
    penalty: Decimal | None = None


def draft_of(power: Intervention, **changes: Any) -> Draft:
    """The power, with what before it matters, as the limits are checked on it."""
    before = power.follows
    known = {
        name: getattr(power, name)
        for name in (
            "kind", "status", "body", "served_at", "starts_at", "ends_at", "ended_on", "hearing_at",
            "review_on", "penalty",
        )
    }  # fmt: skip
    rows = power.conditions.values_list("kind", "text")
    draft = Draft(
        **known,
        person=power.person_id,
        place=power.place_id,
        born_on=power.person.born_on if power.person else None,
        conditions=frozenset((kind, one_line(text).casefold()) for kind, text in rows),
        follows=draft_of(before) if before else None,
    )
    return dataclasses.replace(draft, **changes)


def day_that_counts(draft: Draft, on: dt.date) -> dt.date:
    """Whose rules: the day of issue; for a fixed penalty given by itself, the day of the conduct."""
    if draft.kind == InterventionKind.FIXED_PENALTY and draft.starts_at:
        return local_day(draft.starts_at)
    return local_day(draft.served_at) if draft.served_at and not draft.extended_from else on


def problems_of(power: Intervention, on: dt.date, **changes: Any) -> list[Problem]:
    draft = draft_of(power, **changes)
    day = day_that_counts(draft, on)
    rules = rules_on(power.case.partnership, day)
    found = power_limits.problems(draft, rules, day)
    before = draft.follows
    if draft.kind == InterventionKind.FIXED_PENALTY and before is not None:
        found += power_limits.penalty_problems(before.kind, draft.penalty, rules, day)
    if draft.kind == InterventionKind.CLOSURE_ORDER and before is not None and before.served_at is not None:
        served = rules_on(power.case.partnership, local_day(before.served_at))
        found += power_limits.hearing_problems(before, served)
    return found


def rules_for(power: Intervention, on: dt.date) -> list[PowerRule]:
    """The limits that a page about this power shows."""
    day = day_that_counts(draft_of(power), on)
    return [rule for rule in rules_on(power.case.partnership, day) if rule.kind == power.kind]


def powers_before(case: Case, kind: str, user: User) -> list[Intervention]:
    """What a power of this kind could follow: served, and not withdrawn."""
    powers = Intervention.objects.visible_to(user).with_kept_safe()
    powers = powers.filter(case__in=case.family, kind__in=MAY_FOLLOW.get(kind, ()))
    served = powers.exclude(status__in=[STATUS.DRAFT, STATUS.WITHDRAWN])
    return list(served.select_related("person", "place", "issuer").order_by("-served_at", "-pk"))


def address_of(power: Any, user: User) -> str:
    """Of a power read `with_kept_safe`: an address not to be disclosed is for those who deal with it."""
    if power.place is None:
        return ""
    if power.kept_safe and not user.has_perm("powers.edit", power):
        return NOT_DISCLOSED
    return str(power.place.full_address)


@transaction.atomic
def add_power(
    *, case: Case, details: PowerDetails, by: User, at: dt.datetime, token: uuid.UUID | None = None
) -> Intervention:
    """A draft. The same form sent twice makes one."""
    current = lock_case(case)
    if token is not None and (twin := Intervention.objects.filter(form_token=token, made_by=by).first()):
        return twin
    if not current.is_open:
        raise PowerRefused(f"{current} is {mid_sentence(current.get_status_display())}. Reopen it first")
    power = Intervention(case=current, kind=details.kind, made_by=by, made_at=at, form_token=token)
    _put(power, details, at)
    record("power.drafted", by=by, target=current, power=power.pk, kind=power.kind, issuer=power.issuer_id)
    return power


@transaction.atomic
def change_power(*, power: Intervention, details: PowerDetails, by: User, at: dt.datetime) -> Intervention:
    """A draft may say something else. What was served stays as it was served."""
    current = locked(power)
    refuse_unless(current, STATUS.DRAFT)
    if details.kind != current.kind:
        raise PowerRefused("Withdraw this draft and add the other kind instead")
    _put(current, details, at)
    record("power.changed", by=by, target=current.case, power=current.pk, kind=current.kind)
    return current


def _put(power: Intervention, details: PowerDetails, at: dt.datetime) -> None:
    refuse_unstorable_in(details)
    _refuse_unfit(power, details)
    for name in ("issuer", "issued_by", "grounds", "person", "body", "area", "follows", "consulted"):
        setattr(power, name, getattr(details, name))
    address, postcode = split_postcode(details.where)
    power.place = place_of(partnership=power.case.partnership, address=address, postcode=postcode)
    power.save()
    _put_conditions(power, details.conditions)
    refusals = [problem for problem in problems_of(power, local_day(at)) if problem.refuses]
    if refusals:
        raise LimitsBroken(refusals)


def _refuse_unfit(power: Intervention, details: PowerDetails) -> None:
    if details.kind in OF_A_PLACE:
        if not details.where.strip() and not details.area.strip():
            raise PowerRefused("Enter the premises or the area that it covers", "where")
    elif details.person is None and not details.body.strip():
        raise PowerRefused("Choose who it is about", "person")
    elif details.person is not None and details.body.strip():
        raise PowerRefused("Choose a person or enter a body, not both", "body")
    before = details.follows
    if before is not None and (before.pk == power.pk or before.kind not in MAY_FOLLOW.get(details.kind, ())):
        raise PowerRefused("Choose one of the powers in the list", "follows")


def _put_conditions(power: Intervention, conditions: Sequence[tuple[str, str]]) -> None:
    power.conditions.all().delete()
    InterventionCondition.objects.bulk_create(
        InterventionCondition(intervention=power, position=position, kind=kind, text=text)
        for position, (kind, text) in enumerate(conditions, start=1)
    )


@transaction.atomic
def serve_power(
    *, power: Intervention, served: Served, by: User, at: dt.datetime, reason: str = ""
) -> Intervention:
    """It is served, and runs from then or from its own start."""
    current = locked(power)
    refuse_unless(current, STATUS.DRAFT)
    refuse_unstorable_in(served)
    _refuse_service(current, served, at)
    for name, value in vars(served).items():
        setattr(current, name, value)
    current.starts_at = served.starts_at or served.served_at
    _fill_in(current)
    pass_limits(current, at, reason, by)
    current.move_to(STATUS.IN_FORCE)
    current.save()
    record("power.served", by=by, target=current.case, power=current.pk, kind=current.kind)
    return current


def _refuse_service(power: Intervention, served: Served, at: dt.datetime) -> None:
    start = served.starts_at or served.served_at
    if served.served_at > at:
        raise PowerRefused("It cannot have been served in the future. Check the date and time", "served_at")
    if served.ends_at is not None and served.ends_at < start:
        raise PowerRefused("It cannot end before it starts. Check both dates", "ends_at")
    if served.hearing_at is not None and served.hearing_at < served.served_at:
        raise PowerRefused("The court cannot hear it before it is served. Check the hearing", "hearing_at")
    if served.review_on is not None and served.review_on < local_day(served.served_at):
        raise PowerRefused("The review cannot come before it is served", "review_on")
    if power.kind in NEEDS_CONDITIONS and not power.conditions.exists():
        raise PowerRefused("Add at least one condition before it is served. Change the draft first")


def _fill_in(power: Intervention) -> None:
    """What the rules say where nobody typed anything: the last day to appeal, and when it lapses."""
    draft = draft_of(power)
    rules = rules_on(power.case.partnership, day_that_counts(draft, local_day(power.served_at)))  # type: ignore[arg-type]
    appeal = power_limits.last_of(draft, rules, PowerLimit.APPEAL)
    power.appeal_by = local_day(appeal) if appeal else None
    if power.ends_at is None:
        power.ends_at = power_limits.last_of(draft, rules, PowerLimit.LAPSES)


def pass_limits(power: Intervention, at: dt.datetime, reason: str, by: User, **changes: Any) -> None:
    """Refuse what the law refuses. What only warns passes with a reason, which is kept beside it."""
    problems = problems_of(power, local_day(at), **changes)
    if any(problem.refuses for problem in problems) or (problems and not reason.strip()):
        raise LimitsBroken(problems)
    note_limits(power, problems, reason, by=by, at=at)


def note_limits(
    power: Intervention, problems: Sequence[Problem], reason: str, *, by: User, at: dt.datetime
) -> None:
    power.limits_noted = [
        *power.limits_noted,
        *(
            {
                "limit": problem.limit,
                "sentence": problem.sentence,
                "source": problem.source,
                "reason": reason.strip(),
                "by": by.pk,
                "on": local_day(at).isoformat(),
            }
            for problem in problems
        ),
    ]


def refuse_unless(power: Intervention, *statuses: str) -> None:
    if power.status not in statuses:
        name, now = power_name(power.kind), mid_sentence(power.get_status_display())
        raise PowerRefused(f"This {name} is {now} now, so that cannot be done. Somebody may have changed it")


def locked(power: Intervention) -> Intervention:
    related = ("case__partnership", "person", "follows__person", "issuer")
    held = Intervention.objects.select_related(*related).select_for_update(of=("self",))
    return held.get(pk=power.pk)
