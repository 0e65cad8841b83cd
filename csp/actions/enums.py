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
        ActionStatus.COMPLETE,
        ActionStatus.NOT_NEEDED,
        ActionStatus.TRANSFERRED,
    },
    ActionStatus.COMPLETE: {ActionStatus.IN_PROGRESS},
    ActionStatus.NOT_NEEDED: {ActionStatus.OPEN},
    ActionStatus.TRANSFERRED: set(),
}
OUTSTANDING = (ActionStatus.OPEN, ActionStatus.IN_PROGRESS)


class UpdateKind(TextChoices):
    """What an update of an action tells."""

    GIVEN = "given", "Given"
    NOTE = "note", "Note"
    PROGRESS = "progress", "In progress"
    COMPLETE = "complete", "Done"
    NOT_NEEDED = "not_needed", "No longer required"
    MORE_TIME = "more_time", "More time asked for"
    TIME_AGREED = "time_agreed", "More time agreed"
    TIME_REFUSED = "time_refused", "More time refused"
    HANDED_BACK = "handed_back", "Handed back"
    TRANSFERRED = "transferred", "Transferred"
    REASSIGNED = "reassigned", "Person changed"
    CHANGED = "changed", "Changed"
    REOPENED = "reopened", "Reopened"


class Answer(TextChoices):
    """What an agency can say to an action, in the order in which the page asks."""

    PROGRESS = "progress", "We are doing it"
    COMPLETE = "complete", "It is done"
    MORE_TIME = "more_time", "We need more time"
    NOT_NEEDED = "not_needed", "It is no longer needed"
    CANNOT = "cannot", "We cannot do it"
    TRANSFER = "transfer", "Another agency should do it"
