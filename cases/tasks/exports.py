from celery import shared_task


@shared_task(name="cases.write_export")
def write_export(*, long_task_id: str, export_id: int, **_future: object) -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task

    from cases.services import exports  # noqa: PLC0415 -- task
    from csp.core import progress  # noqa: PLC0415 -- task

    with progress.running(long_task_id) as bar:
        if bar is not None:
            exports.carry_out(export_id=export_id, bar=bar, at=timezone.now())


@shared_task(name="cases.delete_old_exports")
def delete_old_exports(**_future: object) -> None:
    """Every night, from CELERY_BEAT_SCHEDULE."""
    from django.utils import timezone  # noqa: PLC0415 -- task

    from cases.services import exports  # noqa: PLC0415 -- task

    exports.delete_old_exports(at=timezone.now())
