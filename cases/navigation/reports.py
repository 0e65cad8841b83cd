import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse

from cases.enums import ContactKind, ContactMethod, ContactStatus, Risk
from cases.models import Case, CaseShare, Contact, FurtherInformation, Report, ReportShare
from cases.models.reports import ReportQuerySet
from csp.agencies.enums import CASEWORK_ROLES, Role, ShareLevel
from csp.agencies.models import Partnership, User
from csp.agencies.navigation import (
    NavItem,
    Need,
    Panel,
    register,
    register_need,
    register_panel,
    register_search,
)

MOST_NEEDS = 30
MOST_SHARED = 8
CONTACT_WORDS = {
    ContactMethod.PHONE: "Phone the caller",
    ContactMethod.LETTER: "Post the letter to the caller",
    ContactMethod.EMAIL: "The e-mail to the caller did not arrive",
}


def seats_here(user: User, partnership: Partnership, *roles: Role) -> set[int]:
    wanted = roles or CASEWORK_ROLES
    return {
        seat.partner_id
        for seat in user.seats
        if seat.role in wanted and seat.partner.partnership_id == partnership.pk
    }


def waiting_here(user: User, partnership: Partnership) -> ReportQuerySet:
    """What waits for triage by the user's own partners."""
    reports = Report.objects.visible_to(user).filter(partnership=partnership)
    return reports.awaiting_triage().filter(lead__in=seats_here(user, partnership))


def triage_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    """What the user has claimed, and of what nobody has, the pressing: high risk, due soon or late."""
    pressing = Q(risk=Risk.HIGH) | Q(clock_amber_at__lte=at)
    reports = waiting_here(user, partnership).filter(Q(officer=user) | Q(officer=None) & pressing)
    shown = reports.select_related("local_area", "ward").prefetch_related("categories")
    for report in shown.in_queue_order()[:MOST_NEEDS]:
        yield Need(
            url=reverse("reports:detail", args=[report.reference]),
            title=f"{report} Triage: {what_and_where(report)}",
            detail=", ".join(reasons(report)),
            due_at=report.clock_due_at,
            late=report.clock_due_at is not None and report.clock_due_at < at,
            tag="Triage",
        )


def what_and_where(report: Report) -> str:
    kinds = ", ".join(category.label for category in report.categories.all())
    area = report.local_area or report.ward
    return ", ".join(str(part) for part in (kinds or "kind not known", area) if part)


def reasons(report: Report) -> list[str]:
    marks = (
        (report.risk > Risk.STANDARD, report.get_risk_display()),
        (report.repeat_victim, "Repeat"),
        (report.vulnerable, "Vulnerable"),
        (report.hate, "Hate"),
        (report.officer_id is None, "Nobody has it yet"),
    )
    return [words for shown, words in marks if shown]


def contacts_waiting(user: User, partnership: Partnership) -> QuerySet[Contact]:
    """Calls to make, letters to post and e-mails that did not arrive, of reports."""
    theirs = Q(made_by=user) | Q(report__officer=user)
    theirs |= Q(report__lead__in=seats_here(user, partnership, Role.MANAGER))
    open_ones = Q(status=ContactStatus.TO_DO) | Q(status=ContactStatus.FAILED, method=ContactMethod.EMAIL)
    return Contact.objects.filter(open_ones, theirs)


def to_be_told(user: User, partnership: Partnership, at: dt.datetime) -> ReportQuerySet:
    """Callers who wait to be told by the user: one row for each report, whatever they wait for."""
    waiting = contacts_waiting(user, partnership).filter(report=OuterRef("pk"))
    due = Exists(waiting) | Q(case_review_notice_due=True, officer=user)
    reports = Report.objects.visible_to(user).filter(due, partnership=partnership)
    return reports.filter(lead__in=seats_here(user, partnership))


def told_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    contacts = contacts_waiting(user, partnership).order_by("made_at", "pk")
    to_tell = Prefetch("contacts", queryset=contacts, to_attr="to_tell")
    reports = to_be_told(user, partnership, at).order_by("received_at", "pk")
    for report in reports.prefetch_related(to_tell)[:MOST_NEEDS]:
        notice = report.case_review_notice_due and report.officer_id == user.pk
        yield told_need(report, report.to_tell, notice)  # type: ignore[attr-defined]  # by the prefetch


