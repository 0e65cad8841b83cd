"""A report's facts in the words a page shows."""

import dataclasses
import datetime as dt

from cases.enums import LinkRole, Precision, ReportStatus, WhenKind
from cases.models import Report
from cases.services.reports import ReportDetails, ToldEntry
from csp.audit.models import Event
from csp.core.words import date_words, time_words

FIELD_WORDS = {
    "what_happened": "what happened",
    "when_kind": "when",
    "occurred_precision": "when",
    "occurred_on": "when",
    "occurred_at": "when",
    "occurred_until_on": "when",
    "occurred_until_at": "when",
    "occurred_pattern": "how often",
    "address": "where",
    "postcode": "where",
    "latitude": "the point on the map",
    "longitude": "the point on the map",
    "location": "how to find the place",
    "categories": "kind",
    "hate": "hate",
    "hate_strands": "hate",
    "in_danger": "danger",
    "children_present": "children",
    "reported_before": "whether it was reported before",
    "why_you": "why it happens to them",
    "how_affected": "how it affects them",
    "effect": "how much it affects them",
    "who_affected": "who is affected",
    "subjects_known": "who is doing it",
    "contact_method": "safe contact",
    "contact_when": "safe contact",
    "contact_avoid": "safe contact",
    "consent": "consent",
    "consent_note": "consent",
    "source_reference": "the agency's reference",
    "caller_kind": "the caller",
    "told": "other agencies told",
}

EVENT_WORDS = {
    "report.logged": "Logged",
    "report.imported": "Imported",
    "report.edited": "Changed",
    "report.information_added": "Further information added",
    "report.information_read": "Further information read",
    "report.person_added": "Person added",
    "report.person_removed": "Person taken out",
    "report.shared": "Shared",
    "report.unshared": "Share ended",
    "report.decided": "Decided",
    "attachment.added": "File added",
}

PLAIN_STATUS = {
    ReportStatus.NEW: "Waiting to be looked at",
    ReportStatus.CASE_OPENED: "A case was opened and is being worked on",
    ReportStatus.JOINED: "It is being worked on together with an earlier report",
    ReportStatus.REFERRED: "It was passed to the agency that can deal with it",
    ReportStatus.ADVICE: "Advice was given",
    ReportStatus.NOT_ASB: "It was not found to be anti-social behaviour",
    ReportStatus.DUPLICATE: "It is dealt with under another report of the same thing",
    ReportStatus.RECORDED: "It is recorded for information",
}
"""What an agency that follows a report needs to know of where it stands."""


def when_words(report: Report) -> str:
    """Such as: 3 March 2026 at 11pm, or: It keeps happening: most nights, since 3 March 2026"""
    began = _moment(report.occurred_on, report.occurred_at, report.occurred_precision)
    if report.when_kind == WhenKind.REPEATING:
        since = f"since {began}" if began else ""
        detail = ", ".join(filter(None, [report.occurred_pattern, since]))
        return f"It keeps happening: {detail}" if detail else "It keeps happening"
    if report.when_kind == WhenKind.SPAN:
        ended = _moment(report.occurred_until_on, report.occurred_until_at, Precision.TIME)
        return " until ".join(filter(None, [began or "Some time", ended])) if ended else began or "Not known"
    return began or "Not known"


def _moment(day: object, time: object, precision: str) -> str:
    if day is None:
        return ""
    if precision == Precision.MONTH:
        return f"{day:%B %Y}"
    words = date_words(day)  # type: ignore[arg-type]
    return f"{words} at {time_words(time)}" if time else words  # type: ignore[arg-type]


def event_words(event: Event) -> str:
    """One line of the history."""
    words = EVENT_WORDS.get(event.verb) or event.verb.partition(".")[2].replace("_", " ").capitalize()
    if fields := event.detail.get("fields"):
        named = dict.fromkeys(FIELD_WORDS.get(field, field) for field in fields)
        return f"{words}: {', '.join(named)}"
    if role := event.detail.get("role"):
        return f"{words}: {LinkRole(role).label.lower()}"
    if event.partner:
        return f"{words}: {event.partner}"
    return words


@dataclasses.dataclass(frozen=True)
class Change:
    """Something another person changed, and what the report says now."""

    what: str
    now: str


def changed_words(fields: list[str], now: ReportDetails) -> list[Change]:
    by_words: dict[str, list[str]] = {}
    for field in fields:
        value = _value_words(getattr(now, field))
        by_words.setdefault(FIELD_WORDS.get(field, field), []).extend([value] if value else [])
    return [Change(what.capitalize(), ", ".join(values) or "empty") for what, values in by_words.items()]


def _value_words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return date_words(value)
    if isinstance(value, dt.time):
        return time_words(value)
    if isinstance(value, tuple):
        return ", ".join(_value_words(each) for each in value)
    if isinstance(value, ToldEntry):
        return f"{value.agency} {value.agency_reference}".strip()
    return "" if value is None else str(value)
