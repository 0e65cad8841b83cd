"""Cases of housing providers for every 1,000 homes, as the Regulator of Social Housing asks for them."""

from decimal import ROUND_HALF_UP, Decimal

from csp.agencies.enums import AgencyKind
from csp.agencies.measures import Figure, Measure, Question, answers, find_measure
from csp.agencies.models import Partner, Partnership
from csp.core.calendar import Period
from performance.services.longer_periods import Part, parts_of, shown_of_year
from performance.services.small_numbers import ShownTable

PER_HOMES = 1000


def housing_measure() -> Measure:
    found = find_measure("housing-cases")
    if found is None:
        raise LookupError("No room counts the cases of housing providers")
    return found


def providers_of(partnership: Partnership) -> list[tuple[str, str]]:
    found = Partner.objects.filter(partnership=partnership, agency__kind=AgencyKind.REGISTERED_PROVIDER)
    return [(str(pk), name) for pk, name in found.order_by("name").values_list("pk", "name")]


def housing_count(partnership: Partnership, period: Period, *, small: bool) -> ShownTable:
    """Of every provider, those without a case too, and of all. `small` as `sees_small_numbers`."""
    measure, listed = housing_measure(), providers_of(partnership)
    by = measure.breakdown("agency")
    periods = [period, *parts_of(measure, period, partnership.year_start, small=small)]
    asked = [Question(measure, each, wanted) for each in periods for wanted in (by, None)]
    found = answers(partnership, asked)
    year, *quarters = [
        Part(_with_all(listed, counted.figures), whole.whole)
        for counted, whole in zip(found[::2], found[1::2], strict=True)
    ]
    return shown_of_year(year.figures, year.total, quarters, small=small)


def _with_all(listed: list[tuple[str, str]], counted: list[Figure]) -> list[Figure]:
    known = {figure.key: figure for figure in counted}
    return [known.pop(key, Figure(key, name, 0, 0)) for key, name in listed] + list(known.values())


def for_every_1000_homes(number: int, homes: int) -> Decimal:
    """To one decimal, as it is published."""
    return (Decimal(number) * PER_HOMES / homes).quantize(Decimal("0.1"), ROUND_HALF_UP)
