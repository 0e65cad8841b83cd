"""The measures that indicators and plans may watch: those whose figures belong to a period."""

import datetime as dt
from collections.abc import Collection

from csp.agencies.measures import Measure, all_measures, find_measure
from csp.agencies.models import Partnership
from csp.core.calendar import Period
from performance.services.report_periods import recorded_since

NOT_RECORDED = "not recorded"


def measures_over_time() -> list[Measure]:
    """Without those that count what stands now, which has no past."""
    return sorted((each for each in all_measures() if not each.as_it_stands), key=lambda each: each.label)


def measure_over_time(name: str) -> Measure | None:
    found = find_measure(name)
    return found if found and not found.as_it_stands else None


def rooms_since(partnership: Partnership, measures: Collection[Measure]) -> dict[str, dt.date]:
    """The first day of which the rooms of these measures have a record. One query."""
    rooms = {each.room for each in measures}
    return recorded_since(partnership, [each for each in measures_over_time() if each.room in rooms])


def is_recorded(measure: Measure, period: Period, since: dict[str, dt.date]) -> bool:
    """Before the first record, no figure is not nought."""
    first = since.get(measure.room)
    return first is not None and period.last >= first
