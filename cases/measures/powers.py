from django.db.models import QuerySet

from cases.enums import BreachResponse, InterventionKind, InterventionStatus
from cases.measures.breakdowns import by_agency, by_area
from cases.models import Intervention, InterventionBreach
from csp.agencies.measures import Breakdown, Measure, within
from csp.agencies.models import Partnership
from csp.core.calendar import Period

ROOM = "powers"
DOES_NOT_STAND = (InterventionStatus.DRAFT, InterventionStatus.WITHDRAWN)


def used(partnership: Partnership, period: Period) -> QuerySet[Intervention]:
    served = Intervention.objects.filter(within("served_at", period), case__partnership=partnership)
    return served.exclude(status__in=DOES_NOT_STAND)


def closure_orders(partnership: Partnership, period: Period) -> QuerySet[Intervention]:
    return used(partnership, period).filter(kind=InterventionKind.CLOSURE_ORDER)


def breaches(partnership: Partnership, period: Period) -> QuerySet[InterventionBreach]:
    happened = InterventionBreach.objects.filter(happened_on__gte=period.first, happened_on__lte=period.last)
    return happened.filter(intervention__case__partnership=partnership)


def by_power(way: str) -> Breakdown:
    return Breakdown("kind", "Power", way, way, tuple(InterventionKind.choices))


BY_RESPONSE = Breakdown("response", "What followed", "response", "response", tuple(BreachResponse.choices))

MEASURES = (
    Measure(
        name="powers-used",
        label="Tools and powers used",
        unit="steps",
        one="step",
        rule="Warnings, contracts, notices and orders given or served in the period, from an advice letter "
        "to a court order. One withdrawn or quashed since does not count. One destroyed under the retention "
        "schedule still counts.",
        room=ROOM,
        records=used,
        date_field="served_at",
        breakdowns=(by_power("kind"), by_agency("issuer"), by_area("case__")),
        kept=True,
    ),
    Measure(
        name="closure-orders",
        label="Closure orders",
        unit="orders",
        one="order",
        rule="Closure orders of a court that were served in the period. One that was quashed since does not "
        "count, nor does a closure notice. One destroyed under the retention schedule still counts.",
        room=ROOM,
        records=closure_orders,
        date_field="served_at",
        breakdowns=(by_area("case__"), by_agency("issuer")),
        kept=True,
    ),
    Measure(
        name="breaches",
        label="Breaches",
        unit="breaches",
        one="breach",
        rule="Breaches of notices, orders and contracts that happened in the period. One destroyed under the "
        "retention schedule still counts.",
        room=ROOM,
        records=breaches,
        date_field="happened_on",
        breakdowns=(
            by_power("intervention__kind"),
            BY_RESPONSE,
            by_agency("intervention__issuer"),
            by_area("intervention__case__"),
        ),
        kept=True,
    ),
)
