"""Letters, e-mails and calls to the people in a case: what they say, to whom, and the way that is safe."""

import dataclasses
import datetime as dt
import re

from django.db import transaction
from django.db.models import Q

from cases import notifications, tasks
from cases.enums import ContactKind, ContactMethod, ContactStatus, LinkRole
from cases.models import Case, CasePerson, Contact, Person, Report, ReportPerson
from cases.services import languages
from cases.services.cases import lock_case
from cases.services.contacts import finish
from cases.services.no_contact import no_contact_of
from cases.services.repeats import SUFFERS, notice_given
from cases.services.safe_contact import SafeWay, addresses, safe_way_to
from cases.services.texts import refuse_unstorable
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.errors import RuleBroken

LONGEST = 8_000
WRITTEN_TO = (LinkRole.COMPLAINANT, LinkRole.VICTIM)
FROM_THE_TAB = (ContactKind.CASE_OPENED, ContactKind.UPDATE, ContactKind.CASE_REVIEW)
"""What an officer writes when they choose to. A closure letter goes with the closing."""
ON_ITS_WAY = (ContactStatus.QUEUED, ContactStatus.TO_DO)
OUT = (ContactStatus.SENT, ContactStatus.DONE)


class CannotWrite(RuleBroken): ...


def people_to_write_to(case: Case) -> list[Person]:
    """Complainants and victims, the complainants first. A child hears from us through somebody else."""
    links = CasePerson.objects.filter(case__in=case.family, role__in=WRITTEN_TO, person__merged_into=None)
    links = links.select_related("person__place").order_by("role", "added_at", "pk")
    return list({link.person_id: link.person for link in links}.values())


def way_to_write(case: Case, person: Person, at: dt.datetime) -> SafeWay:
    """Their safe way. Where they never answer the phone, and it is time to write, a letter instead."""
    way = safe_way_to(person)
    address = addresses(person)[ContactMethod.LETTER]
    if way.method != ContactMethod.PHONE or not address:
        return way
    silent = any(each.person == person and each.write_now for each in no_contact_of(case, at))
    return dataclasses.replace(way, method=ContactMethod.LETTER, address=address) if silent else way


def draft(*, case: Case, person: Person, kind: str, words: str, by: User | None, at: dt.datetime) -> Contact:
    """The message as it would go out, not yet kept. Raises `CannotWrite`."""
    if person.pk not in {each.pk for each in people_to_write_to(case)}:
        raise CannotWrite(f"{person} is not a complainant or victim in this case")
    refuse_unstorable("The letter", words)
    if notifications.GAP in words:
        raise CannotWrite("Say in your own words what has been done, in place of the words in brackets")
    if name := subject_named_in(case, words):
        raise CannotWrite(f"The letter names {name}, who is a subject of this case. Take the name out")
    way = way_to_write(case, person, at)
    if way.nobody:
        raise CannotWrite(f"{way.nobody}. Change how they want to be contacted, or tell them in person")
    return _contact(case, person, kind, way.method, way.address, words, by, at)


@transaction.atomic
def send(*, case: Case, person: Person, kind: str, words: str, by: User, at: dt.datetime) -> Contact:
    """Make the letter, the call to make, or the e-mail, which a worker sends. Raises `CannotWrite`."""
    current = lock_case(case)
    made = draft(case=current, person=person, kind=kind, words=words, by=by, at=at)
    _refuse_twice(made)
    _keep(made, current, by)
    if made.method == ContactMethod.EMAIL:
        tasks.send_contact.delay_on_commit(contact_id=made.pk)
    return made


@transaction.atomic
def explained(*, case: Case, person: Person, by: User, at: dt.datetime) -> Contact:
    """The officer has told them of the Case Review in person or on the phone."""
    current = lock_case(case)
    kind, words = ContactKind.CASE_REVIEW, notifications.case_words(current, ContactKind.CASE_REVIEW, at=at)
    how = "In person or on the phone"
    made = _contact(current, person, kind, ContactMethod.PHONE, how, words, by, at)
    _refuse_twice(made)
    _keep(made, current, by)
    finish(made, ContactStatus.DONE, "caller.told", by, at)
    return made


def _contact(
    case: Case,
    person: Person,
    kind: str,
    method: str,
    address: str,
    words: str,
    by: User | None,
    at: dt.datetime,
) -> Contact:
    return Contact(
        partnership=case.partnership,
        case=case,
        person=person,
        kind=kind,
        method=method,
        address=address,
        subject=notifications.case_subject(case, kind, at),
        body=whole(person, words, method),
        status=ContactStatus.QUEUED if method == ContactMethod.EMAIL else ContactStatus.TO_DO,
        made_by=by,
        made_at=at,
    )


def whole(person: Person, words: str, method: str) -> str:
    """The words with the greeting before them, and after them what their reader needs to read them."""
    parts = [f"Dear {person.known_as or person.name}", words.strip()]
    if person.language:
        parts.append(
            f"We have noted what you need: {person.language}. Tell us if this letter does not suit you: we "
            "can send it another way or ask an interpreter to help."
        )
    if method != ContactMethod.PHONE:
        parts.append(languages.block())
    return "\n\n".join(parts) + "\n"


def subject_named_in(case: Case, words: str) -> str:
    """The name of a subject that the words hold; empty where they hold none."""
    links = CasePerson.objects.filter(case__in=case.family, role=LinkRole.SUBJECT).select_related("person")
    told = {person.pk for person in people_to_write_to(case)}
    for link in links.prefetch_related("person__aliases").order_by("pk"):
        person = link.person
        names = [person.name, person.known_as, *(alias.name for alias in person.aliases.all())]
        for name in filter(None, names):
            if person.pk not in told and re.search(rf"\b{re.escape(name)}\b", words, re.IGNORECASE):
                return name
    return ""


def _refuse_twice(made: Contact) -> None:
    same = Contact.objects.filter(case=made.case, person=made.person, kind=made.kind)
    if same.filter(Q(status__in=ON_ITS_WAY) | Q(status__in=OUT, body=made.body)).exists():
        raise CannotWrite(
            f"The same was written to {made.person} already. Mark it as posted or withdraw it, or change the "
            "words"
        )


def _keep(made: Contact, case: Case, by: User) -> None:
    made.save()
    if made.kind == ContactKind.CASE_REVIEW and made.person_id:
        notice_given([made.person_id])
    record("case.letter_made", by=by, target=case, contact=made.pk, kind=made.kind, method=made.method)


def notice_due_to(case: Case) -> set[int]:
    """Ids of those people in the case who have yet to hear of the Case Review, for any report of theirs."""
    due = Report.objects.filter(lead=case.lead_id, case_review_notice_due=True)
    links = ReportPerson.objects.filter(SUFFERS, report__in=due, person__in=people_to_write_to(case))
    return set(links.values_list("person", flat=True))
