from django.db.models import TextChoices


class ActionStatus(TextChoices):
    OPEN = "open", "Open"
    IN_PROGRESS = "in_progress", "In progress"
    COMPLETE = "complete", "Complete"
    NOT_NEEDED = "not_needed", "No longer required"
    TRANSFERRED = "transferred", "Transferred"


ACTION_TRANSITIONS: dict[str, set[str]] = {
    ActionStatus.OPEN: {
        ActionStatus.IN_PROGRESS,
        ActionStatus.COMPLETE,
        ActionStatus.NOT_NEEDED,
        ActionStatus.TRANSFERRED,
    },
    ActionStatus.IN_PROGRESS: {
        ActionStatus.OPEN,
        ActionStatus.COMPLETE,
        ActionStatus.NOT_NEEDED,
        ActionStatus.TRANSFERRED,
    },
    ActionStatus.COMPLETE: {ActionStatus.IN_PROGRESS},
    ActionStatus.NOT_NEEDED: {ActionStatus.OPEN},
    ActionStatus.TRANSFERRED: {ActionStatus.OPEN},
}
OUTSTANDING = (ActionStatus.OPEN, ActionStatus.IN_PROGRESS)
