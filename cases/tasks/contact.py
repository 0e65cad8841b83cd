from celery import shared_task

from cases.tasks.reports import TRIES


@shared_task(name="cases.remind_updates")
def remind_updates(**_future: object) -> None:
    """Every morning, from CELERY_BEAT_SCHEDULE. Safe to run twice: the service stamps each reminder."""
    from django.utils import timezone  # noqa: PLC0415 -- task

    from cases.services import reminders  # noqa: PLC0415 -- task

    for case_id in reminders.updates_to_remind(today=timezone.localdate()):
        remind_update.delay(case_id=case_id)


@shared_task(name="cases.remind_update", **TRIES)
def remind_update(*, case_id: int, **_future: object) -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task

    from cases.services import reminders  # noqa: PLC0415 -- task

    reminders.remind_of_update(case_id=case_id, today=timezone.localdate())


@shared_task(name="cases.tell_case_closed", **TRIES)
def tell_case_closed(*, closure_id: int, **_future: object) -> None:
    """Tell the agencies that see the case that it is closed."""
    from django.utils import timezone  # noqa: PLC0415 -- task

    from cases.services import reminders  # noqa: PLC0415 -- task

    reminders.tell_case_closed(closure_id=closure_id, at=timezone.now())


@shared_task(name="cases.tell_closing_answered", **TRIES)
def tell_closing_answered(*, closure_id: int, **_future: object) -> None:
    """Tell who proposed to close a case that a manager has answered."""
    from cases.services import reminders  # noqa: PLC0415 -- task

    reminders.tell_closing_answered(closure_id=closure_id)
