import datetime as dt
from collections.abc import Iterator

from django.urls import reverse

from cases.models import HandOver
from cases.navigation.reports import MOST_NEEDS, seats_here
from csp.agencies.models import Partnership, User
from csp.agencies.navigation import NavItem, Need, register, register_need


def hand_over_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    """Cases that another partner asks the user's own to take over."""
    waiting = HandOver.objects.visible_to(user).waiting().filter(to_partner__in=seats_here(user, partnership))
    for asked in waiting.select_related("case", "from_partner").order_by("asked_at", "pk")[:MOST_NEEDS]:
        yield Need(
            url=reverse("cases:hand_over", args=[asked.pk]),
            title=f"{asked.case}: {asked.from_partner} asks you to take it over",
            tag="Hand-over",
        )


def join_in() -> None:
    register_need(hand_over_needs)
    register(NavItem("Cases", "cases:list", "cases.list", position=20))
