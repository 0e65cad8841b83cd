from smtplib import SMTPException

from celery import shared_task
from django.utils import timezone

LATER = {"autoretry_for": (OSError, SMTPException), "retry_backoff": 60, "max_retries": 8}
"""The mail server may be away for a while."""


@shared_task(name="actions.tell", **LATER)
def tell(*, update_id: int, **_future: object) -> None:
    """Tell the other side what was said of an action."""
    from csp.actions import services  # noqa: PLC0415 -- task

    services.tell(update_id=update_id, at=timezone.now())


@shared_task(name="actions.chase")
def chase(**_future: object) -> None:
    """Every morning, from CELERY_BEAT_SCHEDULE. Safe to run twice: the service stamps each reminder."""
    from csp.actions import services  # noqa: PLC0415 -- task

    for action_id in services.ids_to_chase(today=timezone.localdate()):
        remind.delay(action_id=action_id)


@shared_task(name="actions.remind", **LATER)
def remind(*, action_id: int, **_future: object) -> None:
    from csp.actions import services  # noqa: PLC0415 -- task

    services.chase(action_id=action_id, today=timezone.localdate())
