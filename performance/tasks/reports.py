from celery import shared_task


@shared_task(name="performance.build_report")
def build_report(*, long_task_id: str, report_id: int, **_future: object) -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task

    from csp.core import progress  # noqa: PLC0415 -- task
    from performance.services import report_building  # noqa: PLC0415 -- task

    with progress.running(long_task_id) as bar:
        if bar is not None:
            report_building.carry_out(report_id=report_id, bar=bar, at=timezone.now())
