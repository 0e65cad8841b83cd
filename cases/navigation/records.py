import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from cases.enums import AccessStatus, DisposalStatus
from cases.models import Disposal, SubjectAccess
from cases.rules.records import teams_kept
from csp.agencies.models import Partnership, User
from csp.agencies.navigation import NavItem, Need, register, register_need
from csp.core.calendar import end_of_day, local_day

MOST_NEEDS = 20


def access_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    """Requests of people for what is held about them, while nobody has answered."""
    if not user.has_perm("records.keep"):
        return
    waiting = SubjectAccess.objects.visible_to(user).filter(
        partnership=partnership, status__in=[AccessStatus.OPEN, AccessStatus.READY]
    )
    for access in waiting.order_by("due_on", "pk")[:MOST_NEEDS]:
        yield Need(
            url=reverse("records:access", args=[access.pk]),
            title=f"Subject access request {access.pk}: answer it",
            due_at=end_of_day(access.due_on),
            late=access.due_on < local_day(at),
            tag="Subject access",
        )


def disposal_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    """What others propose to destroy: the user is the second person."""
    teams = teams_kept(user, partnership)
    if not teams:
        return
    waiting = Disposal.objects.filter(partnership=partnership, status=DisposalStatus.PROPOSED)
    waiting = waiting.filter(Q(case__lead__in=teams) | Q(report__lead__in=teams))
    for disposal in waiting.exclude(by=user).order_by("at", "pk")[:MOST_NEEDS]:
        yield Need(
            url=f"{reverse('records:retention')}?tab=proposed",
            title=f"{disposal.reference}: agree that it is destroyed, or refuse",
            tag="Retention",
        )


def join_in() -> None:
    register(NavItem("Records", "records:retention", "records.keep", position=80))
    register_need(access_needs)
    register_need(disposal_needs)
