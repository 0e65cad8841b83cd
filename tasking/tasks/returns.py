from smtplib import SMTPException

from celery import shared_task

LATER = {"autoretry_for": (OSError, SMTPException), "retry_backoff": 60, "max_retries": 8}
"""The mail server may be away for a while."""


@shared_task(name="tasking.chase_returns")
def chase_returns(**_future: object) -> None:
    """Every morning, from CELERY_BEAT_SCHEDULE. Safe to run twice: the service stamps each reminder."""
    from django.utils import timezone  # noqa: PLC0415 -- task

    from tasking.services import return_chasing  # noqa: PLC0415 -- task

    for seat_id in return_chasing.seats_to_chase(today=timezone.localdate()):
        remind_of_return.delay(seat_id=seat_id)


@shared_task(name="tasking.remind_of_return", **LATER)
def remind_of_return(*, seat_id: int, **_future: object) -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task

    from tasking.services import return_chasing  # noqa: PLC0415 -- task

    return_chasing.remind(seat_id=seat_id, at=timezone.now())


@shared_task(name="tasking.tell_return_missing", **LATER)
def tell_return_missing(*, seat_id: int, **_future: object) -> None:
    """The chair asked for it."""
    from django.utils import timezone  # noqa: PLC0415 -- task

    from tasking.services import return_chasing  # noqa: PLC0415 -- task

    return_chasing.tell_missing(seat_id=seat_id, at=timezone.now())


@shared_task(name="tasking.discard_return_drafts")
def discard_return_drafts(**_future: object) -> None:
    """Every night: words that were never sent, once their meeting is long over."""
    from django.utils import timezone  # noqa: PLC0415 -- task

    from tasking.services import returns  # noqa: PLC0415 -- task

    returns.discard_old_drafts(at=timezone.now())
