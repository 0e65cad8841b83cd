"""Putting an item on an agenda and opening it to the agencies that need it: each opening is a disclosure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from cases.models import Case, CaseShare
from csp.agencies.access import codename
from csp.agencies.enums import ShareLevel
from csp.agencies.models import Partner, User
from csp.agencies.services import sharing
from csp.audit.services import record
from csp.core.calendar import end_of_day, local_day
from csp.core.errors import RuleBroken
from csp.core.references import AGENDA_ITEM, next_reference
from tasking.enums import ItemKind
from tasking.models import AgendaItem, ItemShare, Meeting, MeetingPartner
from tasking.services.meetings import lock_meeting, tell_screens


class CannotTable(RuleBroken): ...


@dataclass(frozen=True, kw_only=True)
class TablingTerms:
    """Why the agencies of the meeting may see an item. How long follows from the meeting's series."""

    gateway: str
    purpose: str
    necessity: str
    consent: str
    consent_note: str = ""
    handling: str = ""
    level: ShareLevel = ShareLevel.SUMMARY
    """How much of the item's case they see, where it has one. The item itself they see whole."""


def shares_end_at(meeting: Meeting) -> dt.datetime:
    """When what was shared for a meeting ends: so many days after it, as its series says."""
    return end_of_day(meeting.day + dt.timedelta(days=meeting.series.share_days))


@transaction.atomic
def add_item(
    *, meeting: Meeting, kind: str, title: str, by: User | None, at: dt.datetime, **details: Any
) -> AgendaItem:
    """At the end of the agenda, open to the team that runs the meeting alone. Raises `CannotTable`."""
    current = lock_meeting(meeting)
    if not (current.is_before or current.is_in_session):
        raise CannotTable(f"{current} is over: nothing more can be put on its agenda")
    subject = details.get("case") or details.get("person") or details.get("place")
    if subject is not None and subject.partnership_id != current.partnership_id:
        raise CannotTable(f"{subject} belongs to another partnership")
    last = current.items.aggregate(last=Max("position"))["last"] or 0
    item = AgendaItem.objects.create(
        reference=next_reference(current.partnership.code, AGENDA_ITEM, local_day(at).year),
        partnership=current.partnership,
        lead=current.lead,
        meeting=current,
        position=last + 1,
        kind=kind,
        title=title,
        made_at=at,
        **details,
    )
    sharing.grant(record=item, partner=current.lead, level=ShareLevel.CONTRIBUTE)
    if kind == ItemKind.STANDING:
        for partner in _invited(current):
            sharing.grant(record=item, partner=partner, level=ShareLevel.CONTRIBUTE)
    record("agenda_item.added", by=by, target=item, meeting=current.reference)
    tell_screens(current)
    return item


def _invited(meeting: Meeting) -> list[Partner]:
    seats = MeetingPartner.objects.filter(meeting=meeting).select_related("partner")
    return [seat.partner for seat in seats if seat.partner_id != meeting.lead_id]


@transaction.atomic
def table_for(
    *, item: AgendaItem, partners: Iterable[Partner], terms: TablingTerms, by: User | None, at: dt.datetime
) -> list[ItemShare]:
    """Open the item to invited agencies, and its case with it. Returns the shares that were made.

    The case's own share is made in the name of the partner that leads it: it referred the case, or runs the
    meeting. An agency that sees the case already keeps the share it has. Raises `CannotTable`, `CannotShare`.
    """
    meeting = lock_meeting(item.meeting)
    seats = set(MeetingPartner.objects.filter(meeting=meeting).values_list("partner", flat=True))
    made: list[ItemShare] = []
    for partner in partners:
        if partner.pk not in seats:
            raise CannotTable(f"{partner} is not invited to {meeting}. Invite them first")
        if partner.pk == item.lead_id or item.shares.filter(to_partner=partner, ended_at=None).exists():
            continue
        case = item.case
        case_share = open_case(case, partner, meeting=meeting, terms=terms, by=by, at=at) if case else None
        shared: Any = sharing.share(
            record=item, to_partner=partner, level=ShareLevel.CONTRIBUTE, by=by, at=at,
            **_terms(meeting, terms),
        )  # fmt: skip
        shared.case_share = case_share
        shared.save(update_fields=["case_share"])
        made.append(shared)
    if made:
        tell_screens(meeting)
    return made


def open_case(
    case: Case, partner: Partner, *, meeting: Meeting, terms: TablingTerms, by: User | None, at: dt.datetime
) -> CaseShare | None:
    """Share a case for a meeting. None where the agency sees it already: it keeps the share it has."""
    if sees(case, partner):
        return None
    existing = case.shares.filter(to_partner=partner, ended_at=None).first()
    if existing is not None:  # existence only, or one whose time has run out
        sharing.end_share(share=existing, reason=f"Opened for {meeting}", by=by, at=at)
    shared: Any = sharing.share(
        record=case, to_partner=partner, level=terms.level, by=by, at=at, **_terms(meeting, terms)
    )
    return shared


def sees(case: Case, partner: Partner) -> bool:
    """The agency as a whole sees the case at least in summary. A restricted one asks for names besides."""
    wanted = codename(Case, ShareLevel.SUMMARY)
    return case.permission_rows.filter(group=partner.group_id, permission__codename=wanted).exists()


def _terms(meeting: Meeting, terms: TablingTerms) -> dict[str, Any]:
    return {
        "gateway": terms.gateway,
        "purpose": terms.purpose,
        "necessity": terms.necessity,
        "consent": terms.consent,
        "consent_note": terms.consent_note,
        "handling": terms.handling,
        "agreement": meeting.series.agreement,
        "ends_at": shares_end_at(meeting),
    }


@transaction.atomic
def untable_for(*, item: AgendaItem, partner: Partner, reason: str, by: User | None, at: dt.datetime) -> None:
    """The agency no longer needs it: the item's share ends, and the case's where it was made for it."""
    shared = item.shares.filter(to_partner=partner, ended_at=None).select_related("case_share").first()
    if shared is None:
        raise CannotTable(f"{item} is not open to {partner}")
    if not reason.strip():
        raise CannotTable("Enter why they no longer need it")
    sharing.end_share(share=shared, reason=reason, by=by, at=at)
    if shared.case_share is not None and shared.case_share.ended_at is None:
        sharing.end_share(share=shared.case_share, reason=reason, by=by, at=at)
    tell_screens(item.meeting)
