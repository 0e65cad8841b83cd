from django.db.models import IntegerChoices, TextChoices


class SeriesKind(TextChoices):
    """Families of meetings. MARAC, Channel and the like are held elsewhere."""

    JOINT_TASKING = "joint_tasking", "Joint Tasking Meeting"
    NEIGHBOURHOOD = "neighbourhood", "Neighbourhood ASB meeting"
    VIOLENCE_REDUCTION = "violence", "Violence Reduction Hub"
    ANTI_SLAVERY = "anti_slavery", "Anti-slavery conference"
    PROFESSIONALS = "professionals", "Professionals' meeting"
    BOARD = "board", "Partnership board"


class Cadence(TextChoices):
    WEEKLY = "weekly", "Every week"
    FORTNIGHTLY = "fortnightly", "Every two weeks"
    MONTHLY = "monthly", "Every month, such as the second Tuesday"
    QUARTERLY = "quarterly", "Every three months"
    AD_HOC = "ad_hoc", "When it is needed"


class Weekday(IntegerChoices):
    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"


class WeekOfMonth(IntegerChoices):
    FIRST = 1, "First"
    SECOND = 2, "Second"
    THIRD = 3, "Third"
    FOURTH = 4, "Fourth"
    LAST = -1, "Last"


class MeetingStatus(TextChoices):
    PLANNED = "planned", "Planned"
    AGENDA_OPEN = "agenda_open", "Agenda open"
    PAPERS_OUT = "papers_out", "Papers out"
    IN_SESSION = "in_session", "In session"
    MINUTES_DRAFT = "minutes", "Minutes in draft"
    APPROVED = "approved", "Minutes approved"
    CANCELLED = "cancelled", "Cancelled"


MEETING_TRANSITIONS: dict[str, set[str]] = {
    MeetingStatus.PLANNED: {MeetingStatus.AGENDA_OPEN, MeetingStatus.CANCELLED},
    MeetingStatus.AGENDA_OPEN: {
        MeetingStatus.PAPERS_OUT,
        MeetingStatus.IN_SESSION,
        MeetingStatus.CANCELLED,
    },
    MeetingStatus.PAPERS_OUT: {
        MeetingStatus.AGENDA_OPEN,
        MeetingStatus.IN_SESSION,
        MeetingStatus.CANCELLED,
    },
    MeetingStatus.IN_SESSION: {MeetingStatus.MINUTES_DRAFT},
    MeetingStatus.MINUTES_DRAFT: {MeetingStatus.IN_SESSION, MeetingStatus.APPROVED},
    MeetingStatus.APPROVED: set(),
    MeetingStatus.CANCELLED: set(),
}
BEFORE = (MeetingStatus.PLANNED, MeetingStatus.AGENDA_OPEN, MeetingStatus.PAPERS_OUT)
"""It has not begun: its agenda, date and agencies can change."""
PREPARED = (MeetingStatus.AGENDA_OPEN, MeetingStatus.PAPERS_OUT)
"""Agencies refer, and answer what is on the agenda."""
HELD = (MeetingStatus.IN_SESSION, MeetingStatus.MINUTES_DRAFT, MeetingStatus.APPROVED)
WRITTEN_UP = (MeetingStatus.MINUTES_DRAFT, MeetingStatus.APPROVED)


class AttendanceStatus(TextChoices):
    PRESENT = "present", "Attending"
    DEPUTY = "deputy", "Attending as deputy"
    APOLOGIES = "apologies", "Apologies"
