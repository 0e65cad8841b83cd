import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from performance.models import Indicator, PerformanceReport, Plan, PlanAction, Priority
from tests.factories.agencies import PartnershipFactory


class PlanFactory(DjangoModelFactory[Plan]):
    class Meta:
        model = Plan

    partnership = factory.SubFactory(PartnershipFactory)
    name = factory.Sequence(lambda number: f"Plan {number}")
    starts_on = dt.date(2026, 4, 1)
    ends_on = dt.date(2027, 3, 31)


class PriorityFactory(DjangoModelFactory[Priority]):
    class Meta:
        model = Priority

    plan = factory.SubFactory(PlanFactory)
    position = factory.Sequence(lambda number: number)
    name = factory.Sequence(lambda number: f"Priority {number}")


class PlanActionFactory(DjangoModelFactory[PlanAction]):
    class Meta:
        model = PlanAction

    plan = factory.SelfAttribute("priority.plan")
    priority = factory.SubFactory(PriorityFactory)
    ref = factory.Sequence("a{}".format)
    position = factory.Sequence(lambda number: number)
    what = "Visit every repeat victim within a week"


class IndicatorFactory(DjangoModelFactory[Indicator]):
    class Meta:
        model = Indicator

    partnership = factory.SubFactory(PartnershipFactory)
    name = factory.Sequence(lambda number: f"Indicator {number}")
    unit = "incidents"


class PerformanceReportFactory(DjangoModelFactory[PerformanceReport]):
    class Meta:
        model = PerformanceReport

    partnership = factory.SubFactory(PartnershipFactory)
    first_on = dt.date(2026, 7, 1)
    last_on = dt.date(2026, 9, 30)
    period_name = "2026-27 Q2"
    title = "Performance, 2026-27 Q2"
    made_at: Any = factory.LazyFunction(timezone.now)
