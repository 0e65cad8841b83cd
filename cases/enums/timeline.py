from django.db.models import TextChoices


class TimelineKind(TextChoices):
    """What the timeline of a case can be narrowed to."""

    CASE = "case", "The case itself"
    REPORT = "report", "Reports"
    NOTE = "note", "Notes"
    EVIDENCE = "evidence", "Evidence"
    CONTACT = "contact", "Contacts and letters"
    RISK = "risk", "Risk"
    POWER = "power", "Powers"
    ACTION = "action", "Actions"
    SHARING = "sharing", "Sharing and access"
