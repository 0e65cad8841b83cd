"""An agency brings something to a meeting. Who runs it decides; until then it can be withdrawn."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from cases.models import Category
from csp.agencies.enums import Consent
from csp.agencies.models import Partner, User
from csp.agencies.services import sharing
from csp.audit.services import record
from csp.core.errors import RuleBroken
from csp.core.text import mid_sentence
from tasking import tasks
from tasking.enums import UNDECIDED, ReferralStatus
from tasking.models import AgendaItem, Meeting, MeetingPartner, Referral, ReferralGroup
from tasking.services.meetings import lock_meeting
from tasking.services.referral_subjects import (
    CannotRefer,
    Subject,
    is_late,
    must_be_in_time,
    must_bring,
    must_not_be_there,
    must_sit,
    must_take,
    names_somebody,
    shares_on_sending,
)
from tasking.services.tabling import TablingTerms, open_case, shares_end_at

REASON_NEEDED = frozenset({Consent.NOT_SOUGHT, Consent.REFUSED})


class CannotDecide(RuleBroken): ...


@dataclass(frozen=True, kw_only=True)
class ReferralDetails:
    """What whoever refers says."""

    title: str
    group: ReferralGroup | None
    why: str
    wanted: str
    gateway: str
    necessity: str
    consent: str
    consent_note: str = ""
    tried: str = ""
    issue: Category | None = None
    urgent_because: str = ""
    needed_by: tuple[Partner, ...] = field(default=())

    def columns(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name not in NOT_COLUMNS}


NOT_COLUMNS = {"needed_by", "urgent_because"}


@transaction.atomic
def refer(
    *,
    meeting: Meeting,
    subject: Subject,
    details: ReferralDetails,
    partner: Partner,
    by: User,
    at: dt.datetime,
) -> Referral:
    """Where the team that runs the meeting cannot see the case yet, it is shared with them. Sent twice, it is
    one referral. Raises `CannotRefer`.
    """
    current = lock_meeting(meeting)
    must_take(current)
    must_sit(current, partner)
    if sent := _just_sent(current, subject, details, by):
        return sent
    must_bring(subject, current, partner)
    must_not_be_there(subject, current, partner, by)
    must_be_in_time(current, details.urgent_because, at)
    _check(subject, details, current)
    late = is_late(current, at)
    made = Referral.objects.create(
        partnership=current.partnership,
        meeting=current,
        lead=current.lead,
        from_partner=partner,
        kind=subject.kind,
        area=subject.area or current.area,
        urgent=late,
        urgent_because=details.urgent_because if late else "",
        made_by=by,
        made_at=at,
        **subject.columns,
        **details.columns(),
    )
    made.needed_by.set(details.needed_by)
    if shares_on_sending(subject, current):
        open_case(subject.case, current.lead, meeting=current, terms=terms_of(made), by=by, at=at)  # type: ignore[arg-type]
    record("referral.sent", by=by, target=made, partner=current.lead, meeting=current.reference)
    tasks.tell_referral.delay_on_commit(referral_id=made.pk, news=ReferralStatus.WAITING)
    return made


def _just_sent(meeting: Meeting, subject: Subject, details: ReferralDetails, by: User) -> Referral | None:
    """The same words by the same person: the button was pressed twice."""
    same = {**subject.columns, "why": details.why, "wanted": details.wanted}
    return Referral.objects.filter(meeting=meeting, made_by=by, status=ReferralStatus.WAITING, **same).first()


def _check(subject: Subject, details: ReferralDetails, meeting: Meeting) -> None:
    if details.consent in REASON_NEEDED and not details.consent_note.strip():
        raise CannotRefer("Enter why you refer without their consent")
    if subject.person is not None and names_somebody(details.title, subject.person):
        raise CannotRefer("The title names the person. Enter one without names")
    if details.group is not None and details.group.partnership_id != meeting.partnership_id:
        raise CannotRefer("Choose a group of this partnership")
    seats = set(MeetingPartner.objects.sitting().filter(meeting=meeting).values_list("partner", flat=True))
    for partner in details.needed_by:
        if partner.pk not in seats:
            raise CannotRefer(f"{partner} is not invited to {meeting}. Choose agencies of the meeting")


def terms_of(referral: Referral) -> TablingTerms:
    """What the referrer said is what everything shared for it relies on."""
    return TablingTerms(
        gateway=referral.gateway,
        purpose=purpose_of(referral),
        necessity=referral.necessity,
        consent=referral.consent,
        consent_note=referral.consent_note,
    )


def purpose_of(referral: Referral) -> str:
    """Says by which referral a share came about, so that it ends with it."""
    return f"Referral {referral.pk} to the {referral.meeting.series.name}: {referral.wanted}"


def held(referral: Referral, *, also: Meeting | None = None) -> Referral:
    """The referral as it is now, with its meeting, and another, held in the order of their keys."""
    for meeting in sorted({referral.meeting, *filter(None, [also])}, key=lambda each: each.pk):
        lock_meeting(meeting)
    related = ("meeting__series", "meeting__lead", "lead", "from_partner", "case__lead", "person", "place")
    current = Referral.objects.select_related(*related).select_for_update(of=("self",)).get(pk=referral.pk)
    if current.status not in UNDECIDED:
        who = f" by {current.decided_by}" if current.decided_by else ""
        raise CannotDecide(
            f"This was decided already{who}: {mid_sentence(current.get_status_display())}. "
            "Nothing of yours was saved"
        )
    if current.meeting_id != referral.meeting_id:
        raise CannotDecide(f"{current.decided_by} put this off to {current.meeting} meanwhile. Open it again")
    return current


@transaction.atomic
def defer(*, referral: Referral, to_meeting: Meeting, reason: str, by: User, at: dt.datetime) -> Referral:
    """To a later meeting of the series. What was shared for it lasts as much longer."""
    current = held(referral, also=to_meeting)
    _must_suit(current, to_meeting)
    _say(current, ReferralStatus.DEFERRED, reason, "Enter why it is put off", by, at)
    current.meeting = to_meeting
    current.save(update_fields=["meeting", "status", "decision", "decided_by", "decided_at"])
    for shared in _own_share(current):
        sharing.change_level(
            share=shared, level=shared.level, purpose=shared.purpose, necessity=shared.necessity,
            ends_at=shares_end_at(to_meeting), by=by, at=at,
        )  # fmt: skip
    _tell(current, "referral.deferred", reason, by)
    return current


def _must_suit(referral: Referral, to_meeting: Meeting) -> None:
    before = referral.meeting
    if to_meeting.series_id != before.series_id or to_meeting.starts_at <= before.starts_at:
        raise CannotDecide(f"Choose a later meeting of the {before.series.name}")
    if not to_meeting.is_before:
        raise CannotDecide(
            f"{to_meeting} is {to_meeting.get_status_display().lower()}. Choose another meeting"
        )
    if not to_meeting.invited.sitting().filter(partner=referral.from_partner).exists():
        raise CannotDecide(f"{referral.from_partner} is not invited to {to_meeting}. Invite them first")
    waits = to_meeting.referrals.undecided().filter(case=referral.case).exclude(pk=referral.pk)
    if referral.case is not None and waits.exists():
        raise CannotDecide(f"{referral.case} waits for {to_meeting} already. Decline this one")


@transaction.atomic
def decline(*, referral: Referral, reason: str, by: User, at: dt.datetime) -> Referral:
    current = held(referral)
    _say(current, ReferralStatus.DECLINED, reason, "Enter why it is declined", by, at)
    return _close(current, "referral.declined", reason, by, at)


@transaction.atomic
def withdraw(*, referral: Referral, reason: str, by: User, at: dt.datetime) -> Referral:
    current = held(referral)
    _say(current, ReferralStatus.WITHDRAWN, reason, "Enter why you withdraw it", by, at)
    return _close(current, "referral.withdrawn", reason, by, at)


def _say(referral: Referral, status: str, reason: str, missing: str, by: User, at: dt.datetime) -> None:
    if not reason.strip():
        raise CannotDecide(missing)
    referral.move_to(status)
    referral.decision, referral.decided_by, referral.decided_at = reason, by, at


def _close(referral: Referral, verb: str, reason: str, by: User, at: dt.datetime) -> Referral:
    referral.save(update_fields=["status", "decision", "decided_by", "decided_at"])
    for shared in _own_share(referral):
        sharing.end_share(share=shared, reason=referral.get_status_display(), by=by, at=at)
    _tell(referral, verb, reason, by)
    return referral


def _own_share(referral: Referral) -> list[Any]:
    """The share of the case with the team that runs the meeting, where this referral made it.

    Not while an item of theirs needs it too.
    """
    if referral.case is None:
        return []
    if AgendaItem.objects.tabled().filter(case=referral.case, lead=referral.lead).exists():
        return []
    mine = f"Referral {referral.pk} to "
    shares = referral.case.shares.filter(to_partner=referral.lead, ended_at=None)
    return list(shares.filter(purpose__startswith=mine))


def _tell(referral: Referral, verb: str, reason: str, by: User) -> None:
    other = referral.lead if verb == "referral.withdrawn" else referral.from_partner
    record(verb, by=by, target=referral, partner=other, reason=reason, meeting=referral.meeting.reference)
    tasks.tell_referral.delay_on_commit(referral_id=referral.pk, news=referral.status)


def note_that_decision_was_read(*, referral: Referral, by: User) -> None:
    """Whoever referred has read what became of it: it need not stand on their home page any more."""
    if referral.made_by_id == by.pk and Referral.objects.news_for(by).filter(pk=referral.pk).exists():
        record("referral.decision_read", by=by, target=referral)
