"""E-mail to callers: queued with the decision, sent once by a worker, given up after a day."""

import datetime as dt
import smtplib

from django.db import transaction

from cases import notifications, tasks
from cases.enums import ContactKind, ContactMethod, ContactStatus
from cases.models import Contact
from cases.services.contacts import CannotContact, finish, lock
from cases.services.repeats import notice_not_given, sufferers
from cases.services.safe_contact import way_again
from csp.agencies.models import User
from csp.audit.services import record

GIVE_UP_AFTER = dt.timedelta(days=1)
PICK_UP_AFTER = dt.timedelta(minutes=5)
AT_ONCE = 500


@transaction.atomic
def send(*, contact_id: int, at: dt.datetime) -> bool:
    """Send a queued e-mail, once. The row stays locked while it goes out, so that a second worker waits,
    finds it sent and leaves it. Whatever else goes wrong rolls back, and the task tries again.
    """
    contact = (
        Contact.objects.select_related(
            "partnership", "report__partnership", "case__lead", "person", "made_by"
        )
        .select_for_update(of=("self",))
        .filter(pk=contact_id, status=ContactStatus.QUEUED)
        .first()
    )
    if contact is None:
        return False
    try:
        notifications.send_contact(contact)
    except (smtplib.SMTPRecipientsRefused, ValueError) as refused:
        _fail(contact, f"The mail server refused the address ({type(refused).__name__})", at)
        return False
    finish(contact, ContactStatus.SENT, "caller.told", contact.made_by, at)
    return True


def send_waiting(*, at: dt.datetime) -> int:
    """Queue again what no worker has sent, and give up on what could not be sent for a day."""
    waiting = Contact.objects.filter(status=ContactStatus.QUEUED, made_at__lt=at - PICK_UP_AFTER)
    for contact in waiting.order_by("made_at")[:AT_ONCE]:
        if contact.made_at < at - GIVE_UP_AFTER:
            give_up(contact_id=contact.pk, at=at)
        else:
            tasks.send_contact.delay_on_commit(contact_id=contact.pk)
    return len(waiting)


@transaction.atomic
def give_up(*, contact_id: int, at: dt.datetime) -> None:
    waiting = Contact.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=contact_id)
    for contact in waiting.filter(status=ContactStatus.QUEUED):
        _fail(contact, "It could not be sent for a day", at)


@transaction.atomic
def try_again(*, contact: Contact, by: User, at: dt.datetime) -> Contact:
    """Send an e-mail that failed once more, to the address that is known now."""
    current = lock(contact)
    way = way_again(current)
    if way.method != ContactMethod.EMAIL:
        raise CannotContact(way.nobody or "They do not want e-mail any more. Tell them another way")
    current.move_to(ContactStatus.QUEUED)
    current.address, current.problem, current.made_at = way.address, "", at
    current.save(update_fields=["status", "address", "problem", "made_at"])
    record("caller.message_queued", by=by, target=current.about, contact=current.pk)
    tasks.send_contact.delay_on_commit(contact_id=current.pk)
    return current


def _fail(contact: Contact, problem: str, at: dt.datetime) -> None:
    contact.move_to(ContactStatus.FAILED)
    contact.problem = problem
    contact.save(update_fields=["status", "problem"])
    if contact.kind == ContactKind.CASE_REVIEW:
        _notice_due_again(contact)
    record("caller.not_told", target=contact.about, contact=contact.pk, reason=problem)


def _notice_due_again(contact: Contact) -> None:
    if contact.report is None:
        notice_not_given([contact.person_id] if contact.person_id else [])
        return
    contact.report.case_review_notice_due = True
    contact.report.save(update_fields=["case_review_notice_due"])
    notice_not_given(sufferers(contact.report))
