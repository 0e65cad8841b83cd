"""Deleting rows for good, with every version that their history keeps."""

from functools import partial
from typing import Any

import pgtrigger
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Model, Q

from csp.actions.models import Action, ActionFile

OF_ACTION: dict[str, str] = {
    "actions.ActionFile": "action",
    "actions.ActionGroupPermission": "content_object",
    "actions.ActionNamed": "action",
    "actions.ActionUpdate": "action",
}
"""Rows that go with an action, and the way from them to it. Rooms add theirs."""


def erase(label: str, which: Q) -> None:
    """The rows and every version that their history keeps. Deferred foreign keys are checked at the end."""
    model: Any = apps.get_model(label)
    ids = list(model._default_manager.filter(which).values_list("pk", flat=True))
    if not ids:
        return
    history = getattr(model, "pgh_event_model", None)
    with connection.cursor() as cursor:
        if history is not None:
            with pgtrigger.ignore(f"{history._meta.label}:append_only"):
                _delete(cursor, history, "pgh_obj_id", ids)
        _delete(cursor, model, model._meta.pk.column, ids)


def _delete(cursor: Any, model: type[Model], column: str, ids: list[int]) -> None:
    cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE "{column}" = ANY(%s)', [ids])  # noqa: S608 -- ours


def actions_of(model: type[Model], ids: list[int]) -> Q:
    return Q(target_type=ContentType.objects.get_for_model(model), target_id__in=ids)


def erase_actions(model: type[Model], ids: list[int]) -> None:
    """Those that hang on records of `model`."""
    actions = list(Action.objects.filter(actions_of(model, ids)).values_list("pk", flat=True))
    keep_files_until_committed(ActionFile.objects.filter(action__in=actions))
    for label, way in OF_ACTION.items():
        erase(label, Q(**{f"{way}__in": actions}))
    erase("actions.Action", Q(pk__in=actions))


def keep_files_until_committed(*found: Any) -> None:
    """Files go once the rows are gone for good: a roll-back leaves both."""
    for stored in [each.file for files in found for each in files]:
        transaction.on_commit(partial(stored.delete, save=False))
