"""The limits a partnership begins with, which of them hold on a day, and what each says in words."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from cases.enums import InterventionKind, PowerLimit
from cases.models import PowerRule
from csp.agencies.models import Partnership
from csp.core.clocks import Unit
from csp.core.text import count, mid_sentence
from csp.core.words import money_words

ACT = "Anti-social Behaviour, Crime and Policing Act 2014"
SINCE = dt.date(2014, 10, 20)
"""The powers of the Act began on this day, and so do the rules: what was issued before the partnership came
here is held to them too when it is written down."""

CHECK_THE_LAW = "as we read it; check the law"
MONTHS_A_YEAR = 12
TWO_YEARS = 24


@dataclass(frozen=True)
class Starter:
    """One limit as every partnership gets it."""

    kind: str
    limit: str
    source: str
    amount: int | None = None
    unit: str = ""
    follows: str = ""
    is_law: bool = True
    confirmed: bool = True


_K, _L = InterventionKind, PowerLimit
HOURS, DAYS, MONTHS = Unit.HOURS, Unit.CALENDAR_DAYS, Unit.MONTHS
PRACTICE: dict[str, Any] = {"is_law": False}
UNREAD: dict[str, Any] = {"confirmed": False}

STARTERS: tuple[Starter, ...] = (
    Starter(_K.ABC, _L.LONGEST, "Usual practice of landlords and councils", 6, MONTHS, **PRACTICE),
    Starter(_K.ABC, _L.REVIEW, "Practice in Stevenage; Broadacres: every four weeks", 3, MONTHS, **PRACTICE),
    Starter(_K.CPW, _L.YOUNGEST, f"{ACT}, s.43", 16),
    Starter(_K.CPW, _L.LAPSES, "Practice in Southend", 6, MONTHS, **PRACTICE),
    Starter(_K.CPN, _L.YOUNGEST, f"{ACT}, s.43", 16),
    Starter(_K.CPN, _L.FOLLOWS, f"{ACT}, s.43(5)", follows=_K.CPW),
    Starter(_K.CPN, _L.APPEAL, f"{ACT}, s.46(2)", 21, DAYS),
    Starter(_K.CPN, _L.PENALTY, f"{ACT}, s.52(7)", 100),
    Starter(_K.CPN, _L.LAPSES, "Practice in Southend", 12, MONTHS, **PRACTICE),
    Starter(_K.DISPERSAL, _L.LONGEST, f"{ACT}, s.34", 48, HOURS),
    Starter(_K.PSPO, _L.LONGEST, f"{ACT}, s.60", 36, MONTHS),
    Starter(_K.PSPO, _L.PENALTY, f"{ACT}, s.68", 100, **UNREAD),
    Starter(_K.CLOSURE_NOTICE, _L.LONGEST, f"{ACT}, s.77(1)", 24, HOURS),
    Starter(_K.CLOSURE_NOTICE, _L.LONGEST_EXTENDED, f"{ACT}, s.77(2)", 48, HOURS),
    Starter(_K.CLOSURE_NOTICE, _L.HEARING, f"{ACT}, s.80", 48, HOURS),
    Starter(_K.CLOSURE_ORDER, _L.FOLLOWS, f"{ACT}, s.80", follows=_K.CLOSURE_NOTICE),
    Starter(_K.CLOSURE_ORDER, _L.LONGEST, f"{ACT}, s.80", 3, MONTHS),
    Starter(_K.CLOSURE_ORDER, _L.LONGEST_EXTENDED, f"{ACT}, s.82", 6, MONTHS),
    Starter(_K.CLOSURE_ORDER, _L.APPEAL, f"{ACT}, s.84", 21, DAYS),
    Starter(_K.INJUNCTION, _L.YOUNGEST, f"{ACT}, s.1(1)", 10),
    Starter(_K.INJUNCTION, _L.LONGEST_UNDER_18, f"{ACT}, s.1(6)", 12, MONTHS),
    Starter(_K.CBO, _L.SHORTEST, "Sentencing Code, s.334", 24, MONTHS, **UNREAD),
    Starter(_K.CBO, _L.SHORTEST_UNDER_18, "Sentencing Code, s.334", 12, MONTHS, **UNREAD),
    Starter(_K.CBO, _L.LONGEST_UNDER_18, "Sentencing Code, s.334", 36, MONTHS, **UNREAD),
    Starter(_K.CBO, _L.REVIEW_UNDER_18, "Sentencing Code, s.337", 12, MONTHS, **UNREAD),
)  # fmt: skip
"""In the order of escalation. Confirmed: read in the Act itself, or in notes to it. Practice binds nobody."""


@transaction.atomic
def install_power_rules(partnership: Partnership, on: dt.date) -> None:
    """Limits for a partnership. One that has any keeps its own."""
    if PowerRule.objects.filter(partnership=partnership).exists():
        return
    PowerRule.objects.bulk_create(
        PowerRule(partnership=partnership, starts_on=min(on, SINCE), **vars(starter)) for starter in STARTERS
    )


def rules_on(partnership: Partnership, day: dt.date) -> list[PowerRule]:
    """Every limit that holds on the day, of all powers: there are a few dozen."""
    return list(PowerRule.objects.on(day).filter(partnership=partnership).order_by("pk"))


def time_words(amount: int, unit: str) -> str:
    """48 hours, 6 months, 3 years. A year and less is said in months."""
    if unit == Unit.MONTHS and amount >= TWO_YEARS and not amount % MONTHS_A_YEAR:
        return count(amount // MONTHS_A_YEAR, "year")
    if unit == Unit.WORKING_DAYS:
        return count(amount, "working day")
    return count(amount, Unit(unit).label.removesuffix("s"))


def power_name(kind: str) -> str:
    """Inside a sentence. What an Act gives a name keeps its capitals: a Community Protection Warning."""
    label = InterventionKind(kind).label
    proper = any(word[:1].isupper() for word in label.split()[1:])
    return label if proper else mid_sentence(label)


def limit_words(rule: PowerRule) -> str:
    """What the limit says: "3 months at most"."""
    amount = rule.amount or 0
    if rule.limit == PowerLimit.FOLLOWS:
        return f"Only after a {power_name(rule.follows)}"
    if rule.limit == PowerLimit.YOUNGEST:
        return f"Aged {amount} or over"
    if rule.limit == PowerLimit.PENALTY:
        return f"Fixed penalty of {money_words(amount)} at most"
    return _TIMED[PowerLimit(rule.limit)].format(time_words(amount, rule.unit))


_TIMED = {
    PowerLimit.LONGEST: "{} at most",
    PowerLimit.LONGEST_EXTENDED: "{} at most with extensions",
    PowerLimit.LONGEST_UNDER_18: "{} at most for somebody under 18",
    PowerLimit.SHORTEST: "{} at least",
    PowerLimit.SHORTEST_UNDER_18: "{} at least for somebody under 18",
    PowerLimit.APPEAL: "Appeal within {}",
    PowerLimit.HEARING: "Heard by the court within {} of service",
    PowerLimit.LAPSES: "Lapses after {}",
    PowerLimit.REVIEW: "Reviewed within {}",
    PowerLimit.REVIEW_UNDER_18: "Reviewed within {} for somebody under 18",
}


def source_words(rule: PowerRule) -> str:
    """Where it comes from, and how far it is to be trusted."""
    if not rule.is_law:
        return f"{rule.source}; not law"
    return rule.source if rule.confirmed else f"{rule.source}; {CHECK_THE_LAW}"
