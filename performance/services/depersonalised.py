"""Reports as numbers to give to others: by month, ward, category and time of day, and nothing else.

What is too few in one group is put together into a wider one; what is still too few stays here. Authorities
owe each other such numbers under section 17A of the Crime and Disorder Act 1998.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, DateField
from django.db.models.functions import TruncMonth

from cases.services.points import HOUR, Cut, reports_to_tell
from csp.agencies.models import Partnership, User
from csp.audit.services import exported
from csp.core.calendar import LONDON
from performance.services.hotspots import whole_months
from performance.services.small_numbers import is_small

ANY_TIME, ANY_WARD = "Any time", "Any ward"
NO_WARD, NO_CATEGORY, NO_TIME = "Ward not known", "Category not known", "Time not known"
BANDS = ("Midnight to 6am", "6am to midday", "Midday to 6pm", "6pm to midnight")
HOURS_A_BAND = 6

Group = tuple[dt.date, str, str, str]
"""Month, ward, category, time of day."""


@dataclass(frozen=True)
class Depersonalised:
    rows: list[tuple[Group, int]]
    held_back: int
    """How many groups were too few even when put together."""


def depersonalised(partnership: Partnership, first: dt.date, last: dt.date) -> Depersonalised:
    """Of whole months. A report with several categories counts once for each."""
    return put_together(_counted(partnership, first, last))


def _counted(partnership: Partnership, first: dt.date, last: dt.date) -> Counter[Group]:
    month = TruncMonth("received_at", tzinfo=LONDON, output_field=DateField())
    rows = (
        reports_to_tell(partnership, Cut(whole_months(first, last)))
        .order_by()
        .annotate(month=month, hour=HOUR)
        .values_list("month", "ward__name", "categories__label", "hour")
        .annotate(number=Count("pk"))
    )
    counted: Counter[Group] = Counter()
    for in_month, ward, category, hour, number in rows:
        band = NO_TIME if hour is None else BANDS[hour // HOURS_A_BAND]
        counted[in_month, ward or NO_WARD, category or NO_CATEGORY, band] += number
    return counted


def put_together(counted: Counter[Group]) -> Depersonalised:
    """First without the time of day, then without the ward."""
    rows: list[tuple[Group, int]] = []
    for wider in (_without_time, _without_ward, None):
        few: Counter[Group] = Counter()
        for group, number in counted.items():
            if not is_small(number):
                rows.append((group, number))
            else:
                few[wider(group) if wider else group] += number
        counted = few
    return Depersonalised(sorted(rows), len(counted))


def _without_time(group: Group) -> Group:
    month, ward, category, _ = group
    return month, ward, category, ANY_TIME


def _without_ward(group: Group) -> Group:
    month, _, category, _ = group
    return month, ANY_WARD, category, ANY_TIME


def record_export(
    *, partnership: Partnership, first: dt.date, last: dt.date, recipient: str, rows: int, by: User
) -> None:
    """That it left, and for whom."""
    months = {"first": first.isoformat(), "last": last.isoformat()}
    exported(by, "depersonalised", rows=rows, partnership=partnership, reason=recipient, **months)