def told_need(report: Report, contacts: list[Contact], notice: bool) -> Need:
    ways = dict.fromkeys(CONTACT_WORDS[ContactMethod(contact.method)] for contact in contacts)
    kinds = [contact.get_kind_display() for contact in contacts]
    if contacts and notice:
        kinds.append(ContactKind.CASE_REVIEW.label)
    return Need(
        url=reverse("reports:detail", args=[report.reference]) + "#told",
        title=f"{report}: {'. '.join(ways) or 'Case Review notice due'}",
        detail=". ".join(dict.fromkeys(kinds)),
        tag="Tell the caller" if contacts else "Case Review",
    )


def information_waiting(user: User, partnership: Partnership, at: dt.datetime) -> ReportQuerySet:
    """What was added and nobody has read: for who has the report, or for everybody if nobody has."""
    new = FurtherInformation.objects.filter(report=OuterRef("pk"), seen_at=None)
    theirs = Q(officer=user) | Q(officer=None)
    theirs |= Q(lead__in=seats_here(user, partnership, Role.MANAGER))
    reports = Report.objects.visible_to(user).filter(Exists(new), theirs, partnership=partnership)
    return reports.filter(lead__in=seats_here(user, partnership))


def information_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    waiting = information_waiting(user, partnership, at)
    for report in waiting.order_by("received_at", "pk")[:MOST_NEEDS]:
        yield Need(
            url=reverse("reports:detail", args=[report.reference]) + "#added",
            title=f"{report}: Read what was added",
            tag="New information",
        )


def workload_panel(user: User, partnership: Partnership, at: dt.datetime) -> Panel | None:
    """For a manager: who has how many reports to decide, how many of them late or high risk."""
    managed = seats_here(user, partnership, Role.MANAGER)
    if not managed:
        return None
    waiting = Report.objects.visible_to(user).filter(partnership=partnership, lead__in=managed)
    rows = (
        waiting.awaiting_triage()
        .values("officer__name")
        .annotate(
            reports=Count("pk"),
            late=Count("pk", filter=Q(clock_due_at__lt=at)),
            high=Count("pk", filter=Q(risk=Risk.HIGH)),
        )
        .order_by(F("officer__name").asc(nulls_first=True))
    )
    return Panel("Reports to decide, by officer", "cases/_panel_workload.html", {"rows": list(rows)})


def shared_panel(user: User, partnership: Partnership, at: dt.datetime) -> Panel | None:
    """For a partner agency: the cases and reports that others shared with it, newest first.

    Of what it may only know to exist, the reference and who shared it.
    """
    partners = seats_here(user, partnership)
    if not partners or partnership.receiving_partner_id in partners:
        return None
    cases, reports = (model.objects.visible_to(user) for model in (Case, Report))
    known = Case.objects.known_to(user).filter(restricted=False)
    newest: list[Any] = [
        *_newest(
            CaseShare.objects.current(at),
            Q(record__in=cases, level__gte=ShareLevel.SUMMARY)
            | Q(record__in=known, level=ShareLevel.EXISTENCE),
            partners,
        ),
        *_newest(
            ReportShare.objects.current(at), Q(record__in=reports, level__gte=ShareLevel.SUMMARY), partners
        ),
    ]
    newest.sort(key=lambda share: share.starts_at, reverse=True)
    return Panel("Shared with you", "cases/_panel_shared.html", {"shares": newest[:MOST_SHARED]})


def _newest(shares: QuerySet[Any], open_to_them: Q, partners: set[int]) -> QuerySet[Any]:
    found = shares.filter(open_to_them, to_partner__in=partners).select_related("record", "from_partner")
    return found.order_by("-starts_at", "-pk")[:MOST_SHARED]


def join_in() -> None:
    register(NavItem("Reports", "reports:list", "reports.list", waiting_here, position=10))
    register(NavItem("Imports", "imports:list", "imports.run", position=60))
    register_search("search:everything", "people.search")
    register_need(triage_needs)
    register_need(told_needs, to_be_told)
    register_need(information_needs, information_waiting)
    register_panel(workload_panel, position=10)
    register_panel(shared_panel, position=20)
