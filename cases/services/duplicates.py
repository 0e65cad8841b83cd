"""Two reports of one incident: a guess for the officer, who decides."""

import datetime as dt

from django.db.models import Q

from cases.enums import ReportStatus
from cases.models import Report
from cases.services.repeats import SUFFERS
from csp.core.calendar import local_day

WITHIN_DAYS = 3
LOOKED_AT = 50


def likely_duplicate_of(report: Report) -> Report | None:
    """The earlier report most likely to tell of the same incident.

    It has the same caller or person affected, the same place or the same postcode; a category in common; and
    happened (or, where either does not say, came in) within three days. The nearest in time wins.
    """
    near = [(_days_apart(report, other), -other.pk, other) for other in _alike(report)]
    near = [each for each in near if each[0] <= WITHIN_DAYS]
    return min(near, key=lambda each: each[:2])[2] if near else None


def _alike(report: Report) -> list[Report]:
    same = Q(pk__in=_by_the_same_people(report))
    if report.place_id:
        same |= Q(place=report.place_id)
    if report.postcode:
        same |= Q(postcode=report.postcode)
    before = Q(received_at__lt=report.received_at) | Q(received_at=report.received_at, pk__lt=report.pk)
    edge = dt.timedelta(days=WITHIN_DAYS + 1)
    when = Q(received_at__gte=report.received_at - edge)
    if report.occurred_on:
        days = dt.timedelta(days=WITHIN_DAYS)
        when |= Q(occurred_on__range=(report.occurred_on - days, report.occurred_on + days))
    candidates = Report.objects.filter(same, before, when, partnership=report.partnership_id)
    shared_kind = Report.categories.through.objects.filter(
        category__in=report.categories.values("pk")
    ).values("report")
    candidates = candidates.filter(pk__in=shared_kind).exclude(status=ReportStatus.DUPLICATE)
    return list(candidates.order_by("-received_at", "-pk")[:LOOKED_AT])


def _by_the_same_people(report: Report) -> list[int]:
    people = report.links.filter(SUFFERS).values("person")
    links = report.links.model.objects.filter(SUFFERS, person__in=people).exclude(report=report.pk)
    return list(links.order_by("-report").values_list("report", flat=True)[: 4 * LOOKED_AT])


def _days_apart(one: Report, other: Report) -> int:
    if one.occurred_on and other.occurred_on:
        return abs((one.occurred_on - other.occurred_on).days)
    return abs((local_day(one.received_at) - local_day(other.received_at)).days)
