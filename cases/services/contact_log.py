"""The contact log of a case, and the clock that says when its complainant must hear from us again."""

import datetime as dt

from django.db import transaction

from cases.enums import Audience, ContactResult, ContactWay, LinkRole
from cases.models import Case, CaseContact, CasePerson, Closure, Contact, Person
from cases.services.cases import lock_case
from cases.services.risk import case_standard_on
from cases.services.texts import refuse_unstorable
from csp.agencies.models import Partner, User
from csp.audit.services import record
from csp.core.calendar import add_working_days, local_day, working_days_between
from csp.core.errors import RuleBroken
from csp.core.text import count
from csp.core.words import date_words

REACHED = (ContactResult.SPOKE, ContactResult.WROTE, ContactResult.THEY_CAME)
"""They heard from us, or we from them."""


class CannotLog(RuleBroken): ...


def restart_update_clock(*, case: Case, at: dt.datetime) -> Case:
    """The complainant heard from us, or work begins: part of the change that says so. A case that is part of
    another has no clock of its own.
    """
    case = case.merged_into or case
    day = local_day(at)
    days = case_standard_on(case.partnership, case.risk, day).update_days
    case.update_due_on = add_working_days(day, days) if case.is_open else None
    case.save(update_fields=["update_due_on"])
    return case


def update_words(due: dt.date, today: dt.date) -> str:
    """When the complainant must hear from us, counted in working days."""
    if due == today:
        return "An update is due today"
    if due == today + dt.timedelta(days=1):
        return "An update is due tomorrow"
    days = working_days_between(today, due)
    if due > today:
        return f"An update is due in {count(days, 'working day')}, on {date_words(due)}"
    if days == 0:
        return f"An update was due on {date_words(due)}"
    return f"The update is {count(-days, 'working day')} late"


def complainants_of(case: Case) -> list[Person]:
    """Those who wait to hear from us, each once, the first to come first."""
    links = CasePerson.objects.filter(case__in=case.family, role=LinkRole.COMPLAINANT)
    links = links.filter(person__merged_into=None).select_related("person__place")
    return list({link.person_id: link.person for link in links.order_by("added_at", "pk")}.values())


def entries_of(case: Case, user: User) -> list[CaseContact]:
    """What the user may read of the log, the newest first."""
    entries = CaseContact.objects.visible_to(user).filter(case__in=case.family)
    shown = entries.select_related("person", "by", "partner", "message", "case")
    return list(shown.order_by("-at", "-pk"))


def acting_partner(case: Case, by: User) -> Partner:
    """For whom the user writes on the case: the leading team where they work for it."""
    if case.lead_id in by.partner_ids:
        return case.lead
    seats = [seat.partner for seat in by.seats if seat.partner.partnership_id == case.partnership_id]
    held = [seat for seat in seats if case.permission_rows.filter(group=seat.group_id).exists()]
    if not held:
        raise CannotLog("Your agency does not see this case any more")
    return held[0]


@transaction.atomic
def log_contact(
    *,
    case: Case,
    person: Person | None,
    way: str,
    result: str,
    by: User,
    at: dt.datetime,
    when: dt.datetime | None = None,
    text: str = "",
    audience: str = Audience.TEAM,
) -> CaseContact:
    """Somebody was in touch with somebody, or tried, at `when`. Raises `CannotLog`."""
    refuse_unstorable("What was said", text)
    current = lock_case(case)
    when = when or at
    if when > at:
        raise CannotLog("The time must be in the past. Enter when you were in touch")
    in_case = CasePerson.objects.visible_to(by).filter(case__in=current.family)
    if person and not in_case.filter(person=person).exists():
        raise CannotLog(f"{person} is not in this case. Add them under People and risk first")
    entry = CaseContact.objects.create(
        case=current,
        person=person,
        partner=acting_partner(current, by),
        way=way,
        result=result,
        text=text,
        audience=audience,
        by=by,
        at=when,
    )
    record("case.contact_logged", by=by, target=current, contact=entry.pk, way=way, result=result)
    _heard(current, entry)
    return entry


def log_message(*, contact: Contact, by: User | None, at: dt.datetime) -> CaseContact | None:
    """A letter, call or e-mail of a case reached its person: part of finishing it. It is logged once."""
    if contact.case is None or contact.log_entries.exists():
        return None
    result = ContactResult.SPOKE if contact.method == ContactWay.PHONE else ContactResult.WROTE
    case = lock_case(contact.case)
    entry = _of_message(contact, case, result, by, at, message=contact)
    _heard(case, entry)
    return entry


def log_no_answer(*, contact: Contact, note: str, by: User, at: dt.datetime) -> CaseContact | None:
    """Nobody answered a call of a case: part of the attempt. What the caller noted is for the team."""
    if contact.case is None:
        return None
    for_whom = Audience.TEAM if note else Audience.SHARED
    return _of_message(contact, contact.case, ContactResult.NO_ANSWER, by, at, text=note, audience=for_whom)


def _of_message(
    contact: Contact,
    case: Case,
    result: str,
    by: User | None,
    at: dt.datetime,
    *,
    text: str = "",
    message: Contact | None = None,
    audience: str = Audience.SHARED,
) -> CaseContact:
    """Every agency that sees the case in full learns that it was said, and not the words."""
    return CaseContact.objects.create(
        case=case,
        person=contact.person,
        partner=case.lead,
        way=contact.method,
        result=result,
        text=text or contact.get_kind_display(),
        message=message,
        audience=audience,
        by=by,
        at=at,
    )


def _heard(case: Case, entry: CaseContact) -> None:
    """Restart the clock, unless the entry tells of a time before the clock last started."""
    if entry.result not in REACHED or entry.person is None:
        return
    case = case.merged_into or case
    people = complainants_of(case)
    if entry.person not in people:
        return
    later = CaseContact.objects.filter(
        case__in=case.family, person__in=people, result__in=REACHED, at__gt=entry.at
    )
    reopened = Closure.objects.filter(case=case, reopened_at__gt=entry.at)
    if case.opened_at > entry.at or later.exists() or reopened.exists():
        return
    restart_update_clock(case=case, at=entry.at)
