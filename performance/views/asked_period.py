"""Which period a page of figures is asked for."""

from typing import TypeVar

from django.utils import timezone

from csp.agencies.access import StaffRequest
from csp.agencies.measures import all_measures
from csp.agencies.models import Partnership
from performance.forms.measures import PeriodFilter
from performance.services.periods import choices, first_day, month_of

F = TypeVar("F", bound=PeriodFilter)


def asked_period(
    request: StaffRequest, partnership: Partnership, form: type[F], *, months: bool = False
) -> F:
    """From the year of the first record to this one, which is the one shown first.

    With `months`, a month that the number of a chart leads to is a choice too.
    """
    today = timezone.localdate()
    since = first_day(partnership, all_measures(), today)
    periods = choices(since, today, partnership.year_start)
    month = month_of(request.GET.get("period", ""), since, today) if months else None
    return form(request.GET, periods=[*periods, month] if month else periods)
