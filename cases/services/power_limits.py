"""Is a power within its limits? Pure: the power as it is drafted, and the rules that hold on the day.

Which day counts: a power is held to the rules of the day on which it is issued, and an extension to those
of the day on which it is made, because that is the law under which somebody then had the power. A penalty is
held to the rules of the day of the conduct: nobody pays more than they could have known of. A hearing is held
to the rules of the day on which the closure notice was served.

Periods of days, weeks and months begin with the day itself, as in Acts, and end with their last day: an order
of three months made on 15 January may run until the end of 14 April. Hours are counted exactly.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Self

from cases.enums import GIVEN_ONCE, OF_A_PLACE, InterventionKind, InterventionStatus, PowerLimit
from cases.models import PowerRule
from cases.services.power_rules import power_name, source_words, time_words
from csp.core.calendar import end_of_day, local_day, months_beginning_with, start_of_day
from csp.core.clocks import Unit, due_at
from csp.core.words import date_words, moment_words, money_words

ADULT = 18
CHRISTMAS = (12, 25)
KIND, LIMIT = InterventionKind, PowerLimit

SAME_CONDITIONS = frozenset({KIND.CPN})
"""These ask for what the power before them asked for, no less and no more."""

STANDS_BEFORE = frozenset({KIND.CPN})
"""What comes before these must still stand when they are issued. A closure notice may have run out by the
time the court makes its order."""

LONGER_IF_SIGNED = frozenset({KIND.CLOSURE_NOTICE})
"""May be issued at once for as long as it could be extended to, if somebody senior signs it."""

EXTENDED_AFRESH = frozenset({KIND.PSPO})
"""Each extension may be as long as the order itself."""

CHRISTMAS_IS_LEFT_OUT = frozenset(
    {(KIND.CLOSURE_NOTICE, LIMIT.LONGEST_EXTENDED), (KIND.CLOSURE_NOTICE, LIMIT.HEARING)}
)
"""Sections 77(3) and 80: of the periods of 48 hours, not of the 24."""


@dataclasses.dataclass(frozen=True)
class Problem:
    """A limit that is not kept. Where it does not refuse, one may go on with a reason, which is kept."""

    limit: str
    sentence: str
    source: str
    is_law: bool
    refuses: bool

    def __str__(self) -> str:
        return f"{self.sentence} ({self.source})" if self.source else self.sentence


@dataclasses.dataclass(frozen=True, kw_only=True)
class Draft:
    """A power as far as it is known. What is not known yet is not judged."""

    kind: str
    status: str = InterventionStatus.DRAFT
    person: int | None = None
    body: str = ""
    place: int | None = None
    born_on: dt.date | None = None
    conditions: frozenset[tuple[str, str]] = frozenset()
    served_at: dt.datetime | None = None
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    ended_on: dt.date | None = None
    hearing_at: dt.datetime | None = None
    review_on: dt.date | None = None
    penalty: Decimal | None = None
    extended_from: dt.datetime | None = None
    """The end it had, where this is about an extension."""
    follows: Self | None = None

    @property
    def begins_at(self) -> dt.datetime | None:
        return self.starts_at or self.served_at

    def age(self, on: dt.date) -> int | None:
        """In years. Somebody born on 29 February is a year older on 1 March of a common year."""
        born = self.born_on
        if born is None or self.person is None:
            return None
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

    @property
    def name(self) -> str:
        return power_name(self.kind)


Check = Callable[[Draft, PowerRule, dt.date], Iterator[Problem]]


def problems(draft: Draft, rules: Iterable[PowerRule], on: dt.date) -> list[Problem]:
    """What is wrong with a power issued, drafted or extended on the day, under the rules of that day."""
    own = [rule for rule in rules if rule.kind == draft.kind and rule.limit in CHECKS]
    found = [problem for rule in own for problem in CHECKS[PowerLimit(rule.limit)](draft, rule, on)]
    unknown_age = [each for each in found if each.limit == LIMIT.YOUNGEST and not each.refuses]
    if unknown_age:  # one warning about an age that nobody knows is enough
        found = [each for each in found if each not in unknown_age[1:]]
    return found


def _problem(rule: PowerRule, sentence: str, *, warns: bool = False) -> Problem:
    refuses = rule.is_law and rule.confirmed and not warns
    return Problem(rule.limit, sentence, source_words(rule), rule.is_law, refuses)


def last_moment(start: dt.datetime, rule: PowerRule) -> dt.datetime:
    """The last moment of the period that the rule allows from `start`."""
    amount, unit = rule.amount or 0, Unit(rule.unit)
    if unit == Unit.HOURS:
        if (rule.kind, rule.limit) in CHRISTMAS_IS_LEFT_OUT:
            return hours_without_christmas(start, amount)
        return start + dt.timedelta(hours=amount)
    day = local_day(start)
    if unit == Unit.MONTHS:
        return end_of_day(months_beginning_with(day, amount).last)
    if unit == Unit.WORKING_DAYS:
        return due_at(start, amount, unit)
    days = amount * 7 if unit == Unit.WEEKS else amount
    return end_of_day(day + dt.timedelta(days=days - 1))


def hours_without_christmas(start: dt.datetime, hours: int) -> dt.datetime:
    """So many hours after `start`, Christmas Day left out."""
    end = start + dt.timedelta(hours=hours)
    christmas = dt.date(local_day(start).year, *CHRISTMAS)
    begins, over = start_of_day(christmas), start_of_day(christmas + dt.timedelta(days=1))
    return end + (over - max(start, begins)) if start < over and end > begins else end


def until_words(moment: dt.datetime) -> str:
    """14 April 2027 where that whole day counts, 3 September 2026 at 9:30pm otherwise."""
    day = local_day(moment)
    return f"the end of {date_words(day)}" if moment == end_of_day(day) else moment_words(moment)


def _youngest(draft: Draft, rule: PowerRule, on: dt.date) -> Iterator[Problem]:
    if draft.person is None:
        return
    age = draft.age(on)
    if age is None:
        words = f"Nobody under {rule.amount} can be given a {draft.name}, and the date of birth is not known"
        yield _problem(rule, words, warns=True)
    elif age < (rule.amount or 0):
        words = f"Nobody under {rule.amount} can be given a {draft.name}: they are {age} on {date_words(on)}"
        yield _problem(rule, words)


def _longest(draft: Draft, rule: PowerRule, on: dt.date) -> Iterator[Problem]:
    start = draft.begins_at
    if start is None:
        return
    if draft.extended_from is not None:
        if draft.kind in LONGER_IF_EXTENDED:
            return  # its own limit is for that
        if draft.kind in EXTENDED_AFRESH:
            start = draft.extended_from + dt.timedelta(microseconds=1)
    if draft.ends_at is None:
        if draft.kind not in GIVEN_ONCE and draft.served_at is not None:
            yield _problem(rule, f"Enter when it ends: {_at_most(draft, rule, start)}")
    elif draft.ends_at > last_moment(start, rule):
        signed = draft.kind in LONGER_IF_SIGNED
        more = ". Longer only if somebody senior signed it: say who and their rank" if signed else ""
        words = _at_most(draft, rule, start)
        yield _problem(rule, words[:1].upper() + words[1:] + more, warns=signed)


def _at_most(draft: Draft, rule: PowerRule, start: dt.datetime) -> str:
    long = time_words(rule.amount or 0, rule.unit)
    return f"a {draft.name} may last {long}, so until {until_words(last_moment(start, rule))}"


LONGER_IF_EXTENDED = frozenset({KIND.CLOSURE_NOTICE, KIND.CLOSURE_ORDER})


def _longest_extended(draft: Draft, rule: PowerRule, on: dt.date) -> Iterator[Problem]:
    start = draft.begins_at
    if start is None or draft.ends_at is None:
        return
    last = last_moment(start, rule)
    if draft.ends_at > last:
        long = time_words(rule.amount or 0, rule.unit)
        words = f"With all extensions it may last {long}, so until {until_words(last)}"
        yield _problem(rule, words)


def _longest_under_18(draft: Draft, rule: PowerRule, on: dt.date) -> Iterator[Problem]:
    start, age = draft.begins_at, draft.age(on)
    if draft.served_at is None or start is None or draft.person is None or (age or 0) >= ADULT:
        return
    last = last_moment(start, rule)
    if draft.ends_at is None or draft.ends_at > last:
        long = time_words(rule.amount or 0, rule.unit)
        words = f"For somebody under 18 it may last {long}, so until {until_words(last)}"
        if age is None:
            words += ". Their date of birth is not known"
        yield _problem(rule, words, warns=age is None)


def _shortest(draft: Draft, rule: PowerRule, on: dt.date) -> Iterator[Problem]:
    age = draft.age(on)
    if age is None or age >= ADULT:
        yield from _too_short(draft, rule, "It lasts {} at least, so until {} or later", warns=age is None)


def _shortest_under_18(draft: Draft, rule: PowerRule, on: dt.date) -> Iterator[Problem]:
    age = draft.age(on)
    if age is not None and age < ADULT:
        yield from _too_short(draft, rule, "For somebody under 18 it lasts {} at least, so until {} or later")


def _too_short(draft: Draft, rule: PowerRule, words: str, *, warns: bool = False) -> Iterator[Problem]:
    start = draft.begins_at
    if start is None or draft.ends_at is None or draft.extended_from is not None:
        return
    last = last_moment(start, rule)
    if local_day(draft.ends_at) < local_day(last):
        long = time_words(rule.amount or 0, rule.unit)
        yield _problem(rule, words.format(long, date_words(local_day(last))), warns=warns)


def _hearing(draft: Draft, rule: PowerRule, on: dt.date) -> Iterator[Problem]:
    if draft.served_at is None:
        return
    last = last_moment(draft.served_at, rule)
    if draft.hearing_at is None:
        yield _problem(rule, f"Enter when the court hears it: by {until_words(last)}")
    elif draft.hearing_at > last:
        long = time_words(rule.amount or 0, rule.unit)
        words = f"The court hears it within {long} of service, so by {until_words(last)}"
        yield _problem(rule, words)


def _penalty(draft: Draft, rule: PowerRule, on: dt.date) -> Iterator[Problem]:
    if draft.penalty is not None and draft.penalty > (rule.amount or 0):
        words = f"The fixed penalty may be {money_words(rule.amount or 0)} at most on {date_words(on)}"
        yield _problem(rule, words)


def _follows(draft: Draft, rule: PowerRule, on: dt.date) -> Iterator[Problem]:
    before, needed = draft.follows, power_name(rule.follows)
    if before is None or before.kind != rule.follows:
        yield _problem(rule, f"Choose the {needed} that came before. Record and serve it first if none did")
        return
    if not _was_served(before, draft):
        yield _problem(rule, f"The {needed} was not served before this. Serve it first")
    elif draft.kind in STANDS_BEFORE and not _stands(before, draft, on):
        yield _problem(rule, f"The {needed} no longer stands. Serve a new one first")
    if not _same_subject(before, draft):
        whom = "the same premises" if draft.kind in OF_A_PLACE else "the same person or body"
        yield _problem(
            rule, f"The {needed} must be about {whom}. Choose another, or change who this is about"
        )
    if draft.kind in SAME_CONDITIONS and before.conditions != draft.conditions:
        yield _problem(rule, f"The conditions must be those of the {needed}. Copy them from it")


def _was_served(before: Draft, draft: Draft) -> bool:
    if before.served_at is None or before.status in (InterventionStatus.DRAFT, InterventionStatus.WITHDRAWN):
        return False
    return draft.served_at is None or before.served_at <= draft.served_at


def _stands(before: Draft, draft: Draft, on: dt.date) -> bool:
    """It had not ended by the moment of service; by the end of the day before, where that is not known."""
    moment = draft.served_at or start_of_day(on)
    ran_out = before.ends_at is not None and before.ends_at < moment
    return not ran_out and (before.ended_on is None or before.ended_on > local_day(moment))


def _same_subject(before: Draft, draft: Draft) -> bool:
    if draft.kind in OF_A_PLACE:
        return before.place is not None and before.place == draft.place
    if draft.person is not None or before.person is not None:
        return before.person == draft.person
    return before.body.casefold().split() == draft.body.casefold().split()


def _lapses(draft: Draft, rule: PowerRule, on: dt.date) -> Iterator[Problem]:
    start = draft.begins_at
    if start is None or draft.ends_at is None:
        return
    last = last_moment(start, rule)
    if draft.ends_at > last:
        long = time_words(rule.amount or 0, rule.unit)
        yield _problem(rule, f"It lapses after {long}, so at {until_words(last)}")


def _review(draft: Draft, rule: PowerRule, on: dt.date) -> Iterator[Problem]:
    start = draft.begins_at
    if start is None:
        return
    last = local_day(last_moment(start, rule))
    ends_before = draft.ends_at is not None and local_day(draft.ends_at) <= last
    if not ends_before and (draft.review_on is None or draft.review_on > last):
        long = time_words(rule.amount or 0, rule.unit)
        yield _problem(rule, f"It is reviewed within {long}, so by {date_words(last)}")


def _review_under_18(draft: Draft, rule: PowerRule, on: dt.date) -> Iterator[Problem]:
    """Somebody who will be an adult by then needs no review."""
    start = draft.begins_at
    if start is not None and (draft.age(local_day(last_moment(start, rule))) or ADULT) < ADULT:
        yield from _review(draft, rule, on)


CHECKS: dict[PowerLimit, Check] = {
    LIMIT.YOUNGEST: _youngest,
    LIMIT.LONGEST: _longest,
    LIMIT.LONGEST_EXTENDED: _longest_extended,
    LIMIT.LONGEST_UNDER_18: _longest_under_18,
    LIMIT.SHORTEST: _shortest,
    LIMIT.SHORTEST_UNDER_18: _shortest_under_18,
    LIMIT.HEARING: _hearing,
    LIMIT.PENALTY: _penalty,
    LIMIT.FOLLOWS: _follows,
    LIMIT.LAPSES: _lapses,
    LIMIT.REVIEW: _review,
    LIMIT.REVIEW_UNDER_18: _review_under_18,
}
"""The time to appeal is worked out, not checked here."""


def penalty_problems(
    kind: str, penalty: Decimal | None, rules: Iterable[PowerRule], conduct_on: dt.date
) -> list[Problem]:
    """A fixed penalty for breach of a power of this kind, under the rules of the day of the conduct."""
    found = [rule for rule in rules if rule.kind == kind and rule.limit == LIMIT.PENALTY]
    return [each for rule in found for each in _penalty(Draft(kind=kind, penalty=penalty), rule, conduct_on)]


def hearing_problems(notice: Draft, rules: Iterable[PowerRule]) -> list[Problem]:
    """Of a closure notice, under the rules of the day on which it was served."""
    found = [rule for rule in rules if rule.kind == notice.kind and rule.limit == LIMIT.HEARING]
    day = local_day(notice.served_at) if notice.served_at else dt.date.min
    return [each for rule in found for each in _hearing(notice, rule, day)]


def last_of(draft: Draft, rules: Iterable[PowerRule], limit: PowerLimit) -> dt.datetime | None:
    """The last moment that a limit of this power allows: to appeal, or before it lapses."""
    start = draft.begins_at if limit != LIMIT.APPEAL else draft.served_at
    rule = next((each for each in rules if each.kind == draft.kind and each.limit == limit), None)
    return last_moment(start, rule) if rule and start else None
