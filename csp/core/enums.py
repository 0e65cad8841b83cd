from django.db.models import TextChoices


class LongTaskStatus(TextChoices):
    QUEUED = "QUEUED", "Waiting to start"
    RUNNING = "RUNNING", "Running"
    DONE = "DONE", "Done"
    FAILED = "FAILED", "Failed"


LONG_TASK_TRANSITIONS: dict[str, set[str]] = {
    LongTaskStatus.QUEUED: {LongTaskStatus.RUNNING, LongTaskStatus.FAILED},
    LongTaskStatus.RUNNING: {LongTaskStatus.DONE, LongTaskStatus.FAILED, LongTaskStatus.QUEUED},
    LongTaskStatus.DONE: set(),
    LongTaskStatus.FAILED: {LongTaskStatus.QUEUED},
}
