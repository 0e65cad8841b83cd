"""What this room puts into the menu and on the home page of those who look after it."""

import datetime as dt
from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from csp.agencies import rulebook
from csp.agencies.enums import Role
from csp.agencies.models import Partnership, SharingAgreement, User
from csp.agencies.models.invitations import HOLDS_FOR
from csp.agencies.navigation import NavItem, Need, Panel, register, register_need, register_panel
from csp.agencies.rules import partners_looked_after
from csp.agencies.services.agreements import to_review
from csp.agencies.services.sessions import SECOND_FACTORS
from csp.core.calendar import local_day, start_of_day
from csp.core.tallies import tally
from csp.core.words import date_words

SOON = dt.timedelta(days=30)
MOST_NEEDS = 20


def looks_after_accounts(user: User) -> bool:
    return user.has_perm("agencies.manage_users")


def administers(user: User, partnership: Partnership) -> bool:
    return user.has_perm("agencies.administer") and user.has_perm("agencies.change", partnership)


def run_out_invitations(user: User, partnership: Partnership, at: dt.datetime) -> QuerySet[User]:
    """Invitations that ran out before they were used."""
    if not looks_after_accounts(user):
        return User.objects.none()
    people = User.objects.at(partners_looked_after(user, partnership))
    return people.invited().filter(invited_at__lt=at - HOLDS_FOR)


def invitation_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    for person in run_out_invitations(user, partnership, at).order_by("invited_at", "pk")[:MOST_NEEDS]:
        yield Need(
            url=reverse("agencies:user", args=[person.pk]),
            title=f"{person} has not signed in yet",
            detail="The invitation has run out. Send it again, or disable the account",
            tag="Invitation",
        )


def rule_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    """Rules that end soon while nothing follows them."""
    if not administers(user, partnership):
        return
    today = local_day(at)
    for book in books_ending(partnership, today):
        rules = list(book.model._default_manager.filter(partnership=partnership))
        starts = {(each, getattr(rule, str(book.starts))) for rule in rules for each in [alike(book, rule)]}
        for rule in rules:
            ends = getattr(rule, book.ends)
            if ends and today < ends <= today + SOON and (alike(book, rule), ends) not in starts:
                yield Need(
                    url=reverse("agencies:rules", args=[book.slug]),
                    title=f"{book.title}: {rule}",
                    detail=f"Ends on {date_words(ends)}, and nothing follows it",
                    tag="Rule ends",
                )


def books_ending(partnership: Partnership, today: dt.date) -> list[rulebook.RuleBook]:
    """Those with a rule that ends soon."""
    books = [book for book in rulebook.books() if book.starts and book.same]
    ending = [
        book.model._default_manager.filter(
            **{"partnership": partnership, f"{book.ends}__gt": today, f"{book.ends}__lte": today + SOON}
        )
        for book in books
    ]
    found = tally(ending, most=1)
    return [book for place, book in enumerate(books) if found[place]]


def alike(book: rulebook.RuleBook, rule: object) -> tuple[object, ...]:
    return tuple(getattr(rule, field) for field in book.same)


def set_up_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    if administers(user, partnership) and partnership.receiving_partner_id is None:
        yield Need(
            url=reverse("agencies:partnership"),
            title="No team receives reports yet",
            detail="Until one does, residents and agencies cannot send any",
            tag="Set-up",
        )


def agreements_waiting(user: User, partnership: Partnership, at: dt.datetime) -> QuerySet[SharingAgreement]:
    """Information-sharing agreements that have lapsed, or are to be reviewed within 30 days."""
    if not user.has_role(Role.MANAGER, partnership=partnership):
        return SharingAgreement.objects.none()
    return to_review(partnership, local_day(at))


def agreement_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterator[Need]:
    today = local_day(at)
    for agreement in agreements_waiting(user, partnership, at):
        lapsed = agreement.has_lapsed(today)
        yield Need(
            url=reverse("agreements:detail", args=[agreement.pk]),
            title=f"{agreement}: {'has lapsed' if lapsed else 'review it soon'}",
            detail="Shares that rely on it are recorded as made without cover" if lapsed else "",
            due_at=start_of_day(agreement.review_on),
            late=lapsed,
            tag="Agreement",
        )


def accounts_panel(user: User, partnership: Partnership, at: dt.datetime) -> Panel | None:
    """How the accounts stand that the user looks after; each figure opens its list."""
    if not looks_after_accounts(user):
        return None
    steps = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    people = User.objects.at(partners_looked_after(user, partnership)).annotate(second_step=Exists(steps))
    figures = people.aggregate(
        open=Count("pk", filter=Q(is_active=True)),
        without_second_step=Count("pk", filter=Q(is_active=True, second_step=False)),
        disabled=Count("pk", filter=Q(is_active=False)),
    )
    return Panel(
        "Accounts",
        "agencies/_panel_accounts.html",
        {**figures, "second_step_required": settings.REQUIRE_SECOND_FACTOR},
    )


def join_in() -> None:
    register(NavItem("Accounts", "agencies:users", "agencies.manage_users", position=80))
    register(NavItem("Set-up", "agencies:set_up", "agencies.administer", position=85))
    register_need(set_up_needs)
    register_need(invitation_needs, run_out_invitations)
    register_need(agreement_needs, agreements_waiting)
    register_need(rule_needs)
    register_panel(accounts_panel, position=60)
