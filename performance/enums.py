from django.db.models import TextChoices


class MeasureKind(TextChoices):
    """What a measure of a plan's action asks for."""

    COUNT = "count", "A number"
    MILESTONE = "milestone", "A milestone, reached or not"
    NARRATIVE = "narrative", "Words"


class Frequency(TextChoices):
    MONTHLY = "monthly", "Every month"
    QUARTERLY = "quarterly", "Every quarter"
    YEARLY = "yearly", "Every year"
    ONCE = "once", "Once"


class Rating(TextChoices):
    ON_TRACK = "on_track", "On track"
    DELAYED = "delayed", "Delayed, with a plan to catch up"
    OFF_TRACK = "off_track", "Off track"
    COMPLETE = "complete", "Complete"
    NOT_STARTED = "not_started", "Not started"


class Youth(TextChoices):
    """Whether an action is for young people."""

    YES = "yes", "Youth focused"
    NO = "no", "Not youth focused"
    UNIVERSAL = "universal", "For everyone"


class Better(TextChoices):
    """Which way is good news. More reports may mean more trust, so many figures have none."""

    LESS = "less", "Less is better"
    MORE = "more", "More is better"
    NEITHER = "neither", "Neither is better"


class ReportKind(TextChoices):
    QUARTERLY = "quarterly", "Quarterly report"
    YEARLY = "yearly", "Yearly scrutiny report"


class ReportStatus(TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    SIGNED_OFF = "signed_off", "Signed off"
    PUBLISHED = "published", "Published"


REPORT_TRANSITIONS: dict[str, set[str]] = {
    ReportStatus.DRAFT: {ReportStatus.IN_REVIEW},
    ReportStatus.IN_REVIEW: {ReportStatus.DRAFT, ReportStatus.SIGNED_OFF},
    ReportStatus.SIGNED_OFF: {ReportStatus.DRAFT, ReportStatus.PUBLISHED},
    ReportStatus.PUBLISHED: set(),
}
FROZEN = frozenset({ReportStatus.SIGNED_OFF, ReportStatus.PUBLISHED})
"""Figures and words no longer change. Whoever finds a mistake later restates: a new report with a note."""
