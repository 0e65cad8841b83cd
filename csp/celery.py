"""The Celery application: work in the background and on a schedule."""

import os
from typing import Any

from celery import Celery
from celery.signals import (
    beat_init,
    before_task_publish,
    celeryd_after_setup,
    setup_logging,
    task_postrun,
    task_prerun,
)

from csp.core.memory import keep_loaded
from csp.core.request import current_request_id, set_request_id
from csp.logging import configure

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "csp.settings")

app = Celery("csp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_like_the_web(**_signal: Any) -> None:
    """Celery would set up its own logging, which prints what tasks return."""
    configure()


@celeryd_after_setup.connect
@beat_init.connect
def keep_what_is_loaded(**_signal: Any) -> None:
    """The tasks are loaded, and no process of the pool forked yet."""
    keep_loaded()


@before_task_publish.connect
def send_request_id(headers: dict[str, Any], **_signal: Any) -> None:
    headers["request_id"] = current_request_id()


@task_prerun.connect
def take_request_id(task_id: str, task: Any, **_signal: Any) -> None:
    """A task carries on under the id of the request that asked for it, so that one search finds both."""
    set_request_id(getattr(task.request, "request_id", None) or task_id)


@task_postrun.connect
def drop_request_id(**_signal: Any) -> None:
    set_request_id("")
