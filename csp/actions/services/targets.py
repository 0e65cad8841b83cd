"""What an action hangs on, for those who may see it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import Http404

from csp.actions.models import Action
from csp.agencies.access import find_record
from csp.agencies.models import User


@dataclass(frozen=True)
class Target:
    """What a page shows of the record."""

    label: str
    title: str
    url: str

    @classmethod
    def of(cls, record: Any) -> "Target":
        return cls(str(record), getattr(record, "title", ""), record.get_absolute_url())


def show_targets(actions: Iterable[Action], user: User) -> dict[int, Target]:
    """By action. One query for each kind of record, however many actions."""
    wanted: dict[int, list[Action]] = {}
    for action in actions:
        if action.target_type_id and action.target_id:
            wanted.setdefault(action.target_type_id, []).append(action)
    shown: dict[int, Target] = {}
    for type_id, hung in wanted.items():
        model: Any = ContentType.objects.get_for_id(type_id).model_class()
        visible = model.objects.visible_to(user).in_bulk([action.target_id for action in hung])
        shown |= {each.pk: Target.of(visible[each.target_id]) for each in hung if each.target_id in visible}
    return shown


def find_target(reference: str, user: User) -> Any:
    """The record that a new action shall hang on. To somebody who may not see it, it is not there.

    A record that is about another says so in `hangs_on`: an action is restricted when that is.
    """
    record = find_record(reference)
    if record is None or not type(record).objects.visible_to(user).filter(pk=record.pk).exists():
        raise Http404
    return getattr(record, "hangs_on", record)
