"""Handing a case over: the partner that leads it asks, the other answers, and only then does it change."""

import datetime as dt

from django.db import IntegrityError, transaction

from cases import tasks
from cases.enums import CaseStatus, RequestStatus
from cases.models import Case, HandOver
from cases.services.case_access import change_lead, named_on_case
from cases.services.cases import lock_case
from cases.services.staff import colleagues
from csp.agencies.models import Partner, User
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken


class CannotHandOver(RuleBroken): ...


def takers(case: Case, partner: Partner, on: dt.date) -> list[User]:
    """Who could take the case over there: of a restricted one, only those named on it."""
    people = colleagues(partner, on)
    return list(people.filter(pk__in=named_on_case(case)) if case.restricted else people)


@transaction.atomic
def ask_to_take_over(*, case: Case, to_partner: Partner, reason: str, by: User, at: dt.datetime) -> HandOver:
    """Ask another partner to lead the case. Raises `CannotHandOver`."""
    current = lock_case(case)
    _refuse(current, to_partner, local_day(at))
    try:
        with transaction.atomic():
            asked = HandOver.objects.create(
                case=current,
                from_partner=current.lead,
                to_partner=to_partner,
                reason=reason,
                asked_by=by,
                asked_at=at,
            )
    except IntegrityError as clash:
        waits = current.hand_overs.waiting().get()
        raise CannotHandOver(
            f"{waits.to_partner} has been asked already. Withdraw that request first"
        ) from clash
    record(
        "case.hand_over_asked", by=by, target=current, partner=to_partner, reason=reason, hand_over=asked.pk
    )
    tasks.tell_hand_over.delay_on_commit(hand_over_id=asked.pk, news=RequestStatus.WAITING)
    return asked


def _refuse(case: Case, to_partner: Partner, today: dt.date) -> None:
    if not case.is_open:
        raise CannotHandOver(
            f"{case} is {case.get_status_display().lower()}. Only an open case can be handed over"
        )
    if case.status == CaseStatus.PENDING:
        raise CannotHandOver(f"{case} waits for its closing to be approved. Decide that first")
    if to_partner.pk == case.lead_id:
        raise CannotHandOver(f"{to_partner} leads {case} already. Choose another agency")
    if not Partner.objects.current(today).filter(pk=to_partner.pk, partnership=case.partnership).exists():
        raise CannotHandOver(f"{to_partner} is not in this partnership. Choose another agency")
    if not takers(case, to_partner, today):
        if case.restricted:
            raise CannotHandOver(
                f"{case} is restricted and nobody of {to_partner} is named on it. Name somebody first"
            )
        raise CannotHandOver(f"Nobody at {to_partner} does casework here yet. Choose another agency")


@transaction.atomic
def accept(*, hand_over: HandOver, answer: str, takes_it: bool, by: User, at: dt.datetime) -> HandOver:
    """The other partner leads the case from now on. `takes_it`: who accepts also works on it."""
    case, current = _waiting(hand_over)
    if not case.is_open:
        raise CannotHandOver(f"{case} has ended since you were asked. Decline it")
    if case.lead_id != current.from_partner_id:
        raise CannotHandOver(f"{case} is not led by {current.from_partner} any more. Decline it")
    _answer(current, RequestStatus.ACCEPTED, answer, by, at)
    change_lead(case=case, to_partner=current.to_partner, by=by, at=at, reason=current.reason)
    for each in case.family:
        each.officer = by if takes_it and each.pk == case.pk else None
        each.save(update_fields=["officer"])
    _tell(current, "case.hand_over_accepted", by, answer)
    return current


@transaction.atomic
def decline(*, hand_over: HandOver, answer: str, by: User, at: dt.datetime) -> HandOver:
    _, current = _waiting(hand_over)
    _answer(current, RequestStatus.DECLINED, answer, by, at)
    _tell(current, "case.hand_over_declined", by, answer)
    return current


@transaction.atomic
def withdraw(*, hand_over: HandOver, reason: str, by: User, at: dt.datetime) -> HandOver:
    """Whoever asked takes the request back before it is answered."""
    _, current = _waiting(hand_over)
    _answer(current, RequestStatus.WITHDRAWN, reason, by, at)
    _tell(current, "case.hand_over_withdrawn", by, reason)
    return current


def _waiting(hand_over: HandOver) -> tuple[Case, HandOver]:
    """The case and the request, held in this order as everywhere."""
    case = lock_case(hand_over.case)
    current = HandOver.objects.select_related("from_partner", "to_partner").select_for_update(of=("self",))
    held = current.get(pk=hand_over.pk)
    if held.status != RequestStatus.WAITING:
        raise CannotHandOver(f"This was answered already: {held.get_status_display().lower()}")
    return case, held


def _answer(asked: HandOver, status: RequestStatus, answer: str, by: User, at: dt.datetime) -> None:
    asked.move_to(status)
    asked.answer, asked.answered_by, asked.answered_at = answer, by, at
    asked.save(update_fields=["status", "answer", "answered_by", "answered_at"])


def _tell(asked: HandOver, verb: str, by: User, reason: str) -> None:
    record(verb, by=by, target=asked.case, partner=asked.to_partner, reason=reason, hand_over=asked.pk)
    tasks.tell_hand_over.delay_on_commit(hand_over_id=asked.pk, news=asked.status)
