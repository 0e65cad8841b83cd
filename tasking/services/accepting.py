"""A referral becomes an item of the agenda: the item, its place on it, and the shares, in one transaction."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from cases.models import Case
from cases.services.people import kept_of
from csp.agencies.enums import ShareLevel
from csp.agencies.models import Partner, User
from csp.audit.services import record
from tasking import tasks
from tasking.enums import ReferralStatus
from tasking.models import AgendaItem, Meeting, Referral
from tasking.services.referral_subjects import CannotRefer, Subject, must_bring
from tasking.services.referrals import CannotDecide, held, terms_of
from tasking.services.tabling import add_item, table_for


@dataclass(frozen=True, kw_only=True)
class Placing:
    """How an item comes onto the agenda."""

    title: str
    gist: str
    wanted: str
    minutes: int = 10
    before: AgendaItem | None = None
    """The item that it comes before; none: at the end."""
    closed: bool = False
    partners: tuple[Partner, ...] = field(default=())
    level: ShareLevel = ShareLevel.SUMMARY
    """How much of the case they see, where the team that runs the meeting leads it."""


@transaction.atomic
def accept(*, referral: Referral, placing: Placing, by: User, at: dt.datetime) -> AgendaItem:
    """On the agenda, open to the agencies chosen and to whoever referred it. Raises `CannotDecide`, and
    `CannotTable` or `CannotShare` from below.
    """
    current = held(referral)
    person = kept_of(current.person) if current.person else None  # merged since, it is about the one kept
    subject = Subject(case=current.case, person=person, place=current.place)
    _must_still_fit(current, subject, by)
    item = _add(current, subject, placing, by, at)
    _put_before(item, placing.before)
    terms = terms_of(current)
    if current.case is not None and current.case.lead_id == current.lead_id:
        terms = replace(terms, level=placing.level)
    wanted = dict.fromkeys([current.from_partner, *placing.partners])
    table_for(item=item, partners=wanted, terms=terms, by=by, at=at)
    current.move_to(ReferralStatus.ACCEPTED)
    current.decision, current.decided_by, current.decided_at = "", by, at
    current.save(update_fields=["status", "decision", "decided_by", "decided_at"])
    record(
        "referral.accepted", by=by, target=current, partner=current.from_partner, item=item.reference,
        meeting=current.meeting.reference,
    )  # fmt: skip
    tasks.tell_referral.delay_on_commit(referral_id=current.pk, news=ReferralStatus.ACCEPTED)
    return item


def _must_still_fit(referral: Referral, subject: Subject, by: User) -> None:
    """What was true when it was sent may have changed."""
    try:
        must_bring(subject, referral.meeting, referral.from_partner)
    except CannotRefer as problem:
        raise CannotDecide(str(problem)) from problem
    case = referral.case
    if case is not None and not Case.objects.visible_to(by).filter(pk=case.pk).exists():
        raise CannotDecide(f"You cannot see {case} any more. Ask {case.lead} to share it with you")
    there = on_agenda(referral)
    if there is not None:
        raise CannotDecide(
            f"This is on the agenda already, as {there}. Table that for {referral.from_partner} "
            "and decline this referral"
        )


def on_agenda(referral: Referral) -> AgendaItem | None:
    """The same subject, already an item of the meeting."""
    person = kept_of(referral.person) if referral.person else None
    subject = {"case": referral.case, "person": person, "place": referral.place}
    return AgendaItem.objects.tabled().filter(meeting=referral.meeting, **subject).first()


def _add(referral: Referral, subject: Subject, placing: Placing, by: User, at: dt.datetime) -> AgendaItem:
    try:
        with transaction.atomic():
            return add_item(
                meeting=referral.meeting,
                kind=referral.kind,
                title=placing.title,
                by=by,
                at=at,
                gist=placing.gist,
                wanted=placing.wanted,
                tried=referral.tried,
                minutes=placing.minutes,
                closed=placing.closed,
                group=referral.group,
                issue=referral.issue,
                area=referral.area,
                referral=referral,
                referred_by=referral.from_partner,
                **subject.columns,
            )
    except IntegrityError as clash:  # an item that somebody put on it by another way at the same moment
        raise CannotDecide("This came on the agenda meanwhile. Open the agenda again") from clash


def _put_before(item: AgendaItem, other: AgendaItem | None) -> None:
    """The meeting is locked, so nobody else moves items now."""
    if other is None or other.meeting_id != item.meeting_id:
        return
    rest = list(_ordered(item.meeting).exclude(pk=item.pk))
    place = next((number for number, each in enumerate(rest) if each.pk == other.pk), len(rest))
    _renumber([*rest[:place], item, *rest[place:]])


def _ordered(meeting: Meeting) -> QuerySet[AgendaItem]:
    return AgendaItem.objects.filter(meeting=meeting).order_by("position", "pk")


def _renumber(items: Iterable[AgendaItem]) -> None:
    for number, each in enumerate(items, start=1):
        if each.position != number:
            each.position = number
            each.save(update_fields=["position"])
