"""Powers run out and fall due while nobody looks."""

from celery import shared_task

from cases.tasks.reports import TRIES


@shared_task(name="cases.watch_powers", **TRIES)
def watch_powers(**_future: object) -> None:
    """Every hour, from CELERY_BEAT_SCHEDULE. Safe to run twice: each ends once and is told of once."""
    from django.utils import timezone  # noqa: PLC0415 -- task

    from cases.services import power_clocks  # noqa: PLC0415 -- task

    at = timezone.now()
    power_clocks.end_those_that_ran_out(at=at)
    power_clocks.remind(at=at)
