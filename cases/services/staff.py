import datetime as dt
from collections.abc import Collection

from django.db.models import QuerySet

from csp.agencies.enums import CASEWORK_ROLES, Role
from csp.agencies.models import Membership, Partner, User


def colleagues(partner: Partner, on: dt.date) -> QuerySet[User]:
    """Who does casework for a partner: those a report or a case can be given to."""
    return _holding(partner, on, CASEWORK_ROLES)


def managers(partner: Partner, on: dt.date) -> QuerySet[User]:
    return _holding(partner, on, {Role.MANAGER})


def _holding(partner: Partner, on: dt.date, roles: Collection[Role]) -> QuerySet[User]:
    seats = Membership.objects.current(on).filter(partner=partner, role__in=roles)
    return User.objects.filter(pk__in=seats.values("user"), is_active=True).order_by("name", "pk")
