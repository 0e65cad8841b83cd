from celery import shared_task

from cases.tasks.reports import TRIES


@shared_task(name="cases.tell_hand_over", **TRIES)
def tell_hand_over(*, hand_over_id: int, news: str, **_future: object) -> None:
    """Tell both sides that somebody asked, answered or took back the question."""
    from cases.services import hand_over_news  # noqa: PLC0415 -- task

    hand_over_news.tell(hand_over_id=hand_over_id, news=news)
