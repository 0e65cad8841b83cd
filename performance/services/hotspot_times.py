"""On which days of the week and at which hours it happens, as far as reports say."""

from calendar import day_name
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from cases.services.points import HOUR, WEEKDAY
from csp.agencies.measures import Figure
from csp.agencies.models import Partnership
from performance.services.hotspots import Wanted, What, records_of

HOURS_A_BAND = 3
BANDS = (
    "Midnight to 3am", "3am to 6am", "6am to 9am", "9am to midday",
    "Midday to 3pm", "3pm to 6pm", "6pm to 9pm", "9pm to midnight",
)  # fmt: skip


NOT_KNOWN = "Not known"


@dataclass(frozen=True)
class Times:
    """Each ends with those that do not say it, where there are any."""

    days: list[Figure]
    bands: list[Figure]


def by_time(partnership: Partnership, wanted: Wanted) -> Times | None:
    """None for what has no time of its own: a case goes on for weeks, and the police publish a month."""
    if wanted.what != What.REPORTS:
        return None
    days, bands = [0] * (len(day_name) + 1), [0] * (len(BANDS) + 1)
    rows = records_of(partnership, wanted).order_by().annotate(weekday=WEEKDAY, hour=HOUR)
    for weekday, hour, number in rows.values_list("weekday", "hour").annotate(number=Count("pk")):
        days[-1 if weekday is None else weekday - 1] += number
        bands[-1 if hour is None else hour // HOURS_A_BAND] += number
    return Times(_figures(day_name, days), _figures(BANDS, bands))


def _figures(labels: Iterable[str], numbers: list[int]) -> list[Figure]:
    labels = [*labels, NOT_KNOWN] if numbers[-1] else list(labels)
    return [Figure(label, label, number) for label, number in zip(labels, numbers, strict=False)]
