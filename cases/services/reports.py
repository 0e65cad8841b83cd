"""Logging a report: the one door for the phone, paper, agencies, residents and demonstration data."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from cases.enums import CallerKind, Channel, PersonConsent, Precision, WhenKind
from cases.models import Category, Report, ToldAgency
from cases.services import assessment, people
from cases.services.attachments import attach
from cases.services.drafts import drop_draft_of
from cases.services.people import PersonEntry
from cases.services.places import find_or_add_place
from cases.services.texts import refuse_unstorable_in
from csp.agencies.enums import Consent, Gateway, ShareLevel
from csp.agencies.models import Partner, Partnership, User
from csp.agencies.services import geography, sharing
from csp.audit.services import record
from csp.core.errors import RuleBroken
from csp.core.references import REPORT, next_reference

__all__ = ["PersonEntry", "ReportDetails", "ToldEntry", "log_report"]


class CannotLog(RuleBroken): ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class ToldEntry:
    """Another agency the caller has told."""

    agency: str
    agency_reference: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReportDetails:
    """Everything a report says, however it came in. Only what happened is needed."""

    what_happened: str
    caller_kind: CallerKind = CallerKind.PERSON
    consent: str = ""
    consent_note: str = ""
    source_reference: str = ""
    contact_method: str = ""
    contact_when: str = ""
    contact_avoid: str = ""
    when_kind: WhenKind = WhenKind.ONCE
    occurred_precision: Precision = Precision.UNKNOWN
    occurred_on: dt.date | None = None
    occurred_at: dt.time | None = None
    occurred_until_on: dt.date | None = None
    occurred_until_at: dt.time | None = None
    occurred_pattern: str = ""
    address: str = ""
    postcode: str = ""
    location: str = ""
    latitude: float | None = None
    longitude: float | None = None
    categories: tuple[Category, ...] = ()
    hate: bool = False
    hate_strands: tuple[str, ...] = ()
    in_danger: bool = False
    children_present: bool = False
    reported_before: str = ""
    why_you: str = ""
    how_affected: str = ""
    effect: int | None = None
    who_affected: str = ""
    subjects_known: str = ""
    people: tuple[PersonEntry, ...] = ()
    told: tuple[ToldEntry, ...] = ()
    received_at: dt.datetime | None = None


COPIED = (
    "what_happened", "caller_kind", "consent", "consent_note", "source_reference",
    "contact_method", "contact_when", "contact_avoid",
    "when_kind", "occurred_precision", "occurred_on", "occurred_at",
    "occurred_until_on", "occurred_until_at", "occurred_pattern", "location",
    "hate", "in_danger", "children_present", "reported_before", "why_you",
    "how_affected", "effect", "who_affected", "subjects_known",
)  # fmt: skip
"""Details that a report holds under the same name."""

PLACED = ("place", "postcode", "latitude", "longitude", "ward", "local_area")
"""What a report holds about where it was, made from the details."""


@transaction.atomic
def log_report(
    *,
    partnership: Partnership,
    details: ReportDetails,
    channel: Channel,
    by: User | None,
    at: dt.datetime,
    source_partner: Partner | None = None,
    files: Sequence[Any] = (),
    token: uuid.UUID | None = None,
) -> Report:
    """Make a report with its people, place, files, risk, clock and officer. Raises `RuleBroken`.

    `token` belongs to one form on one screen: however often it is sent, it makes one report, and the draft of
    that form goes.
    """
    lead = partnership.receiving_partner
    if lead is None:
        raise CannotLog(f"{partnership} has no team that receives reports yet. Ask your administrator")
    refuse_details(details, at)
    if token is not None and (made := _made_by(token)):
        return made
    report = Report(
        reference=next_reference(partnership.code, REPORT, timezone.localtime(at).year),
        partnership=partnership,
        lead=lead,
        source_partner=source_partner,
        channel=channel,
        received_at=details.received_at or at,
        logged_by=by,
        logged_at=at,
        form_token=token,
    )
    put_details(report, details)
    report.save(force_insert=True)
    sharing.grant(record=report, partner=lead, level=ShareLevel.CONTRIBUTE)
    put_lists(report, details)
    for entry in details.people:
        people.link_person(report=report, entry=entry, may_change=channel != Channel.PARTNER, by=by, at=at)
    record(
        "report.logged",
        by=by,
        target=report,
        partner=source_partner,
        channel=str(channel),
        categories=[category.code for category in details.categories],
    )
    if channel == Channel.PARTNER and source_partner is not None and source_partner != lead:
        _share_back(report, source_partner, by, at)
    if token is not None and by is not None:
        drop_draft_of(token=token, owner=by)
    assessment.assess(report=report, at=at)
    attach(report=report, files=files, by=by, at=at)
    return report


def put_details(report: Report, details: ReportDetails) -> None:
    """Write what was told on the report, and find its place on the map."""
    for name in COPIED:
        setattr(report, name, getattr(details, name))
    report.hate_strands = sorted(details.hate_strands) if details.hate else []
    located = geography.locate(
        partnership=report.partnership,
        postcode=details.postcode,
        latitude=details.latitude,
        longitude=details.longitude,
    )
    report.postcode = details.postcode
    report.latitude, report.longitude = located.latitude, located.longitude
    report.ward, report.local_area = located.ward, located.local_area
    report.place = None
    if details.address.strip():
        report.place = find_or_add_place(
            partnership=report.partnership,
            address=details.address,
            postcode=details.postcode,
            latitude=located.latitude,
            longitude=located.longitude,
            ward=located.ward,
            local_area=located.local_area,
        )


def put_lists(report: Report, details: ReportDetails) -> None:
    """The kinds of behaviour, and the agencies told."""
    report.categories.set(details.categories)
    report.told_agencies.all().delete()
    ToldAgency.objects.bulk_create(
        [ToldAgency(report=report, **dataclasses.asdict(told)) for told in details.told]
    )


def refuse_details(details: ReportDetails, at: dt.datetime) -> None:
    for part in (details, *details.people, *details.told):
        refuse_unstorable_in(part)
    if not details.what_happened.strip():
        raise CannotLog("Enter what happened")
    if details.received_at and details.received_at > at:
        raise CannotLog("A report cannot be received in the future. Check the date and time")


def _made_by(token: uuid.UUID) -> Report | None:
    """The report this form made already. Who comes second waits here until the first is done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"log_report {token}"])
    return Report.objects.filter(form_token=token).first()


def _share_back(report: Report, source_partner: Partner, by: User | None, at: dt.datetime) -> None:
    """The agency that refers follows its report and may add to it."""
    sharing.share(
        record=report,
        to_partner=source_partner,
        level=ShareLevel.CONTRIBUTE,
        gateway=Gateway.CDA_115,
        purpose="They referred it and follow what happens",
        necessity="They hold the same information and work with the person",
        consent=Consent.GIVEN if report.consent == PersonConsent.GIVEN else Consent.NOT_NEEDED,
        consent_note=report.consent_note,
        by=by,
        at=at,
    )
