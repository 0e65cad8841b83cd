"""Telling callers what was decided, by the way that is safe for them, and keeping account of it."""

import datetime as dt

from django.db import transaction

from cases import notifications, tasks
from cases.enums import (
    UNTOLD,
    ContactKind,
    ContactMethod,
    ContactStatus,
)
from cases.models import Contact, ContactAttempt, Decision, Person, Report
from cases.services.contact_log import log_message, log_no_answer
from cases.services.repeats import notice_given, notice_not_given, sufferers
from cases.services.safe_contact import SafeWay, addresses, safe_way
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.errors import RuleBroken

ENOUGH_ATTEMPTS = 3
"""After three calls that nobody answered, write."""


class CannotContact(RuleBroken): ...


def tell_decision(*, decision: Decision, by: User, at: dt.datetime) -> Contact | None:
    """Part of deciding. None where nobody is to be told."""
    report = decision.report
    way = safe_way(report)
    agency = decision.referred_to.agency.name if decision.referred_to else ""
    subject, body = notifications.decision_words(
        report, decision.outcome, name=way.name, at=at, advice=decision.advice, agency=agency
    )
    return _tell(report, way, ContactKind.DECISION, subject, body, by, at, decision)


def tell_received(*, report: Report, link: str, at: dt.datetime) -> Contact | None:
    """Part of a resident's report: the reference and the private link, where e-mail is the safe way."""
    way = safe_way(report)
    if way.method != ContactMethod.EMAIL:
        return None
    subject, body = notifications.received_words(report, name=way.name, at=at, link=link)
    return _tell(report, way, ContactKind.RECEIVED, subject, body, None, at, None)


@transaction.atomic
def give_case_review_notice(*, report: Report, in_person: bool, by: User, at: dt.datetime) -> Contact:
    """Tell the victim of the ASB Case Review: by the safe way, or note that it was explained `in_person`."""
    current = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if not current.case_review_notice_due:
        raise CannotContact("The notice has been given already")
    way = safe_way(current)
    subject, body = notifications.case_review_words(current, name=way.name, at=at)
    if in_person:
        way = SafeWay(ContactMethod.PHONE, way.name, "In person or on the phone")
    made = _tell(current, way, ContactKind.CASE_REVIEW, subject, body, by, at, None)
    if made is None:
        raise CannotContact(f"{way.nobody}. Explain it when you speak to them, and say here that you did")
    current.case_review_notice_due = False
    current.save(update_fields=["case_review_notice_due"])
    notice_given(sufferers(current))
    if in_person:
        finish(made, ContactStatus.DONE, "caller.told", by, at)
    return made


def _tell(
    report: Report,
    way: SafeWay,
    kind: ContactKind,
    subject: str,
    body: str,
    by: User | None,
    at: dt.datetime,
    decision: Decision | None,
) -> Contact | None:
    if way.nobody:
        return None
    by_email = way.method == ContactMethod.EMAIL
    made = Contact.objects.create(
        partnership=report.partnership,
        report=report,
        decision=decision,
        kind=kind,
        method=way.method,
        address=way.address,
        subject=subject,
        body=body,
        status=ContactStatus.QUEUED if by_email else ContactStatus.TO_DO,
        made_by=by,
        made_at=at,
    )
    if by_email:
        tasks.send_contact.delay_on_commit(contact_id=made.pk)
    return made


@transaction.atomic
def mark_done(*, contact: Contact, by: User, at: dt.datetime) -> Contact:
    """The letter was posted, or the caller was told on the phone."""
    current = lock(contact)
    finish(current, ContactStatus.DONE, "caller.told", by, at)
    return current


@transaction.atomic
def mark_no_answer(*, contact: Contact, note: str, by: User, at: dt.datetime) -> ContactAttempt:
    current = lock(contact)
    if current.method != ContactMethod.PHONE or current.status != ContactStatus.TO_DO:
        raise CannotContact("This call is no longer waiting to be made")
    attempt = current.attempts.create(by=by, at=at, note=note)
    log_no_answer(contact=current, note=note, by=by, at=at)
    record("caller.tried", by=by, target=current.about, contact=current.pk)
    return attempt


@transaction.atomic
def write_instead(*, contact: Contact, by: User, at: dt.datetime) -> Contact:
    """Nobody answers: the same words in a letter."""
    current = lock(contact)
    person = _whom(current)
    address = addresses(person)[ContactMethod.LETTER] if person else ""
    if not address:
        raise CannotContact("No postal address is known. Try to phone again")
    if current.attempts.count() < ENOUGH_ATTEMPTS:
        raise CannotContact(f"Try to phone {ENOUGH_ATTEMPTS} times before you write")
    current.move_to(ContactStatus.FAILED)
    current.problem = "Nobody answered, so a letter was written"
    current.save(update_fields=["status", "problem"])
    letter = Contact.objects.create(
        partnership=current.partnership,
        report=current.report,
        case=current.case,
        person=current.person,
        decision=current.decision,
        kind=current.kind,
        method=ContactMethod.LETTER,
        address=address,
        subject=current.subject,
        body=current.body,
        status=ContactStatus.TO_DO,
        made_by=by,
        made_at=at,
    )
    record("caller.letter_written", by=by, target=current.about, contact=letter.pk)
    return letter


@transaction.atomic
def withdraw(*, contact: Contact, by: User, at: dt.datetime) -> Contact:
    """It does not go out after all."""
    current = lock(contact)
    current.move_to(ContactStatus.WITHDRAWN)
    current.problem = "It was withdrawn before it went out"
    current.save(update_fields=["status", "problem"])
    if current.kind == ContactKind.CASE_REVIEW and current.person_id:
        notice_not_given([current.person_id])
    record("caller.letter_withdrawn", by=by, target=current.about, contact=current.pk)
    return current


def withdraw_untold(*, decision: Decision, by: User, at: dt.datetime) -> tuple[int, int]:
    """Withdraw what the caller has not been told yet. Returns how many messages were, and how many not."""
    contacts = list(decision.contacts.select_for_update(of=("self",)).order_by("pk"))
    untold = [contact for contact in contacts if contact.status in UNTOLD]
    for contact in untold:
        contact.move_to(ContactStatus.WITHDRAWN)
        contact.problem = "The decision was undone"
        contact.save(update_fields=["status", "problem"])
    told = [each for each in contacts if each.status in (ContactStatus.SENT, ContactStatus.DONE)]
    return len(untold), len(told)


def lock(contact: Contact) -> Contact:
    about = ("report__partnership", "case__lead", "person__place")
    held = Contact.objects.select_related("partnership", "decision", "made_by", *about)
    return held.select_for_update(of=("self",)).get(pk=contact.pk)


def finish(contact: Contact, status: ContactStatus, verb: str, by: User | None, at: dt.datetime) -> None:
    contact.move_to(status)
    contact.done_at = at
    contact.save(update_fields=["status", "done_at"])
    log_message(contact=contact, by=by, at=at)
    record(verb, by=by, target=contact.about, contact=contact.pk, kind=contact.kind, method=contact.method)


def _whom(contact: Contact) -> Person | None:
    """Whom a message goes to: the caller of the report, or somebody in the case."""
    if contact.report is None:
        return contact.person
    link = contact.report.links.select_related("person__place").filter(is_caller=True).first()
    return link.person if link else None
