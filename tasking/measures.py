"""What is counted of meetings. Who publishes it composes these; nobody counts the tables again."""

import datetime as dt

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from csp.actions.enums import ActionStatus
from csp.agencies.measures import Breakdown, Measure, Part, register, within
from csp.agencies.models import Partnership
from csp.core.calendar import Period
from tasking.enums import HELD, ItemKind, ItemStatus, SeriesKind
from tasking.models import AgendaItem, Attendance, ItemAction, Meeting, MeetingPartner

ROOM = "meetings"
WHOLE = "The whole partnership"
SUBJECTS = ("case", "person")
CARRIED_AT_MOST = 3
"""Items that one is followed back over: a place referred anew is another matter, one carried over is not."""
NEVER_DUE = (ActionStatus.NOT_NEEDED, ActionStatus.TRANSFERRED)


def by_kind(way: str) -> Breakdown:
    kind = f"{way}series__kind"
    return Breakdown("kind", "Kind of meeting", kind, kind, tuple(SeriesKind.choices))


def by_agency(way: str) -> Breakdown:
    return Breakdown("agency", "Agency", way, f"{way}__name")


def meetings_held(partnership: Partnership, period: Period) -> QuerySet[Meeting]:
    return Meeting.objects.held().filter(within("starts_at", period), partnership=partnership)


def _discussed(partnership: Partnership, period: Period) -> QuerySet[AgendaItem]:
    items = AgendaItem.objects.exclude(status=ItemStatus.WITHDRAWN).exclude(kind=ItemKind.STANDING)
    held = Q(within("meeting__starts_at", period), meeting__status__in=HELD)
    return items.filter(held, partnership=partnership, discussed_at__isnull=False)


def cases_discussed(partnership: Partnership, period: Period) -> QuerySet[AgendaItem]:
    """The first item of each in the period: carried over or referred anew, those after it do not count."""
    subject = Q()
    for name in SUBJECTS:
        subject |= Q(**{name: OuterRef(name)})
    earlier = Q(meeting__starts_at__lt=OuterRef("meeting__starts_at")) | Q(
        meeting__starts_at=OuterRef("meeting__starts_at"), pk__lt=OuterRef("pk")
    )
    carried = Q()
    for steps in range(1, CARRIED_AT_MOST + 1):
        carried |= Q(pk=OuterRef("__".join(["previous"] * steps)))
    here = _discussed(partnership, period)
    return here.filter(~Exists(here.filter(subject, earlier)), ~Exists(here.filter(carried)))


def with_outcomes(partnership: Partnership, period: Period) -> QuerySet[AgendaItem]:
    noted = AgendaItem.outcomes.through.objects.filter(agendaitem=OuterRef("pk"))
    return _discussed(partnership, period).filter(Exists(noted))


def actions_given(partnership: Partnership, period: Period) -> QuerySet[ItemAction]:
    given = ItemAction.objects.exclude(action__status=ActionStatus.TRANSFERRED)
    return given.filter(within("item__meeting__starts_at", period), action__partnership=partnership)


def actions_due(partnership: Partnership, period: Period) -> QuerySet[ItemAction]:
    """Up to yesterday: what is due today can still be done in time."""
    last = min(period.last, timezone.localdate() - dt.timedelta(days=1))
    given = ItemAction.objects.exclude(action__status__in=NEVER_DUE)
    due = Q(action__due_on__gte=period.first, action__due_on__lte=last)
    return given.filter(due, action__partnership=partnership)


def seats(partnership: Partnership, period: Period) -> QuerySet[MeetingPartner]:
    held = Q(within("meeting__starts_at", period), meeting__status__in=HELD)
    return MeetingPartner.objects.filter(held, meeting__partnership=partnership)


def returns_asked(partnership: Partnership, period: Period) -> QuerySet[MeetingPartner]:
    return seats(partnership, period).exclude(partner=F("meeting__lead"))


