from celery import shared_task

from csp.core.errors import RuleBroken


@shared_task(
    name="audit.seal_yesterday",
    autoretry_for=(RuleBroken,),
    retry_backoff=60,
    retry_backoff_max=900,
    max_retries=12,
)
def seal_yesterday(**_future: object) -> None:
    """Every night, from CELERY_BEAT_SCHEDULE. Safe to run twice: a day is sealed once."""
    from csp.audit import seals  # noqa: PLC0415 -- task

    seals.seal_up_to_yesterday()
