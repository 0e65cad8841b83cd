import datetime as dt
from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.urls import reverse

from cases.models import Intervention
from csp.agencies.models import Partnership, User
from csp.agencies.navigation import Need, register_need

MOST_NEEDS = 30


def powers_waiting(user: User, partnership: Partnership, at: dt.datetime) -> QuerySet[Intervention]:
    """Powers on the user's own cases, and those they drafted, with which something is due."""
    own = Q(case__officer=user) | Q(made_by=user)
    powers = Intervention.objects.visible_to(user).filter(own, case__partnership=partnership)
    return powers.falling_due(at)


def power_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    waiting = powers_waiting(user, partnership, at).select_related("case")
    for power in waiting.order_by("ends_at", "pk")[:MOST_NEEDS]:
        for each in power.falling(at):
            yield Need(
                url=reverse("cases:power", args=[power.case.reference, power.pk]),
                title=f"{power.case}: {power}",
                detail=each.words,
                due_at=each.due_at,
                late=each.due_at is not None and each.due_at < at,
                tag="Power",
            )


def join_in() -> None:
    register_need(power_needs, powers_waiting)