SOMEBODY_CAME = Exists(
    Attendance.objects.came().filter(meeting=OuterRef("meeting"), partner=OuterRef("partner"))
)
DONE_IN_TIME = Q(action__status=ActionStatus.COMPLETE, action__ended_at__date__lte=F("action__due_on"))

MEASURES = (
    Measure(
        name="meetings-held",
        label="Meetings held",
        unit="meetings",
        one="meeting",
        rule="Meetings that took place in the period. One that was cancelled does not count.",
        room=ROOM,
        records=meetings_held,
        date_field="starts_at",
        breakdowns=(by_kind(""), Breakdown("area", "Area", "area", "area__name", without=WHOLE)),
    ),
    Measure(
        name="cases-discussed",
        label="Cases discussed",
        unit="cases",
        one="case",
        rule="Cases, people and places that meetings of the period discussed. Each counts once, at the "
        "first of those meetings, however many it came back to. A place that is referred anew counts anew. "
        "Standing items do not count. One destroyed under the retention schedule still counts.",
        room=ROOM,
        records=cases_discussed,
        date_field="meeting__starts_at",
        breakdowns=(
            by_kind("meeting__"),
            Breakdown("area", "Area", "area", "area__name", without=WHOLE),
            Breakdown("issue", "Issue", "issue", "issue__label"),
        ),
        adds_up=False,
        kept=True,
    ),
    Measure(
        name="meeting-outcomes",
        label="Cases with an outcome",
        unit="cases",
        one="case",
        rule="Cases, people and places for which a meeting of the period noted an outcome. One with several "
        "outcomes counts once for each, so they add up to more than the cases. One that came back to a "
        "later meeting counts again where that noted an outcome. One destroyed under the retention "
        "schedule still counts.",
        room=ROOM,
        records=with_outcomes,
        date_field="meeting__starts_at",
        breakdowns=(
            by_kind("meeting__"),
            Breakdown("outcome", "Kind of outcome", "outcomes", "outcomes__label"),
        ),
        kept=True,
    ),
    Measure(
        name="meeting-actions",
        label="Actions given",
        unit="actions",
        one="action",
        rule="Actions that meetings of the period gave to agencies. One that moved to another agency counts "
        "there alone. One destroyed under the retention schedule still counts.",
        room=ROOM,
        records=actions_given,
        date_field="item__meeting__starts_at",
        breakdowns=(by_kind("item__meeting__"), by_agency("action__owner")),
        kept=True,
    ),
    Measure(
        name="meeting-actions-due",
        label="Actions due",
        unit="actions",
        one="action",
        rule="Actions given at meetings that were due in the period, up to yesterday. On time are those "
        "done by the day they were due, with more time where it was agreed. Those no longer required do "
        "not count. One destroyed under the retention schedule still counts.",
        room=ROOM,
        records=actions_due,
        date_field="action__due_on",
        breakdowns=(by_kind("item__meeting__"), by_agency("action__owner")),
        to_yesterday=True,
        part=Part("done on time", DONE_IN_TIME),
        kept=True,
    ),
    Measure(
        name="meeting-attendance",
        label="Attendance",
        unit="invitations",
        one="invitation",
        rule="Agencies invited to the meetings of the period, each once for each meeting. It attended where "
        "at least one person came for it, deputies included.",
        room=ROOM,
        records=seats,
        date_field="meeting__starts_at",
        breakdowns=(by_kind("meeting__"), by_agency("partner")),
        part=Part("attended", SOMEBODY_CAME),
    ),
    Measure(
        name="meeting-returns",
        label="Returns",
        unit="returns asked for",
        one="return asked for",
        rule="Agencies invited to the meetings of the period, each once for each meeting, without the team "
        "that runs it. It counts as sent where the agency sent its return.",
        room=ROOM,
        records=returns_asked,
        date_field="meeting__starts_at",
        breakdowns=(by_kind("meeting__"), by_agency("partner")),
        part=Part("sent", Q(sent_at__isnull=False)),
    ),
)


def join_in() -> None:
    register(MEASURES)
