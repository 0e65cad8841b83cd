"""The updates of plans that are missing: for who may write them, and for managers of the team."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import Truncator

from csp.actions.navigation import seats_here
from csp.agencies.enums import Role
from csp.agencies.models import Partnership, User
from csp.agencies.navigation import Need, register_need
from csp.core.calendar import end_of_day, local_day
from csp.core.text import count
from performance.models import Plan, PlanAction
from performance.models.plan_quarters import asked_quarter, due_on, key_of

ONE_BY_ONE = 3
"""More of them are one line, which opens the plan."""
TITLE_LENGTH = 80


def own_missing(user: User, partnership: Partnership, at: dt.datetime) -> QuerySet[PlanAction]:
    """Of the quarter that is over: those of the user's agencies, and those that name the user."""
    quarter = asked_quarter(partnership, local_day(at))
    here = PlanAction.objects.visible_to(user).filter(plan__partnership=partnership)
    return here.missing_in(quarter).led_by(seats_here(user, partnership), user)


def update_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    today = local_day(at)
    quarter = asked_quarter(partnership, today)
    found: dict[Plan, list[PlanAction]] = {}
    missing = own_missing(user, partnership, at).select_related("plan")
    for action in missing.order_by("plan", "position", "pk"):
        found.setdefault(action.plan, []).append(action)
    due = due_on(quarter)
    when: dict[str, Any] = {"due_at": end_of_day(due), "late": due < today, "tag": "Plan"}
    for plan, actions in found.items():
        if len(actions) > ONE_BY_ONE:
            title = f"{len(actions)} actions that you lead wait for their update of {quarter}"
            yield Need(plan.get_absolute_url(), title, detail=plan.name, **when)
            continue
        for action in actions:
            url = reverse("performance:plan_update", args=[action.pk, key_of(quarter)])
            what = Truncator(action.what).chars(TITLE_LENGTH)
            yield Need(url, f"How did it go in {quarter}? {action}: {what}", detail=plan.name, **when)


def all_missing(user: User, partnership: Partnership, at: dt.datetime) -> QuerySet[PlanAction]:
    """Once they are late, for managers of the team."""
    today = local_day(at)
    quarter = asked_quarter(partnership, today)
    found = PlanAction.objects.filter(plan__partnership=partnership).missing_in(quarter)
    manages = seats_here(user, partnership, Role.MANAGER)
    return found if manages and today > due_on(quarter) else found.none()


def missing_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    quarter = asked_quarter(partnership, local_day(at))
    found: dict[Plan, int] = {}
    for action in all_missing(user, partnership, at).select_related("plan").order_by("plan"):
        found[action.plan] = found.get(action.plan, 0) + 1
    for plan, number in found.items():
        title = f"{count(number, 'update')} of {quarter} {'is' if number == 1 else 'are'} missing: {plan}"
        yield Need(plan.get_absolute_url(), title, detail="The plan says whose", tag="Plan")


def join_in() -> None:
    register_need(update_needs, own_missing)
    register_need(missing_needs, all_missing)
