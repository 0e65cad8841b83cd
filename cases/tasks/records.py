from celery import shared_task


@shared_task(name="cases.discard_import_files")
def discard_import_files(**_future: object) -> None:
    """Every night, from CELERY_BEAT_SCHEDULE. Safe to run twice."""
    from django.utils import timezone  # noqa: PLC0415 -- task

    from cases.services import retention  # noqa: PLC0415 -- task

    retention.discard_import_files(at=timezone.now())
