"""What the room puts into the menu and on the home page."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from csp.actions.models import AMBER_DAYS, Action
from csp.agencies.enums import CASEWORK_ROLES, Role
from csp.agencies.models import Partnership, User
from csp.agencies.navigation import NavItem, Need, register, register_need
from csp.core.calendar import add_working_days, end_of_day, local_day

MOST_NEEDS = 30
TITLE_LENGTH = 90


def seats_here(user: User, partnership: Partnership, *roles: Role) -> set[int]:
    wanted = roles or CASEWORK_ROLES
    return {
        seat.partner_id
        for seat in user.seats
        if seat.role in wanted and seat.partner.partnership_id == partnership.pk
    }


def due_now(user: User, partnership: Partnership) -> QuerySet[Action]:
    """Outstanding actions of the user's partners that are due today or late."""
    return Action.objects.owned_by(seats_here(user, partnership)).due_by(timezone.localdate())


def due_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    """What is due soon or late: the user's own, what nobody has, and all of it for who leads the agency."""
    today = local_day(at)
    leads = seats_here(user, partnership, Role.AGENCY_LEAD, Role.MANAGER)
    theirs = Q(person=user) | Q(person=None) | Q(person__is_active=False) | Q(owner__in=leads)
    due = (
        Action.objects.visible_to(user)
        .owned_by(seats_here(user, partnership))
        .due_by(add_working_days(today, AMBER_DAYS))
        .filter(theirs)
        .select_related("lead")
    )
    for action in due.order_by("due_on", "pk")[:MOST_NEEDS]:
        yield Need(
            url=action.get_absolute_url(),
            title=f"{action}: {Truncator(action.text).chars(TITLE_LENGTH)}",
            detail=f"Asked by {action.lead}",
            due_at=end_of_day(action.due_on),
            late=action.due_on < today,
            tag="Action",
        )


def time_waiting(user: User, partnership: Partnership, at: dt.datetime) -> QuerySet[Action]:
    """Agencies that wait for a new date: for who asked, and for managers."""
    manages = seats_here(user, partnership, Role.MANAGER)
    theirs = Q(asked_by=user) | Q(lead__in=manages)
    asked = Action.objects.visible_to(user).filter(theirs, lead__in=seats_here(user, partnership))
    return asked.filter(wanted_due_on__isnull=False)


def time_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    waiting = time_waiting(user, partnership, at).select_related("owner")
    for action in waiting.order_by("due_on", "pk")[:MOST_NEEDS]:
        yield Need(
            url=reverse("actions:time", args=[action.reference]),
            title=f"{action}: {action.owner} asks for more time",
            due_at=end_of_day(action.due_on),
            tag="More time",
        )


def join_in() -> None:
    register(NavItem("Actions", "actions:list", "actions.list", due_now, position=50))
    register_need(due_needs)
    register_need(time_needs, time_waiting)
