from celery import shared_task

from cases.tasks.reports import TRIES


@shared_task(name="cases.tell_share", **TRIES)
def tell_share(*, share_id: int, by_id: int | None = None, **_future: object) -> None:
    """Tell both sides that a case is shared, or no longer."""
    from cases.services import sharing_news  # noqa: PLC0415 -- task

    sharing_news.share(share_id=share_id, by_id=by_id)


@shared_task(name="cases.tell_access_request", **TRIES)
def tell_access_request(*, request_id: int, news: str, **_future: object) -> None:
    """Tell the side that waits that somebody asked for access, answered, or took it back."""
    from cases.services import sharing_news  # noqa: PLC0415 -- task

    sharing_news.access_request(request_id=request_id, news=news)


@shared_task(name="cases.tell_glass_broken", **TRIES)
def tell_glass_broken(*, named_id: int, **_future: object) -> None:
    """Tell the managers that somebody opened a restricted case in an emergency."""
    from cases.services import sharing_news  # noqa: PLC0415 -- task

    sharing_news.glass_broken(named_id=named_id)
