"""Putting an item on an agenda and opening it to the agencies that need it: each opening is a disclosure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from cases.models import Case, CaseShare
from csp.agencies.access import codename
from csp.agencies.enums import Consent, ShareLevel
from csp.agencies.models import Partner, User
from csp.agencies.services import sharing
from csp.audit.services import record
from csp.core.calendar import end_of_day, local_day
from csp.core.errors import RuleBroken
from csp.core.references import AGENDA_ITEM, next_reference
from tasking.enums import ItemKind, ItemStatus
from tasking.models import AgendaItem, ItemShare, Meeting, MeetingPartner
from tasking.services.meetings import lock_meeting, tell_screens

REASON_NEEDED = (Consent.NOT_SOUGHT, Consent.REFUSED)


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
    _check_subject(current, details)
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


def _check_subject(meeting: Meeting, details: dict[str, Any]) -> None:
    case: Case | None = details.get("case")
    subject: Any = case or details.get("person") or details.get("place")
    if subject is not None and subject.partnership_id != meeting.partnership_id:
        raise CannotTable(f"{subject} belongs to another partnership")
    if case is None:
        return
    if case.merged_into is not None:
        raise CannotTable(f"{case} is part of another case now. Put that on the agenda instead")
    if meeting.items.tabled().filter(case=case).exists():
        raise CannotTable(f"{case} is on this agenda already")


def _invited(meeting: Meeting) -> list[Partner]:
    seats = MeetingPartner.objects.filter(meeting=meeting).sitting().select_related("partner")
    return [seat.partner for seat in seats if seat.partner_id != meeting.lead_id]


@transaction.atomic
def table_for(
    *, item: AgendaItem, partners: Iterable[Partner], terms: TablingTerms, by: User | None, at: dt.datetime
) -> list[ItemShare]:
    """Open the item to invited agencies, and its case with it. Returns the shares that were made.

    The case's own share is made in the name of the partner that leads it: it referred the case, or runs the
    meeting. An agency that sees the case already keeps the share it has, where that lasts until the meeting.
    Raises `CannotTable`, `CannotShare`.
    """
    meeting = lock_meeting(item.meeting)
    current = AgendaItem.objects.select_related("case__lead", "lead").get(pk=item.pk)
    _check_tabled(current, meeting, terms)
    seats = set(MeetingPartner.objects.filter(meeting=meeting).sitting().values_list("partner", flat=True))
    made: list[ItemShare] = []
    for partner in partners:
        if partner.pk not in seats:
            raise CannotTable(f"{partner} is not invited to {meeting}. Invite them first")
        if partner.pk != current.lead_id and not is_open_to(current, partner, at):
            made.append(_open_item(current, partner, meeting=meeting, terms=terms, by=by, at=at))
    if made:
        tell_screens(meeting)
    return made


def _check_tabled(item: AgendaItem, meeting: Meeting, terms: TablingTerms) -> None:
    if not (meeting.is_before or meeting.is_in_session):
        raise CannotTable(f"{meeting} is over: nothing more can be tabled for it")
    if item.status == ItemStatus.WITHDRAWN:
        raise CannotTable(f"{item} was taken off the agenda")
    if item.kind == ItemKind.STANDING:
        raise CannotTable("A standing item is open to every agency invited")
    if terms.level < ShareLevel.SUMMARY:
        raise CannotTable("They need to see at least a summary of the case to discuss it")
    if terms.consent in REASON_NEEDED and not terms.consent_note.strip():
        raise CannotTable("Enter why it is shared without their consent")


def is_open_to(item: AgendaItem, partner: Partner, at: dt.datetime) -> bool:
    """It was tabled for them, and that did not end or run out."""
    return item.shares.current(at).filter(to_partner=partner).exists()


def _open_item(
    item: AgendaItem, partner: Partner, *, meeting: Meeting, terms: TablingTerms, by: User | None,
    at: dt.datetime,
) -> ItemShare:  # fmt: skip
    case_share = None
    if item.case is not None and not sees_at_meeting(item.case, partner, meeting, at):
        if item.case.lead_id not in (item.lead_id, item.referred_by_id):
            raise CannotTable(
                f"{item.case} is led by {item.case.lead}, which did not refer it. "
                f"Only they can open it to {partner}"
            )
        case_share = open_case(item.case, partner, meeting=meeting, terms=terms, by=by, at=at)
    shared: Any = sharing.share(
        record=item, to_partner=partner, level=ShareLevel.CONTRIBUTE, by=by, at=at, **_terms(meeting, terms)
    )
    shared.case_share = case_share
    shared.save(update_fields=["case_share"])
    made: ItemShare = shared
    return made


def open_case(
    case: Case, partner: Partner, *, meeting: Meeting, terms: TablingTerms, by: User | None, at: dt.datetime
) -> CaseShare | None:
    """Share a case for a meeting. None where the agency sees it until then: it keeps the share it has.

    What they had before, such as that the case exists, comes back when this is ended before its time.
    """
    if sees_at_meeting(case, partner, meeting, at):
        return None
    level, existing = terms.level, open_share(case, partner)
    if existing is not None:  # existence only, or one whose time runs out before the meeting
        if existing.ends_at is None or existing.ends_at > at:
            level = max(level, ShareLevel(existing.level))
        sharing.end_share(share=existing, reason=_opened_for(meeting), by=by, at=at)
    shared: Any = sharing.share(
        record=case, to_partner=partner, level=level, by=by, at=at, **_terms(meeting, terms)
    )
    return shared


def _opened_for(meeting: Meeting) -> str:
    return f"Opened for {meeting}"


def open_share(case: Case, partner: Partner) -> CaseShare | None:
    """The agency's share of the case that was not ended, whether its time has run out or not."""
    return case.shares.filter(to_partner=partner, ended_at=None).first()


