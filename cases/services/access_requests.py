"""A partner asks to see a case, or more of it, and the team that leads it answers."""

import datetime as dt

from django.db import IntegrityError, transaction

from cases import tasks
from cases.enums import RequestStatus
from cases.models import AccessRequest, Case, CaseShare
from cases.services.restricting import name_person
from csp.agencies.access import level_for
from csp.agencies.enums import ShareLevel
from csp.agencies.models import Partner, User
from csp.agencies.services import sharing
from csp.audit.services import record
from csp.core.errors import RuleBroken


class CannotAsk(RuleBroken): ...


def asker_of(case: Case, user: User) -> Partner | None:
    """For which of their partners the user may ask: one that holds the case and does not lead it."""
    if case.lead_id in user.partner_ids:
        return None
    rows = case.permission_rows.values_list("group", flat=True)
    return Partner.objects.filter(pk__in=user.partner_ids, group__in=rows).order_by("pk").first()


def sees_nothing(case: Case, user: User) -> bool:
    """The case is there for the user's partner, and closed to the user."""
    return not Case.objects.visible_to(user).filter(pk=case.pk).exists()


@transaction.atomic
def ask(*, case: Case, level: ShareLevel, why: str, by: User, at: dt.datetime) -> AccessRequest:
    """Raises `CannotAsk`."""
    current: Case = sharing.hold(case)
    partner = asker_of(current, by)
    if partner is None:
        raise CannotAsk("Your agency leads this case. Ask a colleague who is named on it")
    if not sees_nothing(current, by) and level <= (level_for(by, current) or 0):
        raise CannotAsk("Your agency sees that much already. Choose more, or add what you know")
    try:
        with transaction.atomic():
            asked = AccessRequest.objects.create(
                case=current, partner=partner, level=level, why=why, asked_by=by, asked_at=at
            )
    except IntegrityError as clash:
        raise CannotAsk(f"{partner} has asked already, and waits for an answer") from clash
    record("case.access_asked", by=by, target=current, partner=current.lead, reason=why, request=asked.pk)
    _tell(asked)
    return asked


@transaction.atomic
def decline(*, asked: AccessRequest, answer: str, by: User, at: dt.datetime) -> AccessRequest:
    current = lock_waiting(asked)
    _answer(current, RequestStatus.DECLINED, answer, by, at)
    record(
        "case.access_declined", by=by, target=current.case, partner=current.partner, reason=answer,
        request=current.pk,
    )  # fmt: skip
    return current


@transaction.atomic
def withdraw(*, asked: AccessRequest, by: User, at: dt.datetime) -> AccessRequest:
    current = lock_waiting(asked)
    _answer(current, RequestStatus.WITHDRAWN, "", by, at)
    record("case.access_withdrawn", by=by, target=current.case, request=current.pk)
    return current


@transaction.atomic
def accept_by_naming(*, asked: AccessRequest, by: User, at: dt.datetime) -> AccessRequest:
    """The agency holds the restricted case already: who asked is named on it."""
    current = lock_waiting(asked)
    if not current.case.restricted:
        raise CannotAsk(f"{current.case} is not restricted any more. They can open it now")
    name_person(case=current.case, person=current.asked_by, reason=current.why, by=by, at=at)
    _answer(current, RequestStatus.ACCEPTED, "", by, at)
    return current


def accept(*, asked: AccessRequest, share: CaseShare, by: User, at: dt.datetime) -> AccessRequest:
    """What was shared is the answer. Part of the share's transaction, which has its event."""
    asked.share = share
    _answer(asked, RequestStatus.ACCEPTED, "", by, at)
    return asked


def lock_waiting(asked: AccessRequest) -> AccessRequest:
    """The request, held with its case. Raises `CannotAsk` if it was answered meanwhile."""
    sharing.hold(asked.case)
    held = AccessRequest.objects.select_related("case__lead", "partner", "asked_by")
    current = held.select_for_update(of=("self",)).get(pk=asked.pk)
    if current.status != RequestStatus.WAITING:
        raise CannotAsk(f"This was answered already: {current.get_status_display().lower()}")
    return current


def _answer(asked: AccessRequest, status: RequestStatus, answer: str, by: User, at: dt.datetime) -> None:
    asked.move_to(status)
    asked.answer, asked.answered_by, asked.answered_at = answer, by, at
    asked.save(update_fields=["status", "answer", "answered_by", "answered_at", "share"])
    _tell(asked)


def _tell(asked: AccessRequest) -> None:
    tasks.tell_access_request.delay_on_commit(request_id=asked.pk, news=asked.status)
