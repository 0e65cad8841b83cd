"""Referrals that wait for the team that runs a meeting, and decisions that the referrer has not read."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q, QuerySet

from cases.navigation.reports import seats_here
from csp.agencies.enums import Role
from csp.agencies.models import Partnership, User
from csp.agencies.navigation import Need, register_need
from csp.core.calendar import end_of_day
from tasking.enums import PREPARED, MeetingStatus, ReferralStatus
from tasking.models import Referral

MOST_NEEDS = 30
ON_ITS_WAY = (*PREPARED, MeetingStatus.IN_SESSION)


def waiting(user: User, partnership: Partnership, at: dt.datetime) -> QuerySet[Referral]:
    """For the officers and managers of the team. What was put off waits until that agenda is open."""
    teams = seats_here(user, partnership, Role.OFFICER, Role.MANAGER)
    due = Q(status=ReferralStatus.WAITING) | Q(status=ReferralStatus.DEFERRED, meeting__status__in=ON_ITS_WAY)
    return Referral.objects.visible_to(user).filter(due, partnership=partnership, lead__in=teams)


def waiting_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    found = waiting(user, partnership, at).select_related("meeting__series", "from_partner")
    for referral in found.order_by("meeting__starts_at", "made_at", "pk")[:MOST_NEEDS]:
        due_at = end_of_day(referral.meeting.papers_due_on)
        yield Need(
            url=referral.get_absolute_url(),
            title=f"{referral.from_partner} refers: {referral.title}",
            detail=f"{referral.meeting.title}{', urgent' if referral.urgent else ''}",
            due_at=due_at,
            late=due_at < at,
            tag="Referral",
        )


def decided(user: User, partnership: Partnership, at: dt.datetime) -> QuerySet[Referral]:
    return Referral.objects.filter(partnership=partnership).news_for(user)


def decided_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    found = decided(user, partnership, at).select_related("meeting__series")
    for referral in found.order_by("-decided_at", "-pk")[:MOST_NEEDS]:
        yield Need(
            url=referral.get_absolute_url(),
            title=f"Your referral: {referral.title}",
            detail=f"{referral.get_status_display()}: {referral.meeting.title}",
            tag="Decided",
        )


def join_in() -> None:
    register_need(waiting_needs, waiting)
    register_need(decided_needs, decided)
