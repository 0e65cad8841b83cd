from celery import shared_task

TRIES = {"autoretry_for": (OSError,), "retry_backoff": 30, "retry_backoff_max": 1800, "max_retries": 8}


@shared_task(name="tasking.tell_referral", **TRIES)
def tell_referral(*, referral_id: int, news: str, **_future: object) -> None:
    """Tell the side that waits that something was referred, decided or withdrawn."""
    from tasking.services import referral_news  # noqa: PLC0415 -- task

    referral_news.tell(referral_id=referral_id, news=news)
