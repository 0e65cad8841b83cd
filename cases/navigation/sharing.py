"""Who asks for access, and who opened a restricted case in an emergency."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, F, Func, JSONField, OuterRef, Q, QuerySet
from django.urls import reverse

from cases.enums import RequestStatus
from cases.models import AccessRequest, Case, CaseNamed
from cases.navigation.reports import seats_here
from csp.agencies.enums import Role
from csp.agencies.models import Partnership, User
from csp.agencies.navigation import NavItem, Need, register, register_need
from csp.audit.models import Event

MOST_NEEDS = 30


def access_waiting(user: User, partnership: Partnership, at: dt.datetime) -> QuerySet[AccessRequest]:
    """Requests that wait for the case's officer and manager, or all where it has no officer."""
    theirs = Q(case__officer=user) | Q(case__officer=None)
    theirs |= Q(case__lead__in=seats_here(user, partnership, Role.MANAGER))
    waiting = AccessRequest.objects.filter(
        theirs, status=RequestStatus.WAITING, case__partnership=partnership
    )
    waiting = waiting.filter(case__lead__in=seats_here(user, partnership))
    return waiting.filter(case__in=Case.objects.visible_to(user))


def access_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    waiting = access_waiting(user, partnership, at).select_related("case", "partner")
    for asked in waiting.order_by("asked_at", "pk")[:MOST_NEEDS]:
        yield Need(
            url=reverse("cases:sharing", args=[asked.case.reference]),
            title=f"{asked.case}: {asked.partner} asks for access",
            detail=asked.get_level_display(),
            tag="Access",
        )


def glass_broken(user: User, partnership: Partnership, at: dt.datetime) -> QuerySet[CaseNamed]:
    """Restricted cases that somebody opened in an emergency, until a manager has read why."""
    managed = seats_here(user, partnership, Role.MANAGER)
    read = Event.objects.filter(
        verb="case.glass_read",
        target_type="cases.case",
        target_id=OuterRef("case"),
        detail__named=Func(OuterRef("pk"), function="to_jsonb", output_field=JSONField()),
    )
    opened = CaseNamed.objects.filter(broke_glass=True, case__lead__in=managed, case__merged_into=None)
    return opened.filter(~Exists(read)).exclude(user=user)


def glass_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    opened = glass_broken(user, partnership, at).select_related("case", "user")
    for named in opened.order_by(F("added_at").desc(), "-pk")[:MOST_NEEDS]:
        yield Need(
            url=reverse("cases:glass", args=[named.case.reference, named.pk]),
            title=f"{named.case}: opened in an emergency by {named.user}",
            detail="Read why",
            due_at=named.added_at,
            late=True,
            tag="Restricted",
        )


def join_in() -> None:
    register(NavItem("Disclosures", "cases:disclosures", "cases.read_disclosures", position=75))
    register_need(access_needs, access_waiting)
    register_need(glass_needs, glass_broken)
