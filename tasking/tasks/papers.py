from celery import shared_task

TRIES = {"autoretry_for": (OSError,), "retry_backoff": 30, "retry_backoff_max": 1800, "max_retries": 8}


@shared_task(name="tasking.build_pack")
def build_pack(*, long_task_id: str, pack_id: int, **_future: object) -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task

    from csp.core import progress  # noqa: PLC0415 -- task
    from tasking.services import papers  # noqa: PLC0415 -- task

    with progress.running(long_task_id) as bar:
        if bar is not None:
            papers.carry_out(pack_id=pack_id, bar=bar, at=timezone.now())


@shared_task(name="tasking.send_papers")
def send_papers(*, long_task_id: str, meeting_id: int, **_future: object) -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task

    from csp.core import progress  # noqa: PLC0415 -- task
    from tasking.services import papers  # noqa: PLC0415 -- task

    with progress.running(long_task_id) as bar:
        if bar is not None:
            papers.send(meeting_id=meeting_id, bar=bar, at=timezone.now())


@shared_task(name="tasking.tell_papers", **TRIES)
def tell_papers(*, seat_id: int, work: str, **_future: object) -> None:
    """Tell an agency that its papers are ready."""
    from django.utils import timezone  # noqa: PLC0415 -- task

    from tasking.services import papers  # noqa: PLC0415 -- task

    papers.tell(seat_id=seat_id, work=work, at=timezone.now())


@shared_task(name="tasking.delete_old_packs")
def delete_old_packs(**_future: object) -> None:
    """Every night, from CELERY_BEAT_SCHEDULE."""
    from django.utils import timezone  # noqa: PLC0415 -- task

    from tasking.services import papers  # noqa: PLC0415 -- task

    papers.delete_old(at=timezone.now())
