from celery import shared_task

from cases.tasks.reports import TRIES


@shared_task(name="cases.tell_of_high_risk", **TRIES)
def tell_of_high_risk(*, assessment_id: int, **_future: object) -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task

    from cases.services import risk_chasing  # noqa: PLC0415 -- task

    risk_chasing.tell_of_high_risk(assessment_id=assessment_id, at=timezone.now())


@shared_task(name="cases.remind_of_risk_reviews", **TRIES)
def remind_of_risk_reviews(**_future: object) -> None:
    """Every morning, from CELERY_BEAT_SCHEDULE. Safe to run twice: each date is told of once."""
    from django.utils import timezone  # noqa: PLC0415 -- task

    from cases.services import risk_chasing  # noqa: PLC0415 -- task

    risk_chasing.remind_of_reviews(at=timezone.now())
