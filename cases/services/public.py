"""What residents do without an account: report, follow by a private link, add to a report."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction

from cases.enums import CallerKind, Channel, LinkRole, ReportStatus, WhenKind
from cases.models import Report
from cases.services.contacts import tell_received
from cases.services.keys import split_postcode
from cases.services.people import PersonEntry
from cases.services.reports import ReportDetails, log_report
from csp.agencies.models import Partnership

LINK_LASTS = dt.timedelta(days=180)
SALT = "cases.follow-a-report"

COPIED = (
    "what_happened", "when_kind", "occurred_precision", "occurred_on", "occurred_at", "occurred_until_on",
    "occurred_pattern", "address", "postcode", "location", "subjects_known", "reported_before", "why_you",
    "how_affected", "contact_method", "contact_when", "contact_avoid", "consent",
)  # fmt: skip
"""Answers of the public form that a report holds under the same name."""


@transaction.atomic
def file_report(
    *, partnership: Partnership, answers: dict[str, Any], token: uuid.UUID, at: dt.datetime
) -> Report:
    """Log what a resident sent, and confirm it where they chose e-mail. One form makes one report."""
    known = Report.objects.filter(form_token=token).first()
    if known is not None:
        return known
    report = log_report(
        partnership=partnership,
        details=details_from(answers),
        channel=Channel.ONLINE,
        by=None,
        at=at,
        token=token,
    )
    tell_received(report=report, link=follow_token(report), at=at)
    return report


def details_from(answers: dict[str, Any]) -> ReportDetails:
    """The answers as a report. What was asked only of some may be missing."""
    given = {name: answers[name] for name in COPIED if answers.get(name) not in (None, "")}
    if given.get("when_kind") != WhenKind.REPEATING:
        given.pop("occurred_pattern", None)
    if given.get("when_kind") != WhenKind.SPAN:
        given.pop("occurred_until_on", None)
    strands = tuple(answers.get("hate_strands") or ())
    for_whom = answers.get("for_whom")
    return ReportDetails(
        **given,
        caller_kind=KINDS.get(for_whom or "", CallerKind.ANONYMOUS),
        in_danger=answers.get("in_danger") == "yes",
        categories=tuple(answers.get("categories") or ()),
        hate=bool(strands),
        hate_strands=strands,
        effect=int(answers["effect"]) if answers.get("effect") else None,
        who_affected=answers.get("affected_name") or "",
        people=people_from(answers),
    )


KINDS = {"me": CallerKind.PERSON, "behalf": CallerKind.BEHALF, "anonymous": CallerKind.ANONYMOUS}


def people_from(answers: dict[str, Any]) -> tuple[PersonEntry, ...]:
    if not answers.get("name"):
        return ()
    behalf = answers.get("for_whom") == "behalf"
    needs = tuple(answers.get("vulnerability") or ())
    address, postcode = split_postcode(answers.get("address_of_caller") or "")
    caller = PersonEntry(
        role=LinkRole.REPRESENTATIVE if behalf else LinkRole.COMPLAINANT,
        is_caller=True,
        name=answers["name"],
        phone=answers.get("phone") or "",
        email=answers.get("email") or "",
        address=address,
        postcode=postcode,
        contact_method=answers.get("contact_method") or "",
        contact_when=answers.get("contact_when") or "",
        contact_avoid=answers.get("contact_avoid") or "",
        vulnerability=() if behalf else needs,
        language=answers.get("language") or "",
    )
    if not behalf:
        return (caller,)
    address, postcode = split_postcode(answers.get("affected_address") or "")
    affected = PersonEntry(
        role=LinkRole.VICTIM,
        name=answers["affected_name"],
        address=address,
        postcode=postcode,
        vulnerability=needs,
    )
    return caller, affected


def follow_token(report: Report) -> str:
    """The private part of the link. Whoever holds it sees public steps, never what was reported."""
    return signing.dumps(report.pk, salt=SALT)


def report_of(token: str) -> Report | None:
    """The report behind a private link; None where the link is wrong or older than half a year."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=LINK_LASTS)
    except signing.BadSignature:
        return None
    return Report.objects.select_related("partnership").filter(pk=pk).first()


@dataclass(frozen=True)
class Step:
    """Something the caller may know happened to their report."""

    day: dt.datetime
    title: str
    text: str = ""


OUTCOMES = {
    ReportStatus.CASE_OPENED: ("We have opened a case", "An officer is working on it and will be in touch."),
    ReportStatus.JOINED: (
        "We are working on it",
        "Your report is now part of work that was already under way.",
    ),
    ReportStatus.REFERRED: (
        "We have asked another agency to help",
        "They have been told what they need to know to act on it.",
    ),
    ReportStatus.ADVICE: ("We have given advice", "You can add to your report if things change."),
    ReportStatus.NOT_ASB: (
        "We have looked at your report",
        "It is not anti-social behaviour that we can act on. Phone us if you want to know why.",
    ),
    ReportStatus.DUPLICATE: ("We knew about this already", "Your report was added to what we know."),
    ReportStatus.RECORDED: ("We have recorded it", ""),
}
"""Said without the reason, which is for the caller alone and may name others."""


def steps(report: Report) -> list[Step]:
    """What has happened, oldest first, in words that anybody who holds the link may read."""
    found = [Step(report.received_at, "We received your report")]
    if report.claimed_at:
        found.append(Step(report.claimed_at, "An officer is looking at it"))
    found += [
        Step(added.at, "You added to your report") for added in report.further_information.filter(by=None)
    ]
    standing = report.decisions.filter(undone_at=None).first()
    if standing is not None:
        title, text = OUTCOMES[ReportStatus(standing.outcome)]
        found.append(Step(standing.at, title, text))
    return sorted(found, key=lambda step: step.day)
