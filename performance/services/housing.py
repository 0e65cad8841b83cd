"""Cases of housing providers for every 1,000 homes, as the Regulator of Social Housing asks for them."""

from decimal import ROUND_HALF_UP, Decimal

from csp.agencies.enums import AgencyKind
from csp.agencies.measures import Figure, Measure, Question, answers, find_measure
from csp.agencies.models import Partner, Partnership
from csp.core.calendar import Period

PER_HOMES = 1000


def housing_measure() -> Measure:
    found = find_measure("housing-cases")
    if found is None:
        raise LookupError("No room counts the cases of housing providers")
    return found


def providers_of(partnership: Partnership) -> list[tuple[str, str]]:
    found = Partner.objects.filter(partnership=partnership, agency__kind=AgencyKind.REGISTERED_PROVIDER)
    return [(str(pk), name) for pk, name in found.order_by("name").values_list("pk", "name")]


def housing_count(partnership: Partnership, period: Period) -> tuple[list[Figure], Figure]:
    """Of every provider, those without a case too, and of all."""
    measure = housing_measure()
    by = measure.breakdown("agency")
    counted, whole = answers(partnership, [Question(measure, period, by), Question(measure, period)])
    known = {figure.key: figure for figure in counted.figures}
    listed = [known.pop(key, Figure(key, name, 0, 0)) for key, name in providers_of(partnership)]
    return listed + list(known.values()), whole.whole


def for_every_1000_homes(number: int, homes: int) -> Decimal:
    """To one decimal, as it is published."""
    return (Decimal(number) * PER_HOMES / homes).quantize(Decimal("0.1"), ROUND_HALF_UP)
