import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse

from cases.models import HandOver
from cases.navigation.reports import MOST_NEEDS, seats_here
from csp.agencies.models import Partnership, User
from csp.agencies.navigation import NavItem, Need, register, register_need


def hand_overs_waiting(user: User, partnership: Partnership, at: dt.datetime) -> QuerySet[HandOver]:
    """Cases that another partner asks the user's own to take over."""
    return HandOver.objects.visible_to(user).waiting().filter(to_partner__in=seats_here(user, partnership))


def hand_over_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    waiting = hand_overs_waiting(user, partnership, at).select_related("case", "from_partner")
    for asked in waiting.order_by("asked_at", "pk")[:MOST_NEEDS]:
        yield Need(
            url=reverse("cases:hand_over", args=[asked.pk]),
            title=f"{asked.case}: {asked.from_partner} asks you to take it over",
            tag="Hand-over",
        )


def join_in() -> None:
    register_need(hand_over_needs, hand_overs_waiting)
    register(NavItem("Cases", "cases:list", "cases.list", position=20))
