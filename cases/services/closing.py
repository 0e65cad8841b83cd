"""Closing a case and opening it again: what stands in the way, who agrees, and who is told."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from cases import tasks
from cases.enums import AT_WORK, STANDING, CaseStatus, ClosureReason, ContactKind, Risk
from cases.models import Case, CaseOutcome, Closure, Contact, Intervention, Person
from cases.services import case_letters
from cases.services.cases import lock_case, outstanding_actions
from cases.services.contact_log import complainants_of, restart_update_clock
from cases.services.no_contact import no_contact_of
from cases.services.risk import ask_for_risk, without_closing_assessment
from cases.services.safe_contact import safe_way_to
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken
from csp.core.text import count

REOPENED = "Case reopened"


class CannotClose(RuleBroken): ...


class CannotReopen(RuleBroken): ...


@dataclass(frozen=True)
class Hindrance:
    """Something to deal with before a case closes. `page` is the tab where it is dealt with."""

    words: str
    page: str
    stops: bool = True

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a case ends. The complainant gets `letter`, or `told_how` says how they were told or why not."""

    reason: str
    note: str
    outcomes: Sequence[CaseOutcome] = ()
    told_how: str = ""
    letter: str = ""


def hindrances(case: Case, at: dt.datetime) -> list[Hindrance]:
    return [*_hand_over(case), *_actions(case), *_risk(case, at), *_powers(case)]


def outstanding_before_closing(case: Case, at: dt.datetime) -> list[str]:
    """What must be done before the case can close, in sentences."""
    return [str(each) for each in hindrances(case, at) if each.stops]


def _hand_over(case: Case) -> list[Hindrance]:
    if not case.hand_overs.waiting().exists():
        return []
    return [Hindrance(f"{case} is offered to another agency. Withdraw that request first", "cases:detail")]


def _actions(case: Case) -> list[Hindrance]:
    agencies = Counter(
        outstanding_actions(case).order_by("owner__name").values_list("owner__name", flat=True)
    )
    if not agencies:
        return []
    owed = ", ".join(f"{name} {number}" for name, number in agencies.items())
    what = (
        "the outstanding action" if agencies.total() == 1 else f"the {agencies.total()} outstanding actions"
    )
    return [Hindrance(f"Finish or cancel {what} first: {owed}", "cases:actions")]


def _risk(case: Case, at: dt.datetime) -> list[Hindrance]:
    people = without_closing_assessment(case, at)
    return [Hindrance(f"Score the risk of {person} before closing", "cases:risk") for person in people]


def _powers(case: Case) -> list[Hindrance]:
    powers = Intervention.objects.filter(case__in=case.family, status__in=STANDING).order_by("pk")
    return [
        Hindrance(
            f"{each.get_kind_display()} is in force. Closing does not end it", "cases:powers", stops=False
        )
        for each in powers
    ]


def who_can_be_written_to(case: Case) -> list[Person]:
    """Complainants whom a letter, an e-mail or a call reaches safely."""
    return [person for person in complainants_of(case) if not safe_way_to(person).nobody]


def closure_letter(*, case: Case, letter: str, by: User, at: dt.datetime) -> Contact:
    """How the first of those who get it gets it, not yet kept. Raises `RuleBroken`."""
    people = who_can_be_written_to(case)
    if not people:
        raise CannotClose("Nobody can be written to. Say how the complainant was told")
    kind = ContactKind.CLOSURE
    return case_letters.draft(case=case, person=people[0], kind=kind, words=letter, by=by, at=at)


def needs_second(case: Case, by: User) -> bool:
    """High-risk cases are closed by a manager, or by somebody else with a manager's agreement."""
    return case.risk == Risk.HIGH and not by.has_perm("cases.manage", case)


@transaction.atomic
def propose_closing(*, case: Case, ending: Ending, by: User, at: dt.datetime) -> Closure:
    """Close the case, or where it takes two, ask for it. Raises `CannotClose`."""
    current = lock_case(case)
    refuse_unless_ready(current, ending.reason, at)
    _refuse_unless_told(current, ending, by, at)
    closure = Closure.objects.create(
        case=current,
        reason=ending.reason,
        note=ending.note,
        told_how=ending.told_how,
        letter=ending.letter,
        status_before=current.status,
        proposed_by=by,
        proposed_at=at,
    )
    closure.outcomes.set(ending.outcomes)
    if needs_second(current, by):
        current.move_to(CaseStatus.PENDING)
        current.save(update_fields=["status"])
        why = closure.get_reason_display()
        record("case.closing_proposed", by=by, target=current, reason=why, closure=closure.pk)
    else:
        _close(current, closure, by, at)
    return closure


@transaction.atomic
def approve_closing(*, case: Case, by: User, at: dt.datetime) -> Closure:
    """A manager other than who proposed it agrees. Raises `CannotClose`."""
    current, closure = _proposed(case)
    if closure.proposed_by_id == by.pk:
        raise CannotClose("You proposed this yourself. Another manager has to agree")
    _refuse_while_outstanding(current, at)
    _close(current, closure, by, at)
    tasks.tell_closing_answered.delay_on_commit(closure_id=closure.pk)
    return closure


