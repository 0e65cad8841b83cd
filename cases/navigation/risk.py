import datetime as dt
from collections.abc import Iterator

from django.db.models import Max, Q, QuerySet
from django.urls import reverse

from cases.enums import Risk
from cases.models import Case
from cases.navigation.reports import MOST_NEEDS, seats_here
from csp.agencies.enums import Role
from csp.agencies.models import Partnership, User
from csp.agencies.navigation import Need, register_need
from csp.core.calendar import end_of_day, local_day

SOON = dt.timedelta(days=3)
"""Before the day risk is due, when its officer hears of it."""
NEWS = dt.timedelta(days=7)
"""For which a manager is told of somebody at high risk."""


def risk_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    """Risk to score: for who has the case, for the team if nobody has, for managers when it is late."""
    today = local_day(at)
    theirs = Q(officer=user) | Q(officer=None)
    theirs |= Q(lead__in=seats_here(user, partnership, Role.MANAGER), risk_due_on__lt=today)
    cases = Case.objects.visible_to(user).open().filter(theirs, partnership=partnership)
    cases = cases.filter(lead__in=seats_here(user, partnership), risk_due_on__lte=today + SOON)
    for case in cases.order_by("risk_due_on", "pk")[:MOST_NEEDS]:
        due = case.risk_due_on or today
        yield Need(
            url=reverse("cases:risk", args=[case.reference]),
            title=f"{case}: score risk",
            detail=case.risk_due_because,
            due_at=end_of_day(due),
            late=due < today,
            tag="Risk review due",
        )


def high_risk_found(user: User, partnership: Partnership, at: dt.datetime) -> QuerySet[Case]:
    """For managers: cases in which somebody was found to be at high risk these days."""
    managed = seats_here(user, partnership, Role.MANAGER)
    cases = Case.objects.visible_to(user).open().filter(partnership=partnership, lead__in=managed)
    found = Q(assessments__risk=Risk.HIGH, assessments__at__gt=at - NEWS)
    return cases.filter(found, risk=Risk.HIGH)


def high_risk_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    high = high_risk_found(user, partnership, at).annotate(found_at=Max("assessments__at"))
    for case in high.select_related("officer").order_by("-found_at", "pk")[:MOST_NEEDS]:
        yield Need(
            url=reverse("cases:risk", args=[case.reference]),
            title=f"{case}: somebody is at high risk",
            detail=str(case.officer) if case.officer else "Nobody works on it yet",
            tag="High risk",
        )


def join_in() -> None:
    register_need(risk_needs)
    register_need(high_risk_needs, high_risk_found)
