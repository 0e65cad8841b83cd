import datetime as dt

from django.db import transaction

from cases.enums import RepeatEffect, RepeatScope
from cases.models import CaseOutcome, CaseStandard, NoContactRule, RepeatRule, TriageStandard
from cases.services.assessment import DEFAULT_STANDARDS
from cases.services.risk import DEFAULT_CASE_STANDARDS
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


DEFAULT_NO_CONTACT = {"attempts": 3, "wait_days": 10}
"""Three calls, then a letter, then ten working days."""

DEFAULT_OUTCOMES = (
    ("warning", "Warning given"),
    ("abc", "Acceptable behaviour contract signed"),
    ("notice", "Community protection warning or notice served"),
    ("order", "Injunction, closure or other order made"),
    ("tenancy", "Tenancy action taken"),
    ("support-subject", "Support accepted by the person causing it"),
    ("support-victim", "Support accepted by the victim"),
    ("mediation", "Mediation agreed"),
    ("environment", "Change made to the place"),
    ("security", "Home made safer"),
    ("moved", "Somebody moved"),
    ("quiet", "No further reports"),
)
"""What partnerships count each quarter. A case may have several, each counted once."""


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


@transaction.atomic
def install_case_rules(partnership: Partnership, on: dt.date) -> None:
    """Standards, the rule for when nobody answers, and outcomes, where the partnership has none."""
    if not CaseStandard.objects.filter(partnership=partnership).exists():
        CaseStandard.objects.bulk_create(
            CaseStandard(
                partnership=partnership, risk=risk, review_days=review, update_days=update, starts_on=on
            )
            for risk, (review, update) in DEFAULT_CASE_STANDARDS.items()
        )
    if not NoContactRule.objects.filter(partnership=partnership).exists():
        NoContactRule.objects.create(partnership=partnership, starts_on=on, **DEFAULT_NO_CONTACT)
    if not CaseOutcome.objects.filter(partnership=partnership).exists():
        CaseOutcome.objects.bulk_create(
            CaseOutcome(partnership=partnership, code=code, label=label, position=place)
            for place, (code, label) in enumerate(DEFAULT_OUTCOMES, start=1)
        )
