from celery import shared_task

TRIES = {"autoretry_for": (OSError,), "retry_backoff": 30, "retry_backoff_max": 1800, "max_retries": 8}


@shared_task(name="tasking.tell_meeting", **TRIES)
def tell_meeting(*, meeting_id: int, news: str, partner_id: int | None, key: str, **_future: object) -> None:
    """Tell one agency, or all that are invited, what became of a meeting."""
    from tasking import notifications  # noqa: PLC0415 -- task
    from tasking.models import Meeting  # noqa: PLC0415 -- task

    meeting = Meeting.objects.select_related("series").get(pk=meeting_id)
    notifications.meeting_news(meeting, news, partner_id=partner_id, key=key)


@shared_task(name="tasking.plan_ahead")
def plan_ahead(**_future: object) -> None:
    """Every night, from CELERY_BEAT_SCHEDULE: each running series has its dates for the months to come."""
    from django.utils import timezone  # noqa: PLC0415 -- task

    from tasking.services import planning  # noqa: PLC0415 -- task

    planning.plan_all_ahead(at=timezone.now())
