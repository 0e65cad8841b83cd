"""Before records are destroyed: what measures counted of them is kept, as numbers without anybody in them."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Case, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from cases.models import KeptCount, Tombstone
from csp.agencies.measures import Measure, all_measures
from csp.core.calendar import EVER, Period, local_day

ONE_DAY = dt.timedelta(days=1)
Rows = Mapping[str, Q]
"""Labels of models, and which of their rows are destroyed."""


def keep_counts(stone: Tombstone, rows: Rows, subject: int = 0) -> None:
    """In a tombstone. Must be called while the rows are still there."""
    for measure in all_measures():
        which = rows.get(measure.records(stone.partnership, EVER).model._meta.label)
        if measure.kept and which is not None:
            for period in _periods(measure, stone, which):
                found = measure.records(stone.partnership, period).filter(which).order_by()
                KeptCount.objects.bulk_create(_counts(measure, stone, found, subject))


def _periods(measure: Measure, stone: Tombstone, which: Q) -> Iterator[Period]:
    """In which to ask: each day by itself where parts do not add up."""
    if measure.adds_up:
        yield EVER
    elif measure.stands_until:
        yield _day(stone.ended_on - ONE_DAY)
    else:
        model = measure.records(stone.partnership, EVER).model
        moments = model._default_manager.filter(which).values_list(measure.date_field, flat=True)
        yield from map(_day, sorted({_as_day(each) for each in moments}))


def _day(day: dt.date) -> Period:
    return Period(day, day)


def _as_day(moment: Any) -> dt.date:
    return local_day(moment) if isinstance(moment, dt.datetime) else moment


def _counts(measure: Measure, stone: Tombstone, found: QuerySet[Any], subject: int) -> list[KeptCount]:
    met = Case(When(measure.part.condition, then=True), default=False) if measure.part else Value(value=False)
    counts = {
        pk: KeptCount(
            tombstone=stone,
            partnership=stone.partnership,
            measure=measure.name,
            subject=subject,
            day=_as_day(moment),
            until=stone.ended_on if measure.stands_until else None,
            part=part,
            keys={each.name: {} for each in measure.breakdowns},
        )
        for pk, moment, part in found.annotate(met=met).values_list("pk", measure.date_field, "met")
    }
    for pk, name, key, words in _keys(measure, found) if counts else []:
        counts[pk].keys[name][key or ""] = words or ""
    return list(counts.values())


def _keys(measure: Measure, found: QuerySet[Any]) -> QuerySet[Any] | list[Any]:
    """Every key of each record, and what it is called."""
    arms = [
        found.annotate(
            by_name=Value(by.name), by_key=Cast(by.key, TextField()), by_words=Cast(by.words, TextField())
        ).values_list("pk", "by_name", "by_key", "by_words")
        for by in measure.breakdowns
    ]
    return arms[0].union(*arms[1:], all=True) if len(arms) > 1 else (arms[0] if arms else [])
