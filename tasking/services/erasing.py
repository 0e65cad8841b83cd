"""What meetings hold of a destroyed case or person: items of agendas, and referrals that brought them there.

An item cannot stay without what it is about, so it goes whole. The case's tombstone keeps what is counted.
"""

import datetime as dt
from typing import Any

from django.db.models import Q

from cases.models import Case
from cases.services import erasing_rooms
from cases.services.erasing_rows import actions_of, erase, erase_actions, keep_files_until_committed
from csp.actions.models import Action
from csp.core.calendar import local_day
from tasking.models import AgendaItem, Meeting, Pack, Referral

ITEM, REFERRAL = AgendaItem._meta.label, Referral._meta.label
OF_ITEM: dict[str, str] = {
    "tasking.AgendaItemGroupPermission": "content_object",
    "tasking.AgendaItem_outcomes": "agendaitem",
    "tasking.ItemAction": "item",
    "tasking.ItemAnswer": "item",
    "tasking.ItemShare": "record",
    "tasking.ReturnDraft": "item",
}
"""Rows that go with an item, and the way from them to it."""
OF_REFERRAL: dict[str, str] = {"tasking.Referral_needed_by": "referral"}
OF_ACTION: dict[str, str] = {
    "tasking.Escalation": "action",
    "tasking.ItemAction": "action",
    "tasking.ReturnDraft": "action",
}


def erase_items(about: Q) -> None:
    """Items and referrals about these cases or people, and the papers that were made of those meetings."""
    items, referrals = AgendaItem.objects.filter(about), Referral.objects.filter(about)
    ids, referred = (list(found.values_list("pk", flat=True)) for found in (items, referrals))
    _forget_papers(set(items.values_list("meeting", flat=True)))
    AgendaItem.objects.filter(previous__in=ids).exclude(pk__in=ids).update(previous=None)
    AgendaItem.objects.filter(referral__in=referred).exclude(pk__in=ids).update(referral=None)
    Meeting.objects.filter(current_item__in=ids).update(current_item=None)
    erase_actions(AgendaItem, ids)
    for label, way in OF_ITEM.items():
        erase(label, Q(**{f"{way}__in": ids}))
    erase(ITEM, Q(pk__in=ids))
    for label, way in OF_REFERRAL.items():
        erase(label, Q(**{f"{way}__in": referred}))
    erase(REFERRAL, Q(pk__in=referred))


def counted_rows(about: Q) -> dict[str, Q]:
    """What measures count of items about these cases or people."""
    items = list(AgendaItem.objects.filter(about).values_list("pk", flat=True))
    actions = list(Action.objects.filter(actions_of(AgendaItem, items)).values_list("pk", flat=True))
    return {
        ITEM: Q(pk__in=items),
        "tasking.ItemAction": Q(item__in=items) | Q(action__in=actions),
        "actions.Action": Q(pk__in=actions),
    }


def _forget_papers(meetings: set[int]) -> None:
    """The files go; that there were papers, and how often they were made, stays. They can be made again."""
    packs = Pack.objects.filter(meeting__in=meetings).exclude(file="")
    keep_files_until_committed(list(packs))
    packs.update(file="", built_at=None, size=0, sha256="", fingerprint="")


def at_meetings(case: Case) -> dict[str, Any]:
    """What figures count of its items: when they were discussed, in which area, and with which outcomes."""
    items = AgendaItem.objects.filter(case=case, discussed_at__isnull=False)
    return {
        "meetings": [
            {
                "on": local_day(item.meeting.starts_at).isoformat(),
                "area": item.area_id,
                "issue": item.issue.code if item.issue else "",
                "outcomes": sorted(outcome.code for outcome in item.outcomes.all()),
            }
            for item in items.select_related("meeting", "issue").prefetch_related("outcomes").order_by("pk")
        ]
    }


def keeping(label: str, until: dt.datetime) -> Q:
    """Rows that keep a person, where `until` is when the destroyed record ended.

    What meetings said of somebody before that is as old as the record, and keeps nobody.
    """
    return Q(meeting__starts_at__gt=until) if label in (ITEM, REFERRAL) else Q()


def join_in() -> None:
    erasing_rooms.register(erasing_rooms.Room(erase_items, at_meetings, keeping, OF_ACTION, counted_rows))
