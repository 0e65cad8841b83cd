"""The list of cases as somebody wants it. A page reads it now, a worker writes the same list into a file."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.enums import CaseStatus
from cases.models import Case, CaseReference, CaseShare, Report
from cases.models.cases import CASE_WORDS, NEXT_DUE, CaseQuerySet
from csp.agencies.models import Partnership, User
from csp.core.calendar import end_of_day, local_day, start_of_day
from csp.core.references import CASE

OPEN, ENDED = "open", "ended"
PRIORITY, NEWEST, NEXT_CLOCK = "priority", "newest", "clock"
ORDERS: dict[str, tuple[str, ...]] = {
    PRIORITY: ("-risk", "-opened_at", "pk"),
    NEWEST: ("-opened_at", "-pk"),
    NEXT_CLOCK: ("next_due", "pk"),
}
NEWEST_ENDED = ("-ended_at", "-pk")
"""Each order ends in an index of its own: the database reads one page and stops."""

ME, NOBODY = "me", "nobody"
UPDATE_LATE, RISK_LATE, ON_HOLD = "update", "risk", "hold"
NUMBER = re.compile(r"(?:[A-Z0-9]{1,6}-)?(?:C-)?(?:(?P<year>\d{2})-)?0*(?P<number>\d{1,6})", re.IGNORECASE)
YEARS_BACK = 10
MOST_OWN_REFERENCES = 100


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked of the list, in values that JSON can hold."""

    tab: str = OPEN
    sort: str = PRIORITY
    words: str = ""
    status: list[str] | tuple[str, ...] = ()
    risk: list[int] | tuple[int, ...] = ()
    category: int | None = None
    areas: list[int] | tuple[int, ...] = ()
    """The area asked for and all below it."""
    officer: str = ""
    lead: int | None = None
    shared_with: int | None = None
    clock: str = ""
    hate: bool = False
    opened_from: str = ""
    opened_until: str = ""

    @property
    def order(self) -> tuple[str, ...]:
        return NEWEST_ENDED if self.tab == ENDED else ORDERS[self.sort]


def find_cases(wanted: Wanted, *, user: User, partnership: Partnership, at: dt.datetime) -> CaseQuerySet:
    """The cases that the user may see and that are as wanted, not yet in order."""
    cases = Case.objects.listed_for(user).filter(partnership=partnership).annotate(next_due=NEXT_DUE)
    cases = cases.open() if wanted.tab == OPEN else cases.ended()
    cases = cases.filter(_as_it_is(wanted, user))
    if wanted.clock:
        cases = cases.filter(_clock(wanted.clock, local_day(at)))
    if wanted.shared_with:
        cases = cases.filter(_shared(wanted.shared_with, user, at))
    if wanted.hate:
        cases = cases.filter(Exists(Report.objects.readable_by(user).filter(case=OuterRef("pk"), hate=True)))
    return with_words(cases, wanted.words, user, partnership, at) if wanted.words else cases


def _as_it_is(wanted: Wanted, user: User) -> Q:
    """What stands in the case itself."""
    given: dict[str, object] = {
        "status__in": wanted.status,
        "risk__in": wanted.risk,
        "lead": wanted.lead,
        "opened_at__gte": wanted.opened_from and start_of_day(dt.date.fromisoformat(wanted.opened_from)),
        "opened_at__lte": wanted.opened_until and end_of_day(dt.date.fromisoformat(wanted.opened_until)),
    }
    asked = Q(**{name: value for name, value in given.items() if value})
    if wanted.category:
        asked &= Q(
            Exists(Case.categories.through.objects.filter(case=OuterRef("pk"), category=wanted.category))
        )
    if wanted.areas:
        asked &= Q(ward__in=wanted.areas) | Q(local_area__in=wanted.areas)
    if wanted.officer == NOBODY:
        asked &= Q(officer=None)
    elif wanted.officer:
        asked &= Q(officer=user.pk if wanted.officer == ME else int(wanted.officer))
    return asked


def _clock(clock: str, today: dt.date) -> Q:
    late = {
        UPDATE_LATE: Q(update_due_on__lt=today),
        RISK_LATE: Q(risk_due_on__lt=today),
        ON_HOLD: Q(status=CaseStatus.ON_HOLD),
    }
    return late[clock]


def _shared(partner: int, user: User, at: dt.datetime) -> Q:
    """With whom a case is shared is for the team that leads it; others know of their own share alone."""
    shares = CaseShare.objects.current(at).filter(record=OuterRef("pk"), to_partner=partner)
    known = Q() if partner in user.partner_ids else Q(lead__in=user.partner_ids)
    return known & Q(Exists(shares))


def with_words(
    cases: CaseQuerySet, words: str, user: User, partnership: Partnership, at: dt.datetime
) -> CaseQuerySet:
    """A reference or the number in it, an agency's own reference, or words as the language inflects them."""
    if match := NUMBER.fullmatch(words.strip()):
        return cases.filter(
            Q(reference__in=_references(match, partnership, at)) | Q(pk__in=with_own_reference(words, user))
        )
    if " " not in words and (found := list(with_own_reference(words, user)[:MOST_OWN_REFERENCES])):
        return cases.filter(pk__in=found)
    return cases.annotate(words=CASE_WORDS).filter(words=words_query(words))


def words_query(words: str) -> SearchQuery:
    return SearchQuery(words, config="english", search_type="websearch")


def with_own_reference(words: str, user: User) -> QuerySet[Any]:
    """Ids of cases that the user's agency, or in a case the user's team leads any agency, calls by this."""
    written = {words.strip(), words.strip().upper()}
    own = CaseReference.objects.filter(reference__in=written)
    known = Q(partner__in=user.partner_ids) | Q(case__lead__in=user.partner_ids)
    return own.filter(known).values_list("case", flat=True)


def _references(match: re.Match[str], partnership: Partnership, at: dt.datetime) -> list[str]:
    this_year = local_day(at).year
    years = [match["year"]] if match["year"] else [this_year - back for back in range(YEARS_BACK)]
    return [f"{partnership.code}-{CASE}-{int(year) % 100:02}-{int(match['number']):06}" for year in years]
