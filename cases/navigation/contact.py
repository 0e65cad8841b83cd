import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from cases.enums import AT_WORK, CaseStatus, ContactMethod, ContactStatus
from cases.models import Case, Closure, Contact
from cases.navigation.reports import MOST_NEEDS, seats_here
from csp.agencies.enums import Role
from csp.agencies.models import Partnership, User
from csp.agencies.navigation import Need, register_need
from csp.core.calendar import add_working_days, end_of_day, local_day

SOON_DAYS = 1
"""Working days before an update is due when it comes up on the officer's home."""
WORDS = {
    ContactMethod.PHONE: "Phone the complainant",
    ContactMethod.LETTER: "Post the letter",
    ContactMethod.EMAIL: "The e-mail did not arrive",
}


def update_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    """Complainants who must hear from the user tomorrow or sooner. Of cases nobody has, the manager's."""
    soon = add_working_days(local_day(at), SOON_DAYS)
    theirs = Q(officer=user) | Q(officer=None, lead__in=seats_here(user, partnership, Role.MANAGER))
    cases = Case.objects.visible_to(user).open().filter(theirs, partnership=partnership)
    cases = cases.filter(update_due_on__lte=soon, lead__in=seats_here(user, partnership))
    for case in cases.order_by("update_due_on", "pk")[:MOST_NEEDS]:
        due_at = end_of_day(case.update_due_on) if case.update_due_on else None
        yield Need(
            url=reverse("cases:letters", args=[case.reference]),
            title=f"{case} Update the complainant: {case.title}",
            due_at=due_at,
            late=due_at is not None and due_at < at,
            tag="Update",
        )


def case_contacts_waiting(user: User, partnership: Partnership, at: dt.datetime) -> QuerySet[Contact]:
    """Calls to make, letters to post and e-mails that did not arrive, of cases."""
    open_ones = Q(status=ContactStatus.TO_DO) | Q(status=ContactStatus.FAILED, method=ContactMethod.EMAIL)
    theirs = Q(made_by=user) | Q(case__officer=user)
    cases = Case.objects.visible_to(user).filter(lead__in=seats_here(user, partnership))
    return Contact.objects.filter(open_ones, theirs, partnership=partnership, case__in=cases)


def case_contact_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    waiting = case_contacts_waiting(user, partnership, at).select_related("case")
    for contact in waiting.order_by("made_at", "pk")[:MOST_NEEDS]:
        yield Need(
            url=reverse("cases:letters", args=[contact.about.reference]),
            title=f"{contact.about} {WORDS[ContactMethod(contact.method)]}",
            detail=contact.get_kind_display(),
            tag="Tell them",
        )


def closures_waiting(user: User, partnership: Partnership, at: dt.datetime) -> QuerySet[Closure]:
    """For a manager: cases that somebody else proposes to close."""
    managed = seats_here(user, partnership, Role.MANAGER)
    cases = Case.objects.visible_to(user).filter(lead__in=managed, status=CaseStatus.PENDING)
    waiting = Closure.objects.filter(case__in=cases, refused_at=None, approved_at=None, reopened_at=None)
    return waiting.exclude(proposed_by=user)


def closing_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    waiting = closures_waiting(user, partnership, at).select_related("case")
    for closure in waiting.order_by("proposed_at", "pk")[:MOST_NEEDS]:
        yield Need(
            url=reverse("cases:close", args=[closure.case.reference]),
            title=f"{closure.case} Closure to approve: {closure.case.title}",
            detail=closure.get_reason_display(),
            tag="Closing",
        )


def closures_sent_back(user: User, partnership: Partnership, at: dt.datetime) -> QuerySet[Closure]:
    """What the user proposed and a manager did not agree to, until the case is closed or proposed again."""
    cases = Case.objects.visible_to(user).filter(lead__in=seats_here(user, partnership), status__in=AT_WORK)
    again = Closure.objects.filter(case=OuterRef("case"), pk__gt=OuterRef("pk"))
    found = Closure.objects.filter(~Exists(again), proposed_by=user, refused_at__isnull=False, case__in=cases)
    return found.filter(reopened_at=None)


def sent_back_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    found = closures_sent_back(user, partnership, at).select_related("case", "refused_by")
    for closure in found.order_by("refused_at", "pk")[:MOST_NEEDS]:
        yield Need(
            url=reverse("cases:close", args=[closure.case.reference]),
            title=f"{closure.case} Not to be closed yet, says {closure.refused_by}: {closure.case.title}",
            detail=closure.refusal,
            tag="Closing",
        )


def join_in() -> None:
    register_need(update_needs)
    register_need(case_contact_needs, case_contacts_waiting)
    register_need(closing_needs, closures_waiting)
    register_need(sent_back_needs, closures_sent_back)
