"""Late actions that were escalated to who leads an agency, and those that managers can escalate now."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from csp.actions.models import Action
from csp.actions.navigation import seats_here
from csp.agencies.enums import Role
from csp.agencies.models import Partnership, User
from csp.agencies.navigation import Need, register_need
from csp.core.calendar import end_of_day, local_day
from tasking.enums import EscalationLevel
from tasking.models import Escalation
from tasking.models.escalating import can_go_on

MOST_NEEDS = 10


def escalated(user: User, partnership: Partnership, at: dt.datetime) -> QuerySet[Action]:
    """Those of the agencies that the user leads, while they are late."""
    told = Escalation.objects.filter(action=OuterRef("pk"), level=EscalationLevel.AGENCY_LEAD)
    led = seats_here(user, partnership, Role.AGENCY_LEAD)
    return Action.objects.visible_to(user).late(local_day(at)).filter(Exists(told), owner__in=led)


def escalated_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    found = escalated(user, partnership, at).select_related("lead")
    for action in found.order_by("due_on", "pk")[:MOST_NEEDS]:
        yield Need(
            url=action.get_absolute_url(),
            title=f"{action} was escalated to you",
            detail=f"Asked by {action.lead}",
            due_at=end_of_day(action.due_on),
            late=True,
            tag="Escalated",
        )


def to_escalate(user: User, partnership: Partnership, at: dt.datetime) -> QuerySet[Action]:
    """For the managers of the team that asked."""
    managed = seats_here(user, partnership, Role.MANAGER)
    asked = Action.objects.visible_to(user).filter(lead__in=managed)
    return can_go_on(asked, local_day(at))


def to_escalate_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    found = to_escalate(user, partnership, at).select_related("owner")
    for action in found.order_by("due_on", "pk")[:MOST_NEEDS]:
        yield Need(
            url=reverse("meetings:escalate", args=[action.reference]),
            title=f"{action} of {action.owner} is late",
            detail="Given at a meeting. It can be escalated",
            due_at=end_of_day(action.due_on),
            late=True,
            tag="Escalate",
        )


def join_in() -> None:
    register_need(escalated_needs, escalated)
    register_need(to_escalate_needs, to_escalate)
