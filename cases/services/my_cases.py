"""What each of an officer's open cases waits for, the late first."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from cases.enums import CaseStatus
from cases.models import Case
from cases.models.cases import CaseQuerySet
from csp.actions.enums import ActionStatus
from csp.actions.models import Action
from csp.agencies.models import Partnership, User
from csp.core.calendar import end_of_day, local_day, start_of_day
from csp.core.clock_words import in_words
from csp.core.clocks import Clock, Unit
from csp.core.models import ClockReading

ANSWERED_WITHIN = dt.timedelta(days=7)
WARN = dt.timedelta(days=3)
MOST = 200


@dataclass(frozen=True)
class Waiting:
    """One thing a case waits for. What is only news has no day."""

    what: str
    due_on: dt.date | None = None
    at: dt.datetime | None = None

    @property
    def clock(self) -> ClockReading | None:
        if self.due_on is None or self.at is None:
            return None
        due = end_of_day(self.due_on)
        clock = Clock(start_of_day(min(self.due_on, local_day(self.at))), due, due - WARN, Unit.CALENDAR_DAYS)
        return ClockReading(clock.state(self.at), in_words(clock, self.at), due)


@dataclass
class MyCase:
    case: Case
    waits: list[Waiting] = field(default_factory=list)

    @property
    def first_day(self) -> dt.date:
        return min((each.due_on for each in self.waits if each.due_on), default=dt.date.max)


@dataclass
class Group:
    title: str
    cases: list[MyCase] = field(default_factory=list)


def open_cases_of(user: User, partnership: Partnership) -> CaseQuerySet:
    return Case.objects.visible_to(user).open().filter(officer=user.pk, partnership=partnership)


def my_cases(user: User, partnership: Partnership, at: dt.datetime) -> list[Group]:
    """Today, which holds the late; this week; then the others. Empty groups are left out."""
    cases = list(open_cases_of(user, partnership).order_by("-risk", "-opened_at", "pk")[:MOST])
    news = _news(cases, user, at)
    mine = [MyCase(case, _clocks(case, at) + news[case.pk]) for case in cases]
    mine.sort(key=lambda each: each.first_day)
    today, week = local_day(at), local_day(at) + dt.timedelta(days=7)
    groups = [Group("Late and today"), Group("This week"), Group("Later")]
    for each in mine:
        news_today = any(wait.due_on is None for wait in each.waits)
        late = each.first_day <= today or news_today
        groups[0 if late else 1 if each.first_day <= week else 2].cases.append(each)
    return [group for group in groups if group.cases]


def _clocks(case: Case, at: dt.datetime) -> list[Waiting]:
    held = case.status == CaseStatus.ON_HOLD
    dated = (
        ("Update to the complainant", case.update_due_on),
        (f"Risk to score{': ' + case.risk_due_because if case.risk_due_because else ''}", case.risk_due_on),
        ("On hold: look again", case.hold_until if held else None),
    )
    found = [Waiting(what, day, at) for what, day in dated if day]
    return sorted(found, key=lambda each: each.due_on or dt.date.max)


def _news(cases: list[Case], user: User, at: dt.datetime) -> dict[int, list[Waiting]]:
    """What agencies said lately: done, cannot, or more time."""
    kind = ContentType.objects.get_for_model(Case)
    answered = Q(
        status__in=[ActionStatus.COMPLETE, ActionStatus.NOT_NEEDED], ended_at__gt=at - ANSWERED_WITHIN
    )
    actions = Action.objects.visible_to(user).filter(
        answered | Q(wanted_due_on__isnull=False),
        target_type=kind,
        target_id__in=[case.pk for case in cases],
        lead__in=user.partner_ids,
    )
    news: dict[int, list[Waiting]] = defaultdict(list)
    for action in actions.select_related("owner").order_by("ended_at", "pk"):
        asks = action.wanted_due_on is not None
        said = "asks for more time" if asks else f"answered: {action.get_status_display().lower()}"
        news[action.target_id or 0].append(Waiting(f"{action.owner} {said} ({action.reference})"))
    return news
