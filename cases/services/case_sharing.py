"""Sharing a case with a partner: the terms checked, the agency's view tried out first, both sides told."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet

from cases import tasks
from cases.models import (
    AccessRequest,
    Attachment,
    Case,
    CaseNamed,
    CasePerson,
    CaseShare,
    EvidenceFile,
    Note,
    Person,
    Report,
)
from cases.services import access_requests
from csp.agencies.enums import Consent, Role, ShareLevel
from csp.agencies.models import Membership, Partner, SharingAgreement, User
from csp.agencies.services import sharing
from csp.agencies.services.sharing import CannotShare
from csp.core.calendar import local_day

T = TypeVar("T")
REASON_NEEDED = frozenset({Consent.NOT_SOUGHT, Consent.REFUSED})
MOST_LISTED = 50


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is shared with whom, under which law and why."""

    partner: Partner
    level: ShareLevel
    gateway: str
    purpose: str
    necessity: str
    consent: str
    consent_note: str = ""
    agreement: SharingAgreement | None = None
    handling: str = ""
    ends_at: dt.datetime | None = None

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "partner"}


@transaction.atomic
def share_case(
    *, case: Case, terms: Terms, by: User, at: dt.datetime, asked: AccessRequest | None = None
) -> CaseShare:
    """Raises `CannotShare`, or `CannotAsk` where the request that it answers was answered meanwhile."""
    _check(case, terms)
    waits = access_requests.lock_waiting(asked) if asked else None
    before = case.shares.filter(to_partner=terms.partner, ended_at=None).first() if waits else None
    if before is not None:
        made: Any = sharing.change_level(share=before, by=by, at=at, **terms.given())
    else:
        made = sharing.share(record=case, to_partner=terms.partner, by=by, at=at, **terms.given())
    if waits is not None:
        access_requests.accept(asked=waits, share=made, by=by, at=at)
    return made


def could_be_shared_with(case: Case, on: dt.date, asked: AccessRequest | None = None) -> QuerySet[Partner]:
    """Agencies that lead it not and see it not yet, and the one that asks to see more."""
    partners = Partner.objects.current(on).filter(partnership=case.partnership_id).exclude(pk=case.lead_id)
    there = case.shares.filter(ended_at=None).exclude(to_partner=asked.partner_id if asked else None)
    return partners.exclude(pk__in=there.values("to_partner")).order_by("name")


def _check(case: Case, terms: Terms) -> None:
    if not terms.gateway:
        raise CannotShare("Select the law that allows this")
    if terms.consent in REASON_NEEDED and not terms.consent_note.strip():
        raise CannotShare("Enter why it is shared without their consent")
    if terms.agreement is not None and terms.agreement.partnership_id != case.partnership_id:
        raise CannotShare(f"“{terms.agreement}” belongs to another partnership")


def tell_share(share: Any, by: User | None) -> None:
    """Both sides of a share of a case hear that it began, changed or ended."""
    tasks.tell_share.delay_on_commit(share_id=share.pk, by_id=by.pk if by else None)


@dataclass(frozen=True)
class AsSeen:
    """What a person of the partner would open, through the gate itself."""

    page: Any
    people: list[str]
    notes: list[str]
    files: list[str]
    reports: list[str]
    left_out: list[str] = field(default_factory=list)


def as_seen_by(
    *, case: Case, terms: Terms, show: Callable[[User], T], by: User, at: dt.datetime,
    asked: AccessRequest | None = None,
) -> AsSeen:  # fmt: skip
    """Share, let a stand-in of the partner look, and take everything back. Raises `CannotShare`."""
    with transaction.atomic():
        share_case(case=case, terms=terms, by=by, at=at, asked=asked)
        seen = _look(case, _stand_in(case, terms.partner, by, at), show)
        transaction.set_rollback(True)
    return seen


def _stand_in(case: Case, partner: Partner, by: User, at: dt.datetime) -> User:
    """A person who works for the partner; of a restricted case, one who is named on it."""
    user: User = User.objects.create(
        email=f"preview-{case.pk}-{partner.pk}@invalid.example", name=f"Somebody at {partner}"
    )
    Membership.objects.create(
        user=user, partner=partner, role=Role.PRACTITIONER, starts_on=local_day(at) - dt.timedelta(days=1)
    )
    if case.restricted:
        for each in case.family:
            CaseNamed.objects.create(case=each, user=user, reason="Preview", added_by=by, added_at=at)
    return user


def _look(case: Case, user: User, show: Callable[[User], T]) -> AsSeen:
    family = case.family
    links = CasePerson.objects.visible_to(user).filter(case__in=family).select_related("person")
    notes = Note.objects.visible_to(user).filter(case__in=family).order_by("-at", "-pk")
    reports = Report.objects.visible_to(user).filter(case__in=family).order_by("received_at", "pk")
    files = [
        *Attachment.objects.visible_to(user).filter(report__case__in=family).order_by("pk")[:MOST_LISTED],
        *EvidenceFile.objects.visible_to(user).filter(evidence__case__in=family).order_by("pk")[:MOST_LISTED],
    ]
    return AsSeen(
        page=show(user),
        people=[str(link) for link in links.order_by("person__name", "pk")[:MOST_LISTED]],
        notes=[f"{note.get_kind_display()}: {note.text}" for note in notes[:MOST_LISTED]],
        files=[each.name for each in files],
        reports=[report.reference for report in reports[:MOST_LISTED]],
        left_out=[str(person) for person in protected_people(case)],
    )


def protected_people(case: Case) -> list[Person]:
    """People of the case whose address and contact details no other agency sees."""
    links = CasePerson.objects.filter(case__in=case.family, person__do_not_disclose=True)
    in_reports = Report.objects.filter(case__in=case.family)
    known = Person.objects.filter(do_not_disclose=True)
    return list(
        (known.filter(pk__in=links.values("person")) | known.filter(links__report__in=in_reports))
        .distinct()
        .order_by("name", "pk")
    )
