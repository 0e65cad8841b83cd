"""Passing a report to the agency that should deal with it: the disclosure, and what it is asked to do."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from cases.models import Decision, Report, ReportShare
from csp.actions.services import cancel_action, give_action
from csp.agencies.enums import ShareLevel
from csp.agencies.models import Partner, User
from csp.agencies.services import sharing

REPLACED = "Replaced by a referral"


@dataclass(frozen=True, kw_only=True)
class Referral:
    """To whom, under which law, why so much, and what they are asked to do by when."""

    partner: Partner
    level: int
    gateway: str
    purpose: str
    necessity: str
    consent: str
    request: str
    due_on: dt.date
    consent_note: str = ""
    handling: str = ""


def refer(*, report: Report, referral: Referral, by: User, at: dt.datetime) -> dict[str, Any]:
    """What the decision points to. An agency that sees enough already is only asked to act."""
    share = None
    before = report.shares.filter(to_partner=referral.partner, ended_at=None).first()
    if before is None or before.level < referral.level:
        if before is not None:
            sharing.end_share(share=before, reason=REPLACED, by=by, at=at)
        share = sharing.share(
            record=report,
            to_partner=referral.partner,
            level=ShareLevel(referral.level),
            gateway=referral.gateway,
            purpose=referral.purpose,
            necessity=referral.necessity,
            consent=referral.consent,
            consent_note=referral.consent_note,
            handling=referral.handling,
            by=by,
            at=at,
        )
    action = give_action(
        lead=report.lead,
        owner=referral.partner,
        text=referral.request,
        due_on=referral.due_on,
        by=by,
        at=at,
        target=report,
    )
    return {"referred_to": referral.partner, "share": share, "action": action}


def call_back(*, decision: Decision, reason: str, by: User, at: dt.datetime) -> None:
    """Undo a referral: the agency sees no more than before, and need not do what it has not done."""
    report = decision.report
    share = decision.share
    if share is not None and ReportShare.objects.filter(pk=share.pk, ended_at=None).exists():
        sharing.end_share(share=share, reason=reason, by=by, at=at)
        before = report.shares.filter(
            to_partner=share.to_partner, ended_at=share.starts_at, end_reason=REPLACED
        ).first()
        if before is not None:
            _share_as_before(report, before, by, at)
    if decision.action is not None and decision.action.is_outstanding:
        cancel_action(action=decision.action, reason=reason, by=by, at=at)


def _share_as_before(report: Report, before: ReportShare, by: User, at: dt.datetime) -> None:
    sharing.share(
        record=report,
        to_partner=before.to_partner,
        level=ShareLevel(before.level),
        gateway=before.gateway,
        purpose=before.purpose,
        necessity=before.necessity,
        consent=before.consent,
        consent_note=before.consent_note,
        agreement=before.agreement,
        handling=before.handling,
        ends_at=before.ends_at,
        by=by,
        at=at,
    )
