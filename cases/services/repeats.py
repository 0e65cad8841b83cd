"""Repeat reports, counted by dated rules: by the same person, about the same subject, at the same place."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from cases.enums import (
    AFFECTED_ROLES,
    ContactKind,
    ContactStatus,
    LinkRole,
    RepeatEffect,
    RepeatScope,
    ReportStatus,
)
from cases.models import Contact, RepeatRule, Report, ReportPerson
from cases.models.reports import ReportQuerySet
from csp.core.calendar import add_months, add_working_days, local_day, months_beginning_with, start_of_day
from csp.core.clocks import Unit

ONE_DAY = dt.timedelta(days=1)
AT_ONCE = 50
SCOPE_WORDS = {
    RepeatScope.PERSON: "by or about the same person affected",
    RepeatScope.SUBJECT: "about the same subject",
    RepeatScope.PLACE: "at the same place",
}
NOT_THEIRS = (LinkRole.REPRESENTATIVE, LinkRole.PROFESSIONAL, LinkRole.SUBJECT)
"""Who calls for somebody else, day in, day out, is not the one who suffers each time."""

SUFFERS = Q(role__in=AFFECTED_ROLES) | Q(is_caller=True) & ~Q(role__in=NOT_THEIRS)


@dataclass(frozen=True)
class Repeat:
    """A rule that a report has met, with how many reports make it so and whom it concerns."""

    rule: RepeatRule
    count: int
    person_ids: frozenset[int] = frozenset()

    def __str__(self) -> str:
        span = span_words(self.rule.window_amount, self.rule.window_unit)
        return f"{self.count} reports {SCOPE_WORDS[RepeatScope(self.rule.scope)]} in {span}"


def span_words(amount: int, unit: str) -> str:
    words = str(Unit(unit).label)
    return f"{amount} {words[:-1] if amount == 1 else words}"


def window_last(first: dt.date, amount: int, unit: str) -> dt.date:
    """The last day of a window that begins with `first`, which itself counts."""
    match unit:
        case Unit.MONTHS:
            return months_beginning_with(first, amount).last
        case Unit.WEEKS:
            return first + dt.timedelta(weeks=amount) - ONE_DAY
        case Unit.WORKING_DAYS:
            return add_working_days(first - ONE_DAY, amount)
        case _:
            return first + dt.timedelta(days=amount) - ONE_DAY


def window_first(last: dt.date, amount: int, unit: str) -> dt.date:
    """The earliest day whose window still holds `last`: a report made the day before counts no more."""
    match unit:
        case Unit.MONTHS:
            day = add_months(last, -amount) - dt.timedelta(days=4)  # months differ by three days at most
        case Unit.WEEKS:
            day = last - dt.timedelta(weeks=amount)
        case Unit.WORKING_DAYS:
            day = add_working_days(last, -amount)
        case _:
            day = last - dt.timedelta(days=amount)
    while window_last(day, amount, unit) < last:
        day += ONE_DAY
    return day


def counts_from(at: dt.datetime, amount: int, unit: str) -> dt.datetime:
    """The first moment from which an earlier report counts together with one made `at` that moment."""
    if unit == Unit.HOURS:
        return at - dt.timedelta(hours=amount)
    return start_of_day(window_first(local_day(at), amount, unit))


def sufferers(report: Report) -> frozenset[int]:
    """Ids of the people who report for themselves or are affected."""
    return frozenset(report.links.filter(SUFFERS).values_list("person", flat=True))


def repeats_of(report: Report) -> list[Repeat]:
    """The rules in force on the day of the report that it meets together with earlier ones."""
    rules = RepeatRule.objects.on(local_day(report.received_at)).filter(partnership=report.partnership_id)
    found = [_met(rule, report) for rule in rules.order_by("starts_on", "pk")]
    return [repeat for repeat in found if repeat is not None]


def told_of_case_review(person_ids: frozenset[int], repeat: Repeat, at: dt.datetime) -> frozenset[int]:
    """Those of the people to whom the notice went within the rule's own window, or is on its way: for one of
    their reports, or in a case.
    """
    since = counts_from(at, repeat.rule.window_amount, repeat.rule.window_unit)
    given = Contact.objects.filter(kind=ContactKind.CASE_REVIEW, made_at__gte=since).exclude(
        status__in=[ContactStatus.WITHDRAWN, ContactStatus.FAILED]
    )
    links = ReportPerson.objects.filter(SUFFERS, person__in=person_ids, report__contacts__in=given)
    in_cases = given.filter(person__in=person_ids)
    return frozenset(links.values_list("person", flat=True)) | set(in_cases.values_list("person", flat=True))


def notice_is_due(report: Report, repeats: Iterable[Repeat]) -> bool:
    """One of the rules met asks for the notice, and somebody it concerns has not had it in its window."""
    if report.status == ReportStatus.DUPLICATE:
        return False
    asks = [repeat for repeat in repeats if repeat.rule.effect == RepeatEffect.CASE_REVIEW_NOTICE]
    return any(
        each.person_ids - told_of_case_review(each.person_ids, each, report.received_at) for each in asks
    )


def notice_given(person_ids: Collection[int]) -> None:
    """The people were told: it is due no more on any of their reports that only asked for them."""
    _look_again(person_ids, due=True)


def notice_not_given(person_ids: Collection[int]) -> None:
    """It did not reach them, so it is due again."""
    _look_again(person_ids, due=False)


def _look_again(person_ids: Collection[int], *, due: bool) -> None:
    links = ReportPerson.objects.filter(SUFFERS, person__in=person_ids)
    reports = Report.objects.filter(pk__in=links.values("report"), case_review_notice_due=due)
    for report in reports.order_by("-received_at", "-pk")[:AT_ONCE]:
        if notice_is_due(report, repeats_of(report)) != due:
            Report.objects.filter(pk=report.pk).update(case_review_notice_due=not due)


def _met(rule: RepeatRule, report: Report) -> Repeat | None:
    if rule.scope == RepeatScope.PLACE:
        return _met_by_place(rule, report)
    return _met_by_people(rule, report)


def _met_by_place(rule: RepeatRule, report: Report) -> Repeat | None:
    if report.place_id is None:
        return None
    count = 1 + _earlier(rule, report).filter(place=report.place_id).count()
    return Repeat(rule, count, sufferers(report)) if count >= rule.count else None


def _met_by_people(rule: RepeatRule, report: Report) -> Repeat | None:
    """Each person is counted alone: two reports by one and two by another do not make four."""
    role = Q(role=LinkRole.SUBJECT) if rule.scope == RepeatScope.SUBJECT else SUFFERS
    people = report.links.filter(role).values("person")
    counted = (
        ReportPerson.objects.filter(role, person__in=people, report__in=_earlier(rule, report))
        .values("person")
        .annotate(reports=Count("report", distinct=True))
    )
    enough = {row["person"]: 1 + row["reports"] for row in counted if 1 + row["reports"] >= rule.count}
    if not enough:
        return None
    affected = sufferers(report) if rule.scope == RepeatScope.SUBJECT else frozenset(enough)
    return Repeat(rule, max(enough.values()), affected)


def _earlier(rule: RepeatRule, report: Report) -> ReportQuerySet:
    """Reports before this one that count with it. A duplicate tells of what another report counts already.

    What was found not to be anti-social behaviour counts: the victim reported it, and may well disagree.
    """
    since = counts_from(report.received_at, rule.window_amount, rule.window_unit)
    before = Q(received_at__lt=report.received_at) | Q(received_at=report.received_at, pk__lt=report.pk)
    return Report.objects.filter(before, partnership=report.partnership_id, received_at__gte=since).exclude(
        status=ReportStatus.DUPLICATE
    )
