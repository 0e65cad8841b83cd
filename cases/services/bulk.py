"""The same done to many cases at once. What cannot be done to one is said, and the others go on."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from cases.models import Case, CaseNamed
from cases.services import statuses
from csp.actions import tasks as action_tasks
from csp.actions.models import Action
from csp.actions.services.chasing import is_to_remind
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken
from csp.core.words import date_words

MOST = 100
"""Cases at a time."""


class TooMany(RuleBroken): ...


class NothingChosen(RuleBroken): ...


@dataclass
class Outcome:
    """Cases with which it was done, and those that were left, each with the reason."""

    done: list[Case] = field(default_factory=list)
    left: list[tuple[Case, str]] = field(default_factory=list)


@dataclass
class Choice:
    """Chosen cases that the person may work on, and the others."""

    cases: list[Case]
    left: list[tuple[Case, str]]

    @property
    def references(self) -> list[str]:
        return [case.reference for case in self.cases]


def choose(references: Collection[str], user: User) -> Choice:
    """The chosen cases that the person sees, in the order of their references."""
    if not references:
        raise NothingChosen("Choose one or more cases first")
    if len(references) > MOST:
        raise TooMany(f"Choose {MOST} cases at most, and the rest after that")
    seen = Case.objects.visible_to(user).filter(reference__in=references).select_related("lead", "officer")
    cases = list(seen.order_by("reference"))
    named = set(CaseNamed.objects.current().filter(case__in=cases, user=user).values_list("case", flat=True))
    why = {case: _why_not(case, user, named) for case in cases}
    return Choice(
        [case for case in cases if not why[case]], [(case, said) for case, said in why.items() if said]
    )


def _why_not(case: Case, user: User, named: set[int]) -> str:
    if not user.has_perm("cases.list_work", case.lead):
        return f"{case.lead} leads it"
    if not case.is_open:
        return f"It is {case.get_status_display().lower()}"
    if case.restricted and case.pk not in named:
        return "It is restricted and you are not named on it"
    return ""


@transaction.atomic
def assign_cases(
    *, references: Collection[str], officer: User | None, by: User, at: dt.datetime, reason: str = ""
) -> Outcome:
    """Give each case to the officer, or to nobody. One event for each."""
    choice = choose(references, by)
    outcome = Outcome(left=choice.left)
    for case in choice.cases:
        try:
            with transaction.atomic():
                _give(case, officer, by, at, reason)
        except RuleBroken as problem:
            outcome.left.append((case, str(problem)))
        else:
            outcome.done.append(case)
    return outcome


def _give(case: Case, officer: User | None, by: User, at: dt.datetime, reason: str) -> None:
    if officer is not None:
        statuses.assign(case=case, officer=officer, by=by, at=at, reason=reason)
        return
    current = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if current.officer_id is None:
        raise statuses.CannotAssign(f"Nobody has {current} already")
    before, current.officer = current.officer_id, None
    current.save(update_fields=["officer"])
    record("case.assigned", by=by, target=current, reason=reason, officer=None, before=before)


@dataclass(frozen=True)
class Chase:
    """An action that is late, and whether its agency can be reminded of it today."""

    action: Action
    case: Case
    today: dt.date

    @property
    def is_to_remind(self) -> bool:
        return is_to_remind(self.action.due_on, self.action.reminded_on, self.today)

    @property
    def why_not(self) -> str:
        last = self.action.reminded_on
        return f"Reminded on {date_words(last)}" if last and not self.is_to_remind else ""


def late_actions(cases: Collection[Case], user: User, at: dt.datetime) -> list[Chase]:
    """What agencies owe on these cases and have not done in time."""
    by_id, today = {case.pk: case for case in cases}, local_day(at)
    kind = ContentType.objects.get_for_model(Case)
    late = Action.objects.visible_to(user).late(today).filter(target_type=kind, target_id__in=by_id)
    late = late.filter(lead__in=user.partner_ids).select_related("owner")
    return [Chase(each, by_id[each.target_id or 0], today) for each in late.order_by("due_on", "pk")]


@transaction.atomic
def chase_cases(*, references: Collection[str], by: User, at: dt.datetime) -> Outcome:
    """Remind every agency of its late actions on the cases, each at most once a week."""
    choice = choose(references, by)
    late = late_actions(choice.cases, by, at)
    outcome = Outcome(left=choice.left)
    for case in choice.cases:
        actions = [each.action for each in late if each.case == case and each.is_to_remind]
        if not actions:
            of_case = [each for each in late if each.case == case]
            outcome.left.append((case, of_case[0].why_not if of_case else "Nothing on it is late"))
            continue
        for action in actions:
            action_tasks.remind.delay_on_commit(action_id=action.pk)
        record("case.chased", by=by, target=case, actions=[action.pk for action in actions])
        outcome.done.append(case)
    return outcome
