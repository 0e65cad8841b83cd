"""What there is to choose from when one looks for hotspots."""

import datetime as dt

from django.db.models import Max, Min

from cases.models import Case, Report
from cases.services.points import categories_of
from csp.agencies.enums import AreaKind
from csp.agencies.models import Area, Partnership
from csp.core.calendar import add_months, local_day
from performance.models import PoliceIncident
from performance.services.hotspots import What

USUAL_MONTHS = 12
MOST_MONTHS_BACK = 20 * 12
AREAS = (AreaKind.DISTRICT, AreaKind.LOCAL_AREA, AreaKind.WARD)


def months_known(partnership: Partnership, what: str, today: dt.date) -> list[dt.date]:
    """From the first month of which something is known, the newest first. Of the police: those loaded."""
    newest = today.replace(day=1)
    oldest = newest
    if what == What.POLICE:
        loaded = PoliceIncident.objects.filter(partnership=partnership)
        span = loaded.aggregate(first=Min("month"), last=Max("month"))
        oldest, newest = span["first"] or oldest, span["last"] or newest
    else:
        first = _first(partnership, what)
        oldest = local_day(first).replace(day=1) if first else oldest
    oldest = min(oldest, add_months(newest, 1 - USUAL_MONTHS))
    apart = (newest.year - oldest.year) * 12 + newest.month - oldest.month
    return [add_months(newest, -n) for n in range(min(apart, MOST_MONTHS_BACK) + 1)]


def _first(partnership: Partnership, what: str) -> dt.datetime | None:
    if what == What.CASES:
        found = Case.objects.filter(partnership=partnership).aggregate(at=Min("opened_at"))
    else:
        found = Report.objects.filter(partnership=partnership).aggregate(at=Min("received_at"))
    at: dt.datetime | None = found["at"]
    return at


def categories_known(partnership: Partnership, what: str) -> list[tuple[str, str]]:
    if what != What.POLICE:
        return [(str(pk), label) for pk, label in categories_of(partnership)]
    types = PoliceIncident.objects.filter(partnership=partnership).order_by("crime_type")
    return [(each, each) for each in types.values_list("crime_type", flat=True).distinct()]


def areas_known(partnership: Partnership) -> list[Area]:
    return list(Area.objects.filter(partnership=partnership, kind__in=AREAS).order_by("name", "pk"))
