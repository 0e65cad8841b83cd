from smtplib import SMTPException

from celery import shared_task

LATER = {"autoretry_for": (OSError, SMTPException), "retry_backoff": 60, "max_retries": 8}
"""The mail server may be away for a while."""


@shared_task(name="tasking.tell_escalation", **LATER)
def tell_escalation(*, escalation_id: int, **_future: object) -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task

    from tasking.services import escalation  # noqa: PLC0415 -- task

    escalation.tell_lead(escalation_id=escalation_id, at=timezone.now())
