"""Powers as they are drafted, each of which keeps all its limits."""

import datetime as dt

from cases.enums import ConditionKind, InterventionKind, InterventionStatus, PowerLimit
from cases.models import PowerRule
from cases.services.power_limits import (
    Draft,
    problems,
)
from cases.services.power_rules import STARTERS
from csp.core.calendar import LONDON, end_of_day, local_day

K, L = InterventionKind, PowerLimit
RULES = [PowerRule(**vars(starter)) for starter in STARTERS]
MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


def at(day, hour=12, minute=0):
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour, minute), tzinfo=LONDON)


NOON = at("2026-01-15")
ADULT, CHILD = dt.date(1990, 6, 1), dt.date(2011, 6, 1)
STOP = frozenset({(ConditionKind.PROHIBITION.value, "play music after 11pm")})


def found(draft, on=None):
    day = on or local_day(draft.served_at or NOON)
    return problems(draft, RULES, day)


def limits(draft, on=None):
    return [problem.limit for problem in found(draft, on)]


def served(kind, **more):
    given_ = {"person": 1, "born_on": ADULT} if kind not in {K.DISPERSAL, K.PSPO, K.CLOSURE_NOTICE} else {}
    return Draft(**{"kind": kind, "served_at": NOON, "starts_at": NOON, **given_, **more})


def closing(**more):
    """A closure notice that keeps all its limits."""
    return served(
        K.CLOSURE_NOTICE,
        **{"place": 7, "ends_at": NOON + dt.timedelta(hours=24), "hearing_at": NOON + 2 * DAY, **more},
    )


def order(**more):
    """A closure order that keeps all its limits."""
    notice = closing(status=InterventionStatus.IN_FORCE)
    given_ = {"place": 7, "follows": notice, "ends_at": end_of_day(dt.date(2026, 4, 14)), **more}
    return Draft(kind=K.CLOSURE_ORDER, served_at=NOON, starts_at=NOON, **given_)


def warning(**more):
    given_ = {
        "status": InterventionStatus.IN_FORCE,
        "person": 1,
        "born_on": ADULT,
        "conditions": STOP,
        "served_at": NOON - 30 * DAY,
        "starts_at": NOON - 30 * DAY,
        "ends_at": end_of_day(dt.date(2026, 6, 15)),
        **more,
    }
    return Draft(kind=K.CPW, **given_)


def notice(**more):
    """A community protection notice that keeps all its limits."""
    given_ = {"person": 1, "born_on": ADULT, "conditions": STOP, "follows": warning(), **more}
    return Draft(kind=K.CPN, served_at=NOON, starts_at=NOON, **given_)
