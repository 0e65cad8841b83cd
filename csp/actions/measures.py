"""What is counted of all actions, wherever they were given."""

import datetime as dt

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from csp.actions.enums import ActionStatus
from csp.actions.models import Action
from csp.agencies.measures import Breakdown, Measure, Part, register, within
from csp.agencies.models import Partnership
from csp.core.calendar import Period

ROOM = "actions"
NEVER_DUE = (ActionStatus.NOT_NEEDED, ActionStatus.TRANSFERRED)


def given(partnership: Partnership, period: Period) -> QuerySet[Action]:
    asked = Action.objects.filter(within("asked_at", period), partnership=partnership)
    return asked.exclude(status=ActionStatus.TRANSFERRED)


def due(partnership: Partnership, period: Period) -> QuerySet[Action]:
    """Up to yesterday: what is due today can still be done in time."""
    last = min(period.last, timezone.localdate() - dt.timedelta(days=1))
    found = Action.objects.filter(due_on__gte=period.first, due_on__lte=last, partnership=partnership)
    return found.exclude(status__in=NEVER_DUE)


def late(partnership: Partnership, period: Period) -> QuerySet[Action]:
    return Action.objects.late(timezone.localdate()).filter(partnership=partnership)


BY_AGENCY = Breakdown("agency", "Agency", "owner", "owner__name")
IN_TIME = Q(status=ActionStatus.COMPLETE, ended_at__date__lte=F("due_on"))

MEASURES = (
    Measure(
        name="actions-given",
        label="Actions given",
        unit="actions",
        one="action",
        rule="Actions given to agencies in the period, at meetings, in cases or for reports. One that moved "
        "to another agency counts there alone. One destroyed under the retention schedule still counts.",
        room=ROOM,
        records=given,
        date_field="asked_at",
        breakdowns=(BY_AGENCY,),
        kept=True,
    ),
    Measure(
        name="actions-due",
        label="Actions due",
        unit="actions",
        one="action",
        rule="Actions that were due in the period, up to yesterday. On time are those done by the day they "
        "were due, with more time where it was agreed. Those no longer required do not count. One destroyed "
        "under the retention schedule still counts.",
        room=ROOM,
        records=due,
        date_field="due_on",
        breakdowns=(BY_AGENCY,),
        to_yesterday=True,
        part=Part("done on time", IN_TIME, missed="Not done on time"),
        kept=True,
    ),
    Measure(
        name="actions-late",
        label="Actions late",
        unit="actions",
        one="action",
        rule="Actions that are not done though they were due before today, as it stands now.",
        room=ROOM,
        records=late,
        date_field="due_on",
        breakdowns=(BY_AGENCY,),
        as_it_stands=True,
    ),
)


def join_in() -> None:
    register(MEASURES)
