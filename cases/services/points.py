"""Where and when reports and cases are, for those who count them. Nothing of it says a name or an address.

What belongs to a restricted case counts, but has neither point nor hour. Nor has a point what is at the home
of somebody who must not be found: one mark on a map may be all that it takes to find them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Case as Where
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, When
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay

from cases.enums import AFFECTED_ROLES, LinkRole, Precision, ReportStatus
from cases.models import Case, Category, Person, Report, ReportPerson
from cases.models.cases import CaseQuerySet
from cases.models.reports import ReportQuerySet
from csp.agencies.measures import within
from csp.agencies.models import Partnership, User
from csp.core.calendar import Period

NOT_RESTRICTED = Q(case=None) | Q(case__restricted=False)
DAY_IS_KNOWN = NOT_RESTRICTED & Q(
    occurred_precision__in=[Precision.TIME, Precision.DAY], occurred_on__isnull=False
)
TIME_IS_KNOWN = NOT_RESTRICTED & Q(occurred_precision=Precision.TIME, occurred_at__isnull=False)
WEEKDAY = Where(When(DAY_IS_KNOWN, then=ExtractIsoWeekDay("occurred_on")))
"""1 is Monday; nothing where the day is not known."""
HOUR = Where(When(TIME_IS_KNOWN, then=ExtractHour("occurred_at")))


@dataclass(frozen=True)
class Cut:
    """Which of them are wanted. Areas are ids, hours begin with the first and end before the second."""

    period: Period
    category: int | None = None
    areas: Collection[int] | None = None
    hours: tuple[int, int] | None = None

    @property
    def where(self) -> Q:
        where = Q(categories=self.category) if self.category else Q()
        if self.areas is None:
            return where
        return where & (Q(ward__in=self.areas) | Q(local_area__in=self.areas))

    @property
    def when(self) -> Q:
        """By the hour at which it happened; what does not say it is out where hours are asked for."""
        if self.hours is None:
            return Q()
        first, before = self.hours
        return TIME_IS_KNOWN & Q(occurred_at__hour__gte=first, occurred_at__hour__lt=before)


def reports_to_count(partnership: Partnership, cut: Cut) -> ReportQuerySet:
    """Received in the period. A duplicate tells of what another report counts already."""
    told = Report.objects.filter(within("received_at", cut.period), cut.where, cut.when)
    return told.filter(partnership=partnership).exclude(status=ReportStatus.DUPLICATE)


def reports_to_tell(partnership: Partnership, cut: Cut) -> ReportQuerySet:
    """The same without those of restricted cases."""
    return reports_to_count(partnership, cut).filter(NOT_RESTRICTED)


def cases_to_count(partnership: Partnership, cut: Cut) -> CaseQuerySet:
    """Opened in the period. One that became part of another case counts there alone."""
    opened = Case.objects.filter(within("opened_at", cut.period), cut.where, partnership=partnership)
    return opened.filter(merged_into=None)


def reports_without_a_point(ours: Collection[int]) -> Q:
    """Those that no map shows to people of these partners."""
    return Q(case__restricted=True) | _kept_safe(ours)


def cases_without_a_point(ours: Collection[int]) -> Q:
    return Q(restricted=True) | _kept_safe(ours)


def _kept_safe(ours: Collection[int]) -> Q:
    """Somebody who must not be found lives there, and it is none of these partners that leads it."""
    homes = Person.objects.filter(do_not_disclose=True, place__isnull=False)
    return Q(place__in=homes.values("place")) & ~Q(lead__in=ours)


def categories_of(partnership: Partnership) -> list[tuple[int, str]]:
    known = Category.objects.filter(partnership=partnership).order_by("position", "label")
    return list(known.values_list("pk", "label"))


def repeat_places(user: User, partnership: Partnership, cut: Cut, least: int) -> QuerySet[Any, Any]:
    """Places of at least so many reports that the reader may read in full, the most first.

    Where somebody is kept safe from being found, what others lead does not say that it was there.
    """
    hiding = Person.objects.filter(do_not_disclose=True, place=OuterRef("place"))
    told = reports_to_tell(partnership, cut).readable_by(user).filter(place__isnull=False)
    told = told.filter(Q(lead__in=user.partner_ids) | ~Exists(hiding))
    rows = told.order_by().values("place", "place__address", "place__postcode", "ward__name")
    counted = rows.annotate(
        reports=Count("pk", distinct=True),
        last_at=Max("received_at"),
        in_cases=Count("case", distinct=True),
    )
    return counted.filter(reports__gte=least).order_by("-reports", "-last_at", "place")


def repeat_people(
    user: User, partnership: Partnership, cut: Cut, least: int, *, subjects: bool
) -> QuerySet[Any, Any]:
    """People of at least so many reports that the reader may read in full, the most first.

    Either those it is about, or those who suffer it: who calls for somebody else is neither.
    """
    told = reports_to_tell(partnership, cut).readable_by(user)
    roles = [LinkRole.SUBJECT] if subjects else AFFECTED_ROLES
    links = ReportPerson.objects.filter(role__in=roles, report__in=told.values("pk"))
    rows = links.order_by().values("person", "person__name")
    counted = rows.annotate(
        reports=Count("report", distinct=True),
        places=Count("report__place", distinct=True),
        last_at=Max("report__received_at"),
        in_cases=Count("report__case", distinct=True),
    )
    return counted.filter(reports__gte=least).order_by("-reports", "-last_at", "person")
