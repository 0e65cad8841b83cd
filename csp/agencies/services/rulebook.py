"""Dated rules: a new version from a day, an end on a day, and the past as it was."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from csp.agencies.models import Partnership, User
from csp.agencies.rulebook import RuleBook
from csp.audit.services import record
from csp.core.errors import RuleBroken
from csp.core.words import date_words


class CannotChangeRule(RuleBroken): ...


@transaction.atomic
def add_rule(
    *,
    book: RuleBook,
    partnership: Partnership,
    values: dict[str, Any],
    starts_on: dt.date | None,
    by: User | None,
    at: dt.datetime,
    replaces: Any = None,
) -> Any:
    """A rule that holds from `starts_on`. Where it is a new version, the one before ends on that day."""
    Partnership.objects.select_for_update(of=("self",), no_key=True).get(pk=partnership.pk)
    if starts_on is not None:
        _not_backwards(starts_on, at)
    before = _before(book, partnership, values, replaces, at)
    for rule in before:
        _make_way(book, rule, starts_on, at)
    made = book.model(partnership=partnership, **values)
    if book.starts is not None:
        setattr(made, book.starts, starts_on)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as clash:
        raise CannotChangeRule("There is one like this already, from that day or under that name") from clash
    record(
        "rule.added",
        by=by,
        target=made,
        partnership=partnership,
        book=book.slug,
        starts_on=starts_on.isoformat() if starts_on else None,
        replaces=[rule.pk for rule in before],
    )
    return made


@transaction.atomic
def change_entry(*, book: RuleBook, entry: Any, values: dict[str, Any], by: User) -> Any:
    """An entry of a plain list may get other words at any time. Dated rules get a new version instead."""
    if book.starts is not None:
        raise CannotChangeRule("A rule with dates is not changed. Start a new version of it")
    entry = book.model._default_manager.select_for_update(of=("self",)).get(pk=entry.pk)
    changed = [field for field, value in values.items() if getattr(entry, field) != value]
    for field in changed:
        setattr(entry, field, values[field])
    try:
        with transaction.atomic():
            entry.save(update_fields=changed)
    except IntegrityError as clash:
        raise CannotChangeRule("Another entry has that name or code already") from clash
    if changed:
        record(
            "rule.changed",
            by=by,
            target=entry,
            partnership=entry.partnership,
            book=book.slug,
            fields=changed,
        )
    return entry


@transaction.atomic
def end_rule(*, book: RuleBook, rule: Any, on: dt.date, by: User, at: dt.datetime) -> Any:
    """The rule holds no more from that day."""
    rule = book.model._default_manager.select_for_update(of=("self",)).get(pk=rule.pk)
    _not_backwards(on, at)
    if _has_ended(book, rule, timezone.localdate(at)):
        raise CannotChangeRule("This rule has ended already")
    if book.starts and on < getattr(rule, book.starts):
        raise CannotChangeRule("A rule cannot end before it starts. Cancel it instead")
    setattr(rule, book.ends, on)
    rule.save(update_fields=[book.ends])
    record(
        "rule.ended", by=by, target=rule, partnership=rule.partnership, book=book.slug, ends_on=on.isoformat()
    )
    return rule


@transaction.atomic
def cancel_rule(*, book: RuleBook, rule: Any, by: User, at: dt.datetime) -> None:
    """A rule that has not started yet is as if it had never been planned; its event stays."""
    rule = book.model._default_manager.select_for_update(of=("self",)).get(pk=rule.pk)
    if book.starts is None or getattr(rule, book.starts) <= timezone.localdate(at):
        raise CannotChangeRule("This rule holds already. End it instead")
    record("rule.cancelled", by=by, target=rule, partnership=rule.partnership, book=book.slug)
    _reopen(book, rule)
    rule.delete()


def _not_backwards(day: dt.date, at: dt.datetime) -> None:
    if day < timezone.localdate(at):
        raise CannotChangeRule("Choose today or a later day: what held in the past stays as it was")


def _before(
    book: RuleBook, partnership: Partnership, values: dict[str, Any], replaces: Any, at: dt.datetime
) -> list[Any]:
    """The versions the new rule comes after: those alike, or the one that is changed."""
    rules = book.model._default_manager.select_for_update(of=("self",)).filter(partnership=partnership)
    if replaces is not None:
        return list(rules.filter(pk=replaces.pk))
    if not book.same or book.starts is None:
        return []
    says = {**values, "partnership": partnership}
    alike = rules.filter(**{field: says[field] for field in book.same})
    return [rule for rule in alike if not _has_ended(book, rule, timezone.localdate(at))]


def _make_way(book: RuleBook, rule: Any, starts_on: dt.date | None, at: dt.datetime) -> None:
    """An earlier version ends as the new one starts. A later one must be cancelled first, by the person."""
    on = starts_on or timezone.localdate(at)
    if book.starts and getattr(rule, book.starts) >= on:
        if getattr(rule, book.starts) > timezone.localdate(at):
            planned = date_words(getattr(rule, book.starts))
            raise CannotChangeRule(f"A version from {planned} is planned already. Cancel that first")
        raise CannotChangeRule("A version started today already. Choose tomorrow or a later day")
    ends = getattr(rule, book.ends)
    if ends is None or ends > on:
        setattr(rule, book.ends, on)
        rule.save(update_fields=[book.ends])


def _reopen(book: RuleBook, cancelled: Any) -> None:
    """The version that was to end as the cancelled one began carries on."""
    if not book.same or book.starts is None:
        return
    alike = {field: getattr(cancelled, field) for field in book.same}
    rules = book.model._default_manager.filter(partnership=cancelled.partnership, **alike)
    rules.filter(**{book.ends: getattr(cancelled, book.starts)}).update(**{book.ends: None})


def _has_ended(book: RuleBook, rule: Any, today: dt.date) -> bool:
    ends = getattr(rule, book.ends)
    return ends is not None and ends <= today
