"""How far the agencies are with what meetings asked of them, as far as one reader may see the actions."""

import dataclasses
import datetime as dt
from collections.abc import Callable

from django.db.models import Count, F, Max, Q
from django.db.models.functions import TruncMonth

from csp.actions.enums import OUTSTANDING, ActionStatus
from csp.actions.models import Action, ActionQuerySet
from csp.agencies.models import Partnership, User
from csp.core.calendar import add_months, local_day, start_of_day
from tasking.enums import HELD
from tasking.models import Meeting, MeetingPartner

SOON_DAYS = 10
SINCE_DAYS = 30
"""How far back "done since" looks for an agency that has not met yet."""
YEAR, TREND = 12, 6
"""Months."""
STATES = {"open": "Open", "due": f"Due within {SOON_DAYS} days", "late": "Late", "done": "Done lately"}

OPEN = Q(status__in=OUTSTANDING)
DONE = Q(status=ActionStatus.COMPLETE)
IN_TIME = DONE & Q(ended_at__date__lte=F("due_on"))


def given_at_meetings(user: User, partnership: Partnership) -> ActionQuerySet:
    return Action.objects.visible_to(user).filter(partnership=partnership, given_at__isnull=False)


@dataclasses.dataclass(frozen=True)
class Days:
    """The limits that the figures and the list beneath them share."""

    at: dt.datetime
    met: dict[int, dt.datetime]
    """When each agency last sat in a meeting."""

    @property
    def today(self) -> dt.date:
        return local_day(self.at)

    @property
    def late(self) -> Q:
        return OPEN & Q(due_on__lt=self.today)

    @property
    def due(self) -> Q:
        """Soon, from today on."""
        return OPEN & Q(due_on__gte=self.today, due_on__lte=self.today + dt.timedelta(days=SOON_DAYS))

    @property
    def done(self) -> Q:
        """Since the agency's last meeting."""
        lately = Q(ended_at__gte=self.at - dt.timedelta(days=SINCE_DAYS))
        if not self.met:
            return DONE & lately
        since = ~Q(owner__in=list(self.met)) & lately
        for partner, met in self.met.items():
            since |= Q(owner=partner, ended_at__gte=met)
        return DONE & since

    @property
    def year_ago(self) -> dt.datetime:
        return start_of_day(add_months(self.today, -YEAR))

    def state(self, name: str) -> Q:
        found: dict[str, Q] = {"open": OPEN, "due": self.due, "late": self.late, "done": self.done}
        return found[name]


def days_of(partnership: Partnership, at: dt.datetime) -> Days:
    seats = MeetingPartner.objects.filter(meeting__partnership=partnership, meeting__status__in=HELD)
    met = seats.order_by().values("partner").annotate(met=Max("meeting__starts_at"))
    return Days(at, dict(met.values_list("partner", "met")))


@dataclasses.dataclass(frozen=True)
class AgencyRow:
    pk: int
    name: str
    open: int
    due: int
    late: int
    done: int
    done_in_year: int
    in_time: int

    @property
    def percent(self) -> int | None:
        """To the next whole number; none of nothing."""
        if not self.done_in_year:
            return None
        return (200 * self.in_time + self.done_in_year) // (2 * self.done_in_year)


def by_agency(actions: ActionQuerySet, days: Days) -> list[AgencyRow]:
    """One query for all agencies, those with most late first."""
    in_year = Q(ended_at__gte=days.year_ago)
    rows = (
        actions.filter(OPEN | in_year)
        .order_by()
        .values("owner", "owner__name")
        .annotate(
            open_now=Count("pk", filter=OPEN),
            due_soon=Count("pk", filter=days.due),
            late_now=Count("pk", filter=days.late),
            done_since=Count("pk", filter=days.done),
            done_in_year=Count("pk", filter=DONE & in_year),
            in_time=Count("pk", filter=IN_TIME & in_year),
        )
        .order_by("-late_now", "owner__name", "owner")
    )
    names = ("owner", "owner__name", "open_now", "due_soon", "late_now", "done_since", "done_in_year")
    return [AgencyRow(*row) for row in rows.values_list(*names, "in_time")]


@dataclasses.dataclass
class Month:
    first: dt.date
    given: int = 0
    in_time: int = 0
    late: int = 0

    @property
    def most(self) -> int:
        return max(self.given, self.in_time, self.late)


def trend(actions: ActionQuerySet, days: Days) -> list[Month]:
    """This month and the five before it: what was given, and what was done in time and late."""
    this = days.today.replace(day=1)
    months = {first: Month(first) for first in (add_months(this, -n) for n in range(TREND - 1, -1, -1))}
    since = start_of_day(min(months))
    for field, rows, count in (
        ("asked_at", actions, _given),
        ("ended_at", actions.filter(DONE), _done),
    ):
        found = rows.filter(**{f"{field}__gte": since}).order_by().annotate(month=TruncMonth(field))
        grouped = found.values("month").annotate(n=Count("pk"), in_time=Count("pk", filter=IN_TIME))
        for month, n, in_time in grouped.values_list("month", "n", "in_time"):
            if row := months.get(local_day(month)):
                count(row, n, in_time)
    return list(months.values())


def _given(month: Month, n: int, _in_time: int) -> None:
    month.given = n


def _done(month: Month, n: int, in_time: int) -> None:
    month.in_time, month.late = in_time, n - in_time


GROUPS: tuple[str, ...] = ("late", "due", "open", "done")


@dataclasses.dataclass(frozen=True)
class OfMeeting:
    """The actions that matter to one meeting, and the next date of its series."""

    groups: dict[str, list[Action]]
    next_on: dt.date | None

    @property
    def total(self) -> int:
        return sum(len(group) for group in self.groups.values())


def of_meeting(meeting: Meeting, user: User, at: dt.datetime) -> OfMeeting:
    """Given at it, and those given before in its series that are open, or ended since the meeting before."""
    series = Meeting.objects.filter(series=meeting.series_id)
    before = series.filter(status__in=HELD, starts_at__lt=meeting.starts_at).aggregate(Max("starts_at"))
    coming = Meeting.objects.visible_to(user).filter(series=meeting.series_id).coming(at)
    next_at = coming.order_by("starts_at", "pk").values_list("starts_at", flat=True).first()
    earlier = Q(
        given_at__item__meeting__series=meeting.series_id,
        given_at__item__meeting__starts_at__lt=meeting.starts_at,
    )
    if met := before["starts_at__max"]:
        earlier &= OPEN | Q(ended_at__gte=met)
    found = Action.objects.visible_to(user).filter(Q(given_at__item__meeting=meeting) | earlier)
    shown = found.select_related("owner", "person").prefetch_related("escalations")
    next_on = local_day(next_at) if next_at else None
    group = _grouping(local_day(at), next_on)
    groups: dict[str, list[Action]] = {name: [] for name in GROUPS}
    for action in shown.order_by("due_on", "pk"):
        groups[group(action)].append(action)
    return OfMeeting(groups, next_on)


def _grouping(today: dt.date, next_on: dt.date | None) -> Callable[[Action], str]:
    def group(action: Action) -> str:
        if not action.is_outstanding:
            return "done"
        if action.due_on < today:
            return "late"
        return "due" if next_on and action.due_on <= next_on else "open"

    return group
