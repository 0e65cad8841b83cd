"""The register of information-sharing agreements: who signed what, and when it is looked at again."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from csp.agencies.models import AgreementSignatory, Partner, Partnership, SharingAgreement, User
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken
from csp.core.words import date_words

REVIEW_SOON = dt.timedelta(days=30)
SHORTCOMINGS = {
    "ended": "“{agreement}” has ended",
    "lapsed": "“{agreement}” was due for review on {review_on} and has lapsed",
    "not_signed": "{partner} has not signed “{agreement}”",
}


class CannotAgree(RuleBroken): ...


@dataclass(frozen=True)
class State:
    """Where an agreement stands, and whether somebody should look at it."""

    label: str
    warns: bool = False


def state_of(agreement: SharingAgreement, on: dt.date) -> State:
    if agreement.has_ended(on):
        return State("Ended")
    if agreement.has_lapsed(on):
        return State("Lapsed", warns=True)
    if agreement.review_on <= on + REVIEW_SOON:
        return State("Review due", warns=True)
    return State("In force")


def to_review(partnership: Partnership, on: dt.date) -> QuerySet[SharingAgreement]:
    """Lapsed, or to be reviewed within 30 days."""
    held = SharingAgreement.objects.in_force(on).filter(partnership=partnership)
    return held.filter(review_on__lte=on + REVIEW_SOON).order_by("review_on", "pk")


def shortcomings(agreement: SharingAgreement, partner: Partner, on: dt.date) -> list[str]:
    """In words, why the agreement does not cover a share with the partner."""
    words = {"agreement": agreement, "partner": partner, "review_on": date_words(agreement.review_on)}
    return [SHORTCOMINGS[code].format(**words) for code in agreement.falls_short(partner, on)]


@transaction.atomic
def add_agreement(*, partnership: Partnership, by: User, at: dt.datetime, **values: Any) -> SharingAgreement:
    """`values`: title, signed_on, review_on, impact_assessment, covers. Raises `CannotAgree`."""
    made = SharingAgreement(partnership=partnership, **values)
    _save(made)
    record("agreement.added", by=by, target=made)
    return made


@transaction.atomic
def change_agreement(
    *, agreement: SharingAgreement, by: User, at: dt.datetime, **values: Any
) -> SharingAgreement:
    """A later review date is how a review is written down."""
    current = _lock(agreement)
    changed = [name for name, value in values.items() if getattr(current, name) != value]
    for name in changed:
        setattr(current, name, values[name])
    _save(current)
    if changed:
        record("agreement.changed", by=by, target=current, fields=changed)
    return current


@transaction.atomic
def end_agreement(*, agreement: SharingAgreement, on: dt.date, reason: str, by: User) -> SharingAgreement:
    current = _lock(agreement)
    if current.ended_on is not None:
        raise CannotAgree(f"“{current}” has ended already")
    if on < current.signed_on:
        raise CannotAgree(f"It was signed on {date_words(current.signed_on)}. Enter that day or a later one")
    current.ended_on = on
    current.save(update_fields=["ended_on"])
    record("agreement.ended", by=by, target=current, reason=reason, on=on.isoformat())
    return current


@transaction.atomic
def sign(
    *,
    agreement: SharingAgreement,
    partner: Partner,
    signed_by: str,
    signed_on: dt.date,
    by: User,
    at: dt.datetime,
) -> AgreementSignatory:
    current = _lock(agreement)
    if partner.partnership_id != current.partnership_id:
        raise CannotAgree(f"{partner} is not in this partnership")
    if signed_on > local_day(at):
        raise CannotAgree("The day it was signed must be today or in the past")
    try:
        with transaction.atomic():
            made: AgreementSignatory = current.signatures.create(
                partner=partner, signed_by=signed_by, signed_on=signed_on
            )
    except IntegrityError as clash:
        raise CannotAgree(f"{partner} has signed “{current}” already") from clash
    record("agreement.signed", by=by, target=current, partner=partner)
    return made


@transaction.atomic
def take_signature_back(*, signature: AgreementSignatory, by: User) -> None:
    """It was entered by mistake, or the agency left the agreement."""
    current = _lock(signature.agreement)
    partner = signature.partner
    signature.delete()
    record("agreement.signature_removed", by=by, target=current, partner=partner)


def _lock(agreement: SharingAgreement) -> SharingAgreement:
    held = SharingAgreement.objects.select_for_update(of=("self",)).select_related("partnership")
    return held.get(pk=agreement.pk)


def _save(agreement: SharingAgreement) -> None:
    if agreement.review_on <= agreement.signed_on:
        raise CannotAgree("The review date must be later than the day it was signed")
    try:
        with transaction.atomic():
            agreement.save()
    except IntegrityError as clash:
        raise CannotAgree(f"Another agreement is called “{agreement}”. Choose another title") from clash
