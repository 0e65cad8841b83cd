from smtplib import SMTPException

from celery import shared_task

LATER = {"autoretry_for": (OSError, SMTPException), "retry_backoff": 60, "max_retries": 8}
"""The mail server may be away for a while."""


@shared_task(name="performance.chase_plan_updates")
def chase_plan_updates(**_future: object) -> None:
    """Every morning, from CELERY_BEAT_SCHEDULE. Safe to run twice: the service stamps each reminder."""
    from django.utils import timezone  # noqa: PLC0415 -- task

    from performance.services import plan_chasing  # noqa: PLC0415 -- task

    for plan_id, partner_id, person_id in plan_chasing.to_chase(today=timezone.localdate()):
        remind_of_plan_updates.delay(plan_id=plan_id, partner_id=partner_id, person_id=person_id)


@shared_task(name="performance.remind_of_plan_updates", **LATER)
def remind_of_plan_updates(
    *, plan_id: int, partner_id: int | None = None, person_id: int | None = None, **_future: object
) -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task

    from performance.services import plan_chasing  # noqa: PLC0415 -- task

    plan_chasing.chase(plan_chasing.Waiting(plan_id, partner_id, person_id), at=timezone.now())


@shared_task(name="performance.tell_plan_chase", **LATER)
def tell_plan_chase(*, chase_id: int, to: str, **_future: object) -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task

    from performance.services import plan_chasing  # noqa: PLC0415 -- task

    plan_chasing.tell(chase_id=chase_id, to=to, at=timezone.now())
