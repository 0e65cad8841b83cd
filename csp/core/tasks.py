from celery import shared_task


@shared_task(name="core.resume_stopped_work")
def resume_stopped_work(**_future: object) -> None:
    """Every minute, from CELERY_BEAT_SCHEDULE: what a worker had in hand when it was killed."""
    from csp.core import progress  # noqa: PLC0415 -- task

    progress.resume_stopped()
