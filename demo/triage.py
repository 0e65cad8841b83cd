"""What triage has done with the older made-up reports, and the actions that follow from it."""

import datetime as dt

from cases.enums import ReportStatus
from cases.models import Case, Report
from cases.services import claims, decisions
from cases.services.decisions import Verdict
from cases.services.refer import Referral
from cases.services.titles import suggested_title
from csp.actions.services import give_action
from csp.agencies.enums import Consent, Gateway, ShareLevel
from csp.agencies.models import Partner, Partnership, User
from demo.case_stories import ALL_STORIES
from demo.stories import Story

DECIDED_AFTER = dt.timedelta(hours=5)


def load(partnership: Partnership, reports: list[Report], now: dt.datetime) -> None:
    officer = User.objects.get(email="officer@demo.example")
    told = {report.what_happened: report for report in reports}
    for story in ALL_STORIES:
        report = told[story.what]
        at = report.logged_at + DECIDED_AFTER
        if story.decision:
            verdict = _verdict(story, report, officer, at)
            decisions.decide(report=report, verdict=verdict, by=officer, at=at)
        elif story.claimed:
            claims.claim(report=report, by=officer, at=report.logged_at + dt.timedelta(hours=1))
    _actions(partnership, officer, now)


def _verdict(story: Story, report: Report, officer: User, at: dt.datetime) -> Verdict:
    return Verdict(
        outcome=story.decision,
        reason=story.reason,
        title=suggested_title(report),
        officer=officer,
        case=_case_of(story, report),
        referral=_referral(story, report, at) if story.decision == ReportStatus.REFERRED else None,
        advice=story.reason if story.decision == ReportStatus.ADVICE else "",
    )


def _case_of(story: Story, report: Report) -> Case | None:
    if story.decision != ReportStatus.JOINED:
        return None
    return Case.objects.get(reports__what_happened__startswith=story.to, partnership=report.partnership)


def _referral(story: Story, report: Report, at: dt.datetime) -> Referral:
    return Referral(
        partner=Partner.objects.get(partnership=report.partnership, name=story.to),
        level=ShareLevel.FULL,
        gateway=Gateway.CDA_115,
        purpose="To act on the tenancy",
        necessity="The landlord alone can act on the block; it needs the address and what was seen",
        consent=Consent.NOT_NEEDED,
        request="Inspect the stairwell, clear it, and tell us what you find",
        due_on=(at + dt.timedelta(days=10)).date(),
    )


def _begun_by(partnership: Partnership, words: str) -> Case:
    return Case.objects.get(partnership=partnership, reports__what_happened__startswith=words)


def _actions(partnership: Partnership, officer: User, now: dt.datetime) -> None:
    """Some late, some due, for three agencies."""
    today = now.date()
    partners = {partner.name: partner for partner in Partner.objects.filter(partnership=partnership)}
    mill_road = _begun_by(partnership, "Shouting in the street")
    ock_street = _begun_by(partnership, "Followed home")
    asked = (
        ("Soha", "Visit the tenant at 9 Mill Road with police and explain the tenancy terms", 3, mill_road),
        ("Soha", "Send the tenancy's history of warnings", -2, mill_road),
        ("Police", "Add patrols on Friday and Saturday nights", 5, mill_road),
        ("Police", "Confirm whether the hate incident is crimed, with its number", -1, ock_street),
        ("Fire and Rescue", "Offer a home fire safety visit", 9, ock_street),
    )
    for name, text, days, case in asked:
        give_action(
            lead=case.lead,
            owner=partners[name],
            text=text,
            due_on=today + dt.timedelta(days=days),
            target=case,
            by=officer,
            at=now - dt.timedelta(days=7),
        )
