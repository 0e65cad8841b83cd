"""What a new report is: how risky, whether it repeats, how soon it must be triaged, and by whom."""

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction

from django.db import transaction

from cases.enums import AFFECTED_ROLES, Effect, RepeatEffect, Risk
from cases.models import Report, TriageStandard
from cases.services.duplicates import likely_duplicate_of
from cases.services.repeats import notice_is_due, repeats_of
from cases.services.risk import weigh_case
from cases.services.routing import route
from csp.agencies.models import Partnership
from csp.core.calendar import local_day
from csp.core.clocks import Unit

DEFAULT_STANDARDS: dict[Risk, tuple[int, Unit]] = {
    Risk.HIGH: (1, Unit.WORKING_DAYS),
    Risk.MEDIUM: (5, Unit.WORKING_DAYS),
    Risk.STANDARD: (10, Unit.WORKING_DAYS),
}
"""What most councils and housing providers publish. They hold where a partnership has none of its own."""

EFFECT_RISK = {Effect.LOT: Risk.MEDIUM, Effect.EXTREME: Risk.HIGH}

ASSESSED = (
    "risk",
    "risk_reasons",
    "vulnerable",
    "repeat_victim",
    "case_review_notice_due",
    "likely_duplicate_of",
)
CLOCK_START = (
    "clock_started_at",
    "clock_due_at",
    "clock_amber_at",
    "clock_unit",
    "clock_breach_reason",
    "clock_paused_at",
    "clock_stopped_at",
)


def risk_from(
    *,
    category_risks: Iterable[int],
    hate: bool,
    in_danger: bool,
    effect: int | None,
    vulnerable: bool,
    repeat: bool | str,
) -> tuple[Risk, list[str]]:
    """The risk of a report and the reasons in words.

    The worst of what happened sets it: the same noise may be little to one neighbour and a lot to another.
    Being vulnerable, and suffering it again, raise it one step each. `repeat` may say how it repeats.
    """
    grounds: list[tuple[Risk, str]] = []
    if in_danger:
        grounds.append((Risk.HIGH, "Somebody may be in danger"))
    worst = Risk(max(category_risks, default=Risk.STANDARD))
    if worst > Risk.STANDARD:
        grounds.append((worst, f"This kind of behaviour is {worst.label.lower()}"))
    if hate:
        grounds.append((Risk.MEDIUM, "Motivated by hate"))
    if effect in EFFECT_RISK:
        grounds.append((EFFECT_RISK[Effect(effect)], f"It affects them {Effect(effect).label.lower()}"))
    risk = max((each for each, _ in grounds), default=Risk.STANDARD)
    reasons = [words for _, words in grounds]
    for raises, words in ((vulnerable, "Somebody affected is vulnerable"), (repeat, _repeat_words(repeat))):
        if raises:
            risk = Risk(min(risk + 1, Risk.HIGH))
            reasons.append(words)
    return risk, reasons


def standards_on(partnership: Partnership, day: dt.date) -> dict[Risk, TriageStandard]:
    """The standard for each risk on a day: the partnership's own where it has one, else what is usual."""
    standards = {
        risk: TriageStandard(partnership=partnership, risk=risk, amount=amount, unit=unit, starts_on=day)
        for risk, (amount, unit) in DEFAULT_STANDARDS.items()
    }
    own = TriageStandard.objects.on(day).filter(partnership=partnership).order_by("starts_on")
    return standards | {Risk(standard.risk): standard for standard in own}


def start_triage_clock(report: Report, standard: TriageStandard) -> None:
    """The clock runs from the moment the report came in, not from when somebody typed it."""
    report.start_clock(
        report.received_at,
        standard.amount,
        Unit(standard.unit),
        Fraction(standard.amber_percent, 100),
    )


def assess(*, report: Report, at: dt.datetime) -> Report:
    """Assess a report that was just made, and route it. Part of the change that makes it and tells of it."""
    weigh(report=report)
    if report.awaits_triage and report.officer_id is None:
        route(report=report, at=at)
    return report


@transaction.atomic
def weigh(*, report: Report) -> Report:
    """Risk, flags and clock from what is known now. Done again, the clock keeps its start."""
    repeats = repeats_of(report)
    flags = [repeat for repeat in repeats if repeat.rule.effect == RepeatEffect.FLAG]
    was = Risk(report.risk)
    report.vulnerable = report.vulnerable or _says_vulnerable(report)
    report.repeat_victim = bool(flags)
    report.risk, report.risk_reasons = risk_from(
        category_risks=report.categories.values_list("risk", flat=True),
        hate=report.hate,
        in_danger=report.in_danger,
        effect=report.effect,
        vulnerable=report.vulnerable,
        repeat=str(flags[0]) if flags else False,
    )
    report.case_review_notice_due = notice_is_due(report, repeats)
    report.likely_duplicate_of = likely_duplicate_of(report)
    changed = list(ASSESSED)
    if report.awaits_triage and (report.clock_started_at is None or report.risk != was):
        standards = standards_on(report.partnership, local_day(report.received_at))
        start_triage_clock(report, standards[Risk(report.risk)])
        changed += CLOCK_START
    report.save(update_fields=changed)
    if report.case is not None and report.risk != was:
        weigh_case(report.case)
    return report


def _repeat_words(repeat: bool | str) -> str:
    return f"Repeat: {repeat}" if isinstance(repeat, str) else "It has happened to them before"


def _says_vulnerable(report: Report) -> bool:
    """From what is known of the people affected, or because children are there."""
    affected = report.links.filter(role__in=AFFECTED_ROLES)
    return report.children_present or affected.exclude(person__vulnerability=[]).exists()
