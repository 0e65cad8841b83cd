from celery import shared_task


@shared_task(name="performance.load_police_upload")
def load_police_upload(*, long_task_id: str, upload_id: int, **_future: object) -> None:
    from csp.core import progress  # noqa: PLC0415 -- task
    from performance.services import police_uploads  # noqa: PLC0415 -- task

    with progress.running(long_task_id) as bar:
        if bar is not None:
            police_uploads.carry_out(upload_id=upload_id, bar=bar)
