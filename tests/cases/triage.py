"""What the tests of triage share: a verdict and a referral that are whole."""

import datetime as dt
from typing import Any

from cases.models import Decision, Report
from cases.services import decisions
from cases.services.decisions import Verdict
from cases.services.refer import Referral
from csp.agencies.models import Partner, User
from tests.factories.cases import NOON


def verdict(outcome: str, **says: Any) -> Verdict:
    return Verdict(outcome=outcome, **{"reason": "Seen before", "advice": "Talk to them first"} | says)


def referral(partner: Partner, **says: Any) -> Referral:
    terms = {
        "level": 3,
        "gateway": "cda_115",
        "purpose": "They are the landlord",
        "necessity": "They must know who complains of whom",
        "consent": "given",
        "request": "Visit the tenant",
        "due_on": dt.date(2026, 3, 18),
        "handling": "Do not tell the tenant who reported",
    }
    return Referral(partner=partner, **terms | says)


def decided(report: Report, by: User, at: dt.datetime = NOON, **says: Any) -> Decision:
    decision = decisions.decide(report=report, verdict=verdict(**says), by=by, at=at)
    report.refresh_from_db()
    return decision
