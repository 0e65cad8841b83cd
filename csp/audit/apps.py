from celery.signals import task_postrun, task_prerun
from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "csp.audit"

    def ready(self) -> None:
        from csp.audit import history  # noqa: PLC0415 -- models are not loaded before

        task_prerun.connect(history.begin_task)
        task_postrun.connect(history.end_task)
