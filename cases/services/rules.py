import datetime as dt

from django.db import transaction

from cases.enums import RepeatEffect, RepeatScope
from cases.models import RepeatRule, TriageStandard
from cases.services.assessment import DEFAULT_STANDARDS
from csp.agencies.models import Partnership
from csp.core.clocks import Unit

DEFAULT_REPEAT_RULES = (
    {
        "name": "Second report in six months: explain the ASB Case Review",
        "scope": RepeatScope.PERSON,
        "count": 2,
        "window_amount": 6,
        "window_unit": Unit.MONTHS,
        "effect": RepeatEffect.CASE_REVIEW_NOTICE,
    },
    {
        "name": "Repeat victim: three reports in three months",
        "scope": RepeatScope.PERSON,
        "count": 3,
        "window_amount": 3,
        "window_unit": Unit.MONTHS,
        "effect": RepeatEffect.FLAG,
    },
)
"""The first is the statutory guidance of 2025, the second what police teach. Both can be ended."""


@transaction.atomic
def install_default_rules(partnership: Partnership, on: dt.date) -> None:
    """Rules for a new partnership. One that has rules of a kind already keeps its own."""
    if not TriageStandard.objects.filter(partnership=partnership).exists():
        TriageStandard.objects.bulk_create(
            TriageStandard(partnership=partnership, risk=risk, amount=amount, unit=unit, starts_on=on)
            for risk, (amount, unit) in DEFAULT_STANDARDS.items()
        )
    if not RepeatRule.objects.filter(partnership=partnership).exists():
        RepeatRule.objects.bulk_create(
            RepeatRule(partnership=partnership, starts_on=on, **rule) for rule in DEFAULT_REPEAT_RULES
        )
