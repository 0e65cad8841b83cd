from cases.notifications.hand_overs import hand_over_news
from cases.notifications.reports import (
    SUBJECTS,
    case_review_words,
    decision_words,
    received_words,
    send_contact,
    triage_late,
)

__all__ = [
    "SUBJECTS",
    "case_review_words",
    "decision_words",
    "hand_over_news",
    "received_words",
    "send_contact",
    "triage_late",
]
