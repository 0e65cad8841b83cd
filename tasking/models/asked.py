"""What the return of an agency is asked about: items tabled for it, and actions it has to answer.

A handful of queries, however many meetings, agencies, items and actions.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, Subquery

from cases.models import Case, CaseGroupPermission, CaseNamed
from csp.actions.enums import UpdateKind
from csp.actions.models import Action, ActionUpdate
from csp.agencies.access import codename
from csp.agencies.enums import ShareLevel
from csp.agencies.models import Membership, User
from tasking.enums import HELD, ItemKind, ItemStatus
from tasking.models.agenda import AgendaItem, AgendaItemGroupPermission, ItemAnswer
from tasking.models.meetings import Meeting, MeetingPartner

ANSWERS = (UpdateKind.PROGRESS, UpdateKind.MORE_TIME)
"""What an agency may have said of an action that it still has."""


@dataclass
class Asked:
    """Of one agency at one meeting, as far as one reader may see it."""

    seat: MeetingPartner
    items: list[int] = field(default_factory=list)
    """Those that want an answer. A standing item may have one."""
    standing: list[int] = field(default_factory=list)
    answered_items: set[int] = field(default_factory=set)
    actions: list[int] = field(default_factory=list)
    answered_actions: set[int] = field(default_factory=set)
    """Those of which the agency said something since the series met last."""

    @property
    def items_waiting(self) -> int:
        return len(set(self.items) - self.answered_items)

    @property
    def actions_waiting(self) -> int:
        return len(set(self.actions) - self.answered_actions)

    @property
    def waiting(self) -> int:
        return self.items_waiting + self.actions_waiting

    @property
    def items_done(self) -> int:
        return len(self.items) - self.items_waiting

    @property
    def asks_anything(self) -> bool:
        return bool(self.items or self.actions)


class ItemRow(NamedTuple):
    pk: int
    group: int
    meeting: int
    case: int | None
    kind: str


class ActionRow(NamedTuple):
    pk: int
    owner: int
    due_on: dt.date
    target_type: int | None
    target: int | None
    series: int | None
    answered_at: dt.datetime | None


def asked_of(seats: Iterable[MeetingPartner], user: User) -> dict[int, Asked]:
    """By seat. The seats come with their meeting and partner."""
    asked = {seat.pk: Asked(seat) for seat in seats}
    if not asked:
        return asked
    items, actions = _items(asked.values(), user), _actions(asked.values(), user)
    met = _met_before(asked)
    given = ItemAnswer.objects.filter(seat__in=asked).exclude(known="").values_list("seat", "item")
    answers = set(given)
    for each in asked.values():
        _fill_items(each, items, answers)
        _fill_actions(each, items, actions, met[each.seat.pk])
    return asked


def _items(asked: Iterable[Asked], user: User) -> list[ItemRow]:
    """Each item with each agency it is open to, among those the reader may see."""
    seats = [each.seat for each in asked]
    visible = AgendaItem.objects.visible_to(user).filter(meeting__in={seat.meeting_id for seat in seats})
    case = OuterRef("content_object__case")
    opens_case = CaseGroupPermission.objects.filter(
        content_object=case, group=OuterRef("group"), permission__codename=codename(Case, ShareLevel.SUMMARY)
    )
    works_there = Membership.objects.filter(user=OuterRef("user"), partner__group=OuterRef(OuterRef("group")))
    named = CaseNamed.objects.current().filter(Exists(works_there), case=case)
    rows = AgendaItemGroupPermission.objects.filter(
        Q(content_object__case=None) | Exists(opens_case),
        Q(content_object__case=None) | Q(content_object__case__restricted=False) | Exists(named),
        group__in={seat.partner.group_id for seat in seats},
        permission__codename=codename(AgendaItem, ShareLevel.SUMMARY),
        content_object__in=visible.exclude(status=ItemStatus.WITHDRAWN),
    )
    wanted = (
        "content_object",
        "group",
        "content_object__meeting",
        "content_object__case",
        "content_object__kind",
    )
    return [ItemRow(*row) for row in rows.order_by("content_object__position", "pk").values_list(*wanted)]


def _actions(asked: Iterable[Asked], user: User) -> list[ActionRow]:
    latest = ActionUpdate.objects.filter(action=OuterRef("pk"), kind__in=ANSWERS).order_by("-pk").values("at")
    rows = (
        Action.objects.visible_to(user)
        .outstanding()
        .owned_by({each.seat.partner_id for each in asked})
        .annotate(answered_at=Subquery(latest[:1]))
        .order_by("due_on", "pk")
    )
    wanted = (
        "pk",
        "owner",
        "due_on",
        "target_type",
        "target_id",
        "given_at__item__meeting__series",
        "answered_at",
    )
    return [ActionRow(*row) for row in rows.values_list(*wanted)]


def _met_before(asked: dict[int, Asked]) -> dict[int, dt.datetime | None]:
    """When the series of each seat's meeting met before it."""
    earlier = Meeting.objects.filter(
        series=OuterRef("meeting__series"), status__in=HELD, starts_at__lt=OuterRef("meeting__starts_at")
    )
    last = Subquery(earlier.order_by("-starts_at").values("starts_at")[:1])
    return dict(MeetingPartner.objects.filter(pk__in=asked).annotate(met=last).values_list("pk", "met"))


def _fill_items(asked: Asked, items: list[ItemRow], answers: set[tuple[Any, ...]]) -> None:
    for row in _rows_for(asked.seat, items):
        (asked.standing if row.kind == ItemKind.STANDING else asked.items).append(row.pk)
        if (asked.seat.pk, row.pk) in answers:
            asked.answered_items.add(row.pk)


def _rows_for(seat: MeetingPartner, items: list[ItemRow]) -> list[ItemRow]:
    return [row for row in items if row.meeting == seat.meeting_id and row.group == seat.partner.group_id]


def _fill_actions(
    asked: Asked, items: list[ItemRow], actions: list[ActionRow], met: dt.datetime | None
) -> None:
    seat, own = asked.seat, _rows_for(asked.seat, items)
    of_case, of_item = (ContentType.objects.get_for_model(model).pk for model in (Case, AgendaItem))
    targets = {(of_case, row.case) for row in own} | {(of_item, row.pk) for row in own}
    day, series = seat.meeting.day, seat.meeting.series_id
    for row in actions:
        if row.owner != seat.partner_id:
            continue
        if row.due_on > day and row.series != series and (row.target_type, row.target) not in targets:
            continue
        asked.actions.append(row.pk)
        if row.answered_at is not None and (met is None or row.answered_at >= met):
            asked.answered_actions.add(row.pk)
