"""Work of the cases room in the background. Each task takes ids, calls one service and may run twice."""

from celery import shared_task

TRIES = {"autoretry_for": (OSError,), "retry_backoff": 30, "retry_backoff_max": 1800, "max_retries": 8}
"""A mail server that is away comes back: wait longer each time."""


@shared_task(name="cases.send_contact", **TRIES)
def send_contact(*, contact_id: int, **_future: object) -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task

    from cases.services import messages  # noqa: PLC0415 -- task

    messages.send(contact_id=contact_id, at=timezone.now())


@shared_task(name="cases.send_waiting_contacts")
def send_waiting_contacts(**_future: object) -> None:
    """Every ten minutes, from CELERY_BEAT_SCHEDULE: what a worker left behind when it died."""
    from django.utils import timezone  # noqa: PLC0415 -- task

    from cases.services import messages  # noqa: PLC0415 -- task

    messages.send_waiting(at=timezone.now())


@shared_task(name="cases.chase_triage", **TRIES)
def chase_triage(**_future: object) -> None:
    """Every hour, from CELERY_BEAT_SCHEDULE. Safe to run twice: each report is told of once."""
    from django.utils import timezone  # noqa: PLC0415 -- task

    from cases.services import chasing  # noqa: PLC0415 -- task

    chasing.chase_triage(at=timezone.now())


@shared_task(name="cases.discard_old_drafts")
def discard_old_drafts(**_future: object) -> None:
    """Every night, from CELERY_BEAT_SCHEDULE."""
    from django.utils import timezone  # noqa: PLC0415 -- task

    from cases.services import drafts  # noqa: PLC0415 -- task

    drafts.discard_old_drafts(at=timezone.now())


@shared_task(name="cases.run_import")
def run_import(*, long_task_id: str, run_id: int, **_future: object) -> None:
    from cases.services.imports import runs  # noqa: PLC0415 -- task
    from csp.core import progress  # noqa: PLC0415 -- task

    with progress.running(long_task_id) as bar:
        if bar is not None:
            runs.carry_out(run_id=run_id, bar=bar)
