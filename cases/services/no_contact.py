"""Whether a case may close because its complainant cannot be reached: so many calls, a letter, and a wait."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from cases.enums import ContactResult, ContactWay
from cases.models import Case, CaseContact, NoContactRule, Person
from cases.services.contact_log import complainants_of
from csp.agencies.models import Partnership
from csp.core.calendar import add_working_days, local_day
from csp.core.text import count
from csp.core.words import date_words

USUAL_ATTEMPTS, USUAL_WAIT_DAYS = 3, 10
ANSWERED = (ContactResult.SPOKE, ContactResult.THEY_CAME)


@dataclass(frozen=True)
class NoContact:
    """How far we have come with one complainant who does not answer."""

    person: Person
    rule: NoContactRule
    calls: int
    wrote_on: dt.date | None
    today: dt.date

    @property
    def write_now(self) -> bool:
        return self.calls >= self.rule.attempts and self.wrote_on is None

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which they may still answer."""
        return self.wrote_on and add_working_days(self.wrote_on, self.rule.wait_days)

    @property
    def may_close(self) -> bool:
        return self.last_day is not None and self.today > self.last_day

    def __str__(self) -> str:
        """What to do now, for the officer."""
        if self.may_close:
            return (
                f"{self.person} has not answered our letter. You may close the case: complainant disengaged, "
                "or no contact"
            )
        if self.last_day:
            return f"We wrote to {self.person}, who has until {date_words(self.last_day)} to answer"
        calls = count(self.calls, "call")
        if self.write_now:
            return f"{self.person} has not answered {calls}. Write now"
        more = count(self.rule.attempts - self.calls, "more call", "more calls")
        return f"{self.person} has not answered {calls}. Try {more} before you write"


def rule_on(partnership: Partnership, day: dt.date) -> NoContactRule:
    own = NoContactRule.objects.on(day).filter(partnership=partnership).order_by("-starts_on").first()
    return own or NoContactRule(
        partnership=partnership, attempts=USUAL_ATTEMPTS, wait_days=USUAL_WAIT_DAYS, starts_on=day
    )


def no_contact_of(case: Case, at: dt.datetime) -> list[NoContact]:
    """For each complainant, where we stand by the rule in force that day."""
    people = complainants_of(case)
    log = CaseContact.objects.filter(case__in=case.family, person__in=people).order_by("at", "pk")
    entries = list(log)
    rule = rule_on(case.partnership, local_day(at))
    return [
        standing(person, rule, [each for each in entries if each.person_id == person.pk], local_day(at))
        for person in people
    ]


def standing(person: Person, rule: NoContactRule, log: Iterable[CaseContact], today: dt.date) -> NoContact:
    """`log` is in order of time. An answer, or their own call, begins it all again."""
    calls, wrote_on = 0, None
    for entry in log:
        if entry.result in ANSWERED:
            calls, wrote_on = 0, None
        elif entry.result == ContactResult.NO_ANSWER and entry.way == ContactWay.PHONE:
            calls += 1
        elif entry.result == ContactResult.WROTE and calls >= rule.attempts and wrote_on is None:
            wrote_on = local_day(entry.at)
    return NoContact(person, rule, calls, wrote_on, today)