def sees(case: Case, partner: Partner) -> bool:
    """The agency as a whole sees the case at least in summary. A restricted one asks for names besides."""
    wanted = codename(Case, ShareLevel.SUMMARY)
    return case.permission_rows.filter(group=partner.group_id, permission__codename=wanted).exists()


def sees_at_meeting(case: Case, partner: Partner, meeting: Meeting, at: dt.datetime) -> bool:
    """It sees the case now, and will until the meeting is over."""
    if case.lead_id == partner.pk:
        return True
    held = open_share(case, partner)
    lasts = held is None or held.ends_at is None or held.ends_at >= max(at, meeting.ends_at)
    return lasts and sees(case, partner)


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
    end_item_share(shared, reason=reason, by=by, at=at)
    tell_screens(item.meeting)


def end_item_share(shared: ItemShare, *, reason: str, by: User | None, at: dt.datetime) -> None:
    """With it ends the case's share that was made for it, unless another item of the case relies on that."""
    sharing.end_share(share=shared, reason=reason, by=by, at=at)
    case_share = shared.case_share
    if case_share is None or case_share.ended_at is not None:
        return
    others = ItemShare.objects.filter(
        record__case=case_share.record_id, to_partner=shared.to_partner, ended_at=None
    )
    if (other := others.order_by("pk").first()) is not None:
        other.case_share = case_share
        other.save(update_fields=["case_share"])
        return
    sharing.end_share(share=case_share, reason=reason, by=by, at=at)
    _give_back(case_share, _opened_for(shared.record.meeting), by, at)


def _give_back(ended: CaseShare, words: str, by: User | None, at: dt.datetime) -> None:
    """What the agency held of the case before it was opened for the meeting, as long as it was to hold."""
    earlier = ended.record.shares.filter(
        Q(ends_at=None) | Q(ends_at__gt=at), to_partner=ended.to_partner, end_reason=words,
        ended_at=ended.starts_at,
    )  # fmt: skip
    before = earlier.order_by("-pk").first()
    left = ended.to_partner.left_on
    if before is None or (left is not None and left <= local_day(at)):
        return
    terms = {name: getattr(before, name) for name in (*sharing.KEPT_TERMS, "purpose", "necessity")}
    sharing.share(
        record=ended.record, to_partner=ended.to_partner, level=ShareLevel(before.level), by=by, at=at,
        **terms,
    )  # fmt: skip
