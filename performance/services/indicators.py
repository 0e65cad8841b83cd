"""Indicators and their values, as the team keeps them. A value is never changed: it is restated, with why."""

import dataclasses
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction

from cases.services.prints import Prints, prints, refuse_unseen
from csp.agencies.models import Partner, Partnership, User
from csp.audit.services import record
from csp.core.calendar import Period, local_day
from csp.core.errors import RuleBroken
from csp.core.words import date_words
from performance.enums import Better
from performance.models import Indicator, IndicatorValue
from performance.services.over_time import measure_over_time

TAKEN = "There is an indicator “{name}” already. Give this one another name"
LIMIT = Decimal(10) ** 12


class CannotKeepIndicator(RuleBroken): ...


class ValueThereAlready(CannotKeepIndicator):
    def __init__(self, standing: IndicatorValue, period: Period) -> None:
        super().__init__(f"There is a value for {period} already. Restate it instead")
        self.standing = standing


@dataclass(frozen=True, kw_only=True)
class IndicatorDetails:
    name: str
    unit: str
    better: str = Better.NEITHER
    definition: str = ""
    source: str = ""
    supplied_by: Partner | None = None
    crime_type: str = ""
    measure: str = ""


@dataclass(frozen=True, kw_only=True)
class Given:
    """A value as its source gave it."""

    value: Decimal | None
    source: str
    as_of: dt.date
    note: str = ""


def details_of(indicator: Indicator) -> IndicatorDetails:
    return IndicatorDetails(**{each.name: getattr(indicator, each.name) for each in FIELDS})


FIELDS = dataclasses.fields(IndicatorDetails)


def prints_of(details: IndicatorDetails) -> Prints:
    said = {each.name: getattr(details, each.name) for each in FIELDS} | {"better": str(details.better)}
    return prints({name: getattr(value, "pk", value) for name, value in said.items()})


def is_counted(indicator: Indicator) -> bool:
    """From police files or by a measure, so that nobody enters its values."""
    return bool(indicator.crime_type or indicator.measure)


@transaction.atomic
def add_indicator(
    *, partnership: Partnership, details: IndicatorDetails, by: User | None, at: dt.datetime
) -> Indicator:
    """Raises `CannotKeepIndicator`."""
    values = {each.name: getattr(details, each.name) for each in FIELDS}
    made = Indicator(partnership=partnership, **values)
    _must_count_a_period(details)
    _save(made)
    record("indicator.added", by=by, target=made)
    return made


@transaction.atomic
def change_indicator(
    *, indicator: Indicator, details: IndicatorDetails, seen: Prints, by: User, at: dt.datetime
) -> Indicator:
    """`seen` are the prints of what the editor had before them. Raises `ChangedMeanwhile`,
    `CannotKeepIndicator`.
    """
    current = _lock(indicator)
    before = details_of(current)
    was, becomes = prints_of(before), prints_of(details)
    refuse_unseen(was, seen, before, "indicator")
    changed = [name for name in was if becomes[name] != was[name]]
    if not changed:
        return current
    if (details.crime_type or details.measure) and current.values.exists():
        raise CannotKeepIndicator(
            f"{current} has values that were entered, so it cannot be counted. Add another indicator for that"
        )
    _must_count_a_period(details)
    for name in changed:
        setattr(current, name, getattr(details, name))
    _save(current)
    record("indicator.changed", by=by, target=current, fields=changed)
    return current


def _must_count_a_period(details: IndicatorDetails) -> None:
    if details.measure and measure_over_time(details.measure) is None:
        raise CannotKeepIndicator("Choose a measure that counts a period, not what stands now")


def _save(indicator: Indicator) -> None:
    try:
        with transaction.atomic():
            indicator.save()
    except IntegrityError as clash:
        raise CannotKeepIndicator(TAKEN.format(name=indicator.name)) from clash


def _lock(indicator: Indicator) -> Indicator:
    known = Indicator.objects.select_related("partnership", "supplied_by")
    return known.select_for_update(of=("self",)).get(pk=indicator.pk)


@transaction.atomic
def add_value(
    *, indicator: Indicator, period: Period, given: Given, by: User | None, at: dt.datetime
) -> IndicatorValue:
    """Raises `ValueThereAlready` where the period has one, and `CannotKeepIndicator`."""
    current = _lock(indicator)
    must_be_entered(current)
    must_make_sense(period, given, local_day(at))
    if standing := standing_value(current, period):
        raise ValueThereAlready(standing, period)
    return _keep(current, period, given, by, at)


@transaction.atomic
def restate(*, value: IndicatorValue, given: Given, by: User | None, at: dt.datetime) -> IndicatorValue:
    """Another value in its place, with a note that says why. The first one stays to be seen.

    Raises `CannotKeepIndicator`.
    """
    current = _lock(value.indicator)
    must_be_entered(current)
    period = Period(value.first_on, value.last_on)
    must_make_sense(period, given, local_day(at))
    if not given.note.strip():
        raise CannotKeepIndicator("Enter why the value is restated")
    standing = standing_value(current, period)
    if standing is None or standing.pk != value.pk:
        raise CannotKeepIndicator("Somebody restated this value meanwhile. Check theirs, then restate that")
    if given.value == value.value and given.source == value.source:
        raise CannotKeepIndicator("This is the value that stands. Enter another value or source")
    return _keep(current, period, given, by, at, restates=value)


def _keep(
    indicator: Indicator,
    period: Period,
    given: Given,
    by: User | None,
    at: dt.datetime,
    restates: IndicatorValue | None = None,
) -> IndicatorValue:
    made = IndicatorValue.objects.create(
        indicator=indicator,
        first_on=period.first,
        last_on=period.last,
        value=given.value,
        source=given.source,
        as_of=given.as_of,
        note=given.note.strip(),
        restates=restates,
        by=by,
        at=at,
    )
    verb = "indicator.restated" if restates else "indicator.value_added"
    record(verb, by=by, target=indicator, value=made.pk, reason=made.note if restates else "")
    return made


def standing_value(indicator: Indicator, period: Period) -> IndicatorValue | None:
    values = indicator.values.filter(first_on=period.first, last_on=period.last)
    return values.standing().first()


def must_be_entered(indicator: Indicator) -> None:
    if is_counted(indicator):
        raise CannotKeepIndicator(f"{indicator} is counted, so nobody enters its values")


def must_make_sense(period: Period, given: Given, today: dt.date) -> None:
    if period.first > today:
        raise CannotKeepIndicator(f"{period} has not begun yet. Check the period")
    if given.as_of > today:
        raise CannotKeepIndicator("The day on which the source gave it must be today or in the past")
    if given.as_of < period.first:
        begins = date_words(period.first)
        raise CannotKeepIndicator(f"The source cannot have given it before the period began, on {begins}")
    if given.value is not None and abs(given.value) >= LIMIT:
        raise CannotKeepIndicator("The value has too many figures")
