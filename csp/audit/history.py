"""Row history: each version of a casework row, who wrote it and in which request or task."""

from contextlib import suppress
from typing import Any

import pghistory
import pghistory.middleware
import pghistory.models
import pgtrigger
from django.http import HttpRequest

from csp.core.request import current_request_id

NEVER_REMOVED = "History, events and seals are never removed"


def no_truncate() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="no_truncate",
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        func=f"RAISE EXCEPTION '{NEVER_REMOVED}';",
    )


class Event(pghistory.models.Event):
    """Base of every history table. The library refuses UPDATE and DELETE; we refuse TRUNCATE as well."""

    class Meta:
        abstract = True

    @classmethod
    def pghistory_setup(cls) -> None:
        super().pghistory_setup()
        no_truncate().register(cls)  # type: ignore[arg-type]  # means the class


class HistoryMiddleware(pghistory.middleware.HistoryMiddleware):
    """History names the user and the request. Not its address, which may hold what was searched for."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        return {"user": request.user.pk, "request": current_request_id()}


def begin_task(task_id: str, task: Any, **_signal: Any) -> None:
    """What a task writes goes under its name and the request that asked for it."""
    request_id = getattr(task.request, "request_id", None) or task_id
    task.request.history = pghistory.context(task=task.name, request=request_id)
    task.request.history.__enter__()


def end_task(task: Any, **_signal: Any) -> None:
    with suppress(AttributeError):  # it never began
        task.request.history.__exit__(None, None, None)