@transaction.atomic
def refuse_closing(*, case: Case, reason: str, by: User, at: dt.datetime) -> Closure:
    """The case goes back to where it was. Raises `CannotClose`."""
    current, closure = _proposed(case)
    if not reason.strip():
        raise CannotClose("Enter why it should not close yet")
    closure.refused_by, closure.refused_at, closure.refusal = by, at, reason
    closure.save(update_fields=["refused_by", "refused_at", "refusal"])
    current.move_to(closure.status_before)
    current.save(update_fields=["status"])
    record("case.closing_refused", by=by, target=current, reason=reason, closure=closure.pk)
    tasks.tell_closing_answered.delay_on_commit(closure_id=closure.pk)
    return closure


@transaction.atomic
def reopen(*, case: Case, reason: str, by: User, at: dt.datetime) -> Case:
    """It has happened again, or it should not have closed. Raises `CannotReopen`."""
    current = lock_case(case)
    if current.status != CaseStatus.CLOSED:
        raise CannotReopen(f"{current} is not closed: {current.get_status_display().lower()}")
    if not reason.strip():
        raise CannotReopen("Enter why it is opened again")
    current.move_to(CaseStatus.REOPENED)
    current.ended_at = None
    current.save(update_fields=["status", "ended_at"])
    standing = current.closures.filter(refused_at=None, reopened_at=None)
    standing.update(reopened_by=by, reopened_at=at, reopen_reason=reason)
    ask_for_risk(case=current, because=REOPENED, on=local_day(at))
    restart_update_clock(case=current, at=at)
    record("case.reopened", by=by, target=current, reason=reason)
    return current


def last_refusal(case: Case) -> Closure | None:
    """Why a manager did not agree, until the case closes after all."""
    latest = case.closures.select_related("refused_by").order_by("-proposed_at", "-pk").first()
    return latest if latest and latest.refused_at else None


def _close(case: Case, closure: Closure, by: User, at: dt.datetime) -> None:
    closure.approved_by, closure.approved_at = by, at
    closure.save(update_fields=["approved_by", "approved_at"])
    case.move_to(CaseStatus.CLOSED)
    case.ended_at, case.update_due_on = at, None
    case.risk_due_on, case.risk_due_because = None, ""
    case.save(update_fields=["status", "ended_at", "update_due_on", "risk_due_on", "risk_due_because"])
    record("case.closed", by=by, target=case, reason=closure.get_reason_display(), closure=closure.pk)
    if closure.letter:
        _write(case, closure, by, at)
    tasks.tell_case_closed.delay_on_commit(closure_id=closure.pk)


def _write(case: Case, closure: Closure, by: User, at: dt.datetime) -> None:
    people = who_can_be_written_to(case)
    if not people:
        raise CannotClose("Nobody can be written to any more. Say how the complainant was told")
    for person in people:
        case_letters.send(
            case=case, person=person, kind=ContactKind.CLOSURE, words=closure.letter, by=by, at=at
        )


def _proposed(case: Case) -> tuple[Case, Closure]:
    current = lock_case(case)
    if current.status != CaseStatus.PENDING:
        raise CannotClose(f"{current} does not wait to be closed: {current.get_status_display().lower()}")
    return current, current.closures.get(refused_at=None, reopened_at=None)


def refuse_unless_ready(case: Case, reason: str, at: dt.datetime) -> None:
    """Whether it can close now for this reason, whoever is told of it and how. Raises `CannotClose`."""
    if case.status == CaseStatus.PENDING:
        raise CannotClose(f"The closing of {case} waits for a manager already")
    if case.status == CaseStatus.ON_HOLD:
        raise CannotClose(f"{case} is on hold. Release it first")
    if case.status not in AT_WORK:
        raise CannotClose(f"{case} is {case.get_status_display().lower()} and cannot be closed")
    _refuse_while_outstanding(case, at)
    _refuse_unless_silent(case, reason, at)


def _refuse_unless_told(case: Case, ending: Ending, by: User, at: dt.datetime) -> None:
    if ending.letter:
        closure_letter(case=case, letter=ending.letter, by=by, at=at)
    elif not ending.told_how.strip():
        raise CannotClose("Say how and when the complainant was told, or why they cannot be")


def _refuse_while_outstanding(case: Case, at: dt.datetime) -> None:
    if waiting := outstanding_before_closing(case, at):
        raise CannotClose(". ".join(waiting))


def _refuse_unless_silent(case: Case, reason: str, at: dt.datetime) -> None:
    """The partnership's rule says when a case may close because nobody can be reached."""
    if reason != ClosureReason.NO_CONTACT:
        return
    for standing in no_contact_of(case, at):
        if not standing.may_close:
            calls, days = standing.rule.attempts, standing.rule.wait_days
            raise CannotClose(
                f"{standing.person} cannot be given up yet: it takes {count(calls, 'call')} without an "
                f"answer, a letter, and {count(days, 'working day')} to answer it. {standing}"
            )
