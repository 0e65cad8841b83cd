import datetime as dt
from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.urls import reverse

from cases.enums import AccessStatus, DisposalStatus
from cases.models import Disposal, SubjectAccess
from cases.rules.records import teams_kept
from csp.agencies.models import Partnership, User
from csp.agencies.navigation import NavItem, Need, register, register_need
from csp.core.calendar import end_of_day, local_day

MOST_NEEDS = 20


def accesses_waiting(user: User, partnership: Partnership, at: dt.datetime) -> QuerySet[SubjectAccess]:
    """Requests of people for what is held about them, while nobody has answered."""
    if not user.has_perm("records.keep"):
        return SubjectAccess.objects.none()
    unanswered = [AccessStatus.OPEN, AccessStatus.READY]
    return SubjectAccess.objects.visible_to(user).filter(partnership=partnership, status__in=unanswered)


def access_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    for access in accesses_waiting(user, partnership, at).order_by("due_on", "pk")[:MOST_NEEDS]:
        yield Need(
            url=reverse("records:access", args=[access.pk]),
            title=f"Subject access request {access.pk}: answer it",
            due_at=end_of_day(access.due_on),
            late=access.due_on < local_day(at),
            tag="Subject access",
        )


def disposals_waiting(user: User, partnership: Partnership, at: dt.datetime) -> QuerySet[Disposal]:
    """What others propose to destroy: the user is the second person."""
    teams = teams_kept(user, partnership)
    waiting = Disposal.objects.filter(partnership=partnership, status=DisposalStatus.PROPOSED)
    return waiting.filter(Q(case__lead__in=teams) | Q(report__lead__in=teams)).exclude(by=user)


def disposal_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    for disposal in disposals_waiting(user, partnership, at).order_by("at", "pk")[:MOST_NEEDS]:
        yield Need(
            url=f"{reverse('records:retention')}?tab=proposed",
            title=f"{disposal.reference}: agree that it is destroyed, or refuse",
            tag="Retention",
        )


def join_in() -> None:
    register(NavItem("Records", "records:retention", "records.keep", position=80))
    register_need(access_needs, accesses_waiting)
    register_need(disposal_needs, disposals_waiting)
