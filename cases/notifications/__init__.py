from cases.notifications.contact import (
    GAP,
    case_closed,
    case_subject,
    case_words,
    closing_answered,
    update_due,
)
from cases.notifications.hand_overs import hand_over_news
from cases.notifications.powers import powers_due
from cases.notifications.reports import (
    SUBJECTS,
    case_review_words,
    decision_words,
    received_words,
    send_contact,
    triage_late,
)
from cases.notifications.risk import high_risk, risk_review_due
from cases.notifications.sharing import access_request_news, glass_broken, share_news

__all__ = [
    "GAP",
    "SUBJECTS",
    "access_request_news",
    "case_closed",
    "case_review_words",
    "case_subject",
    "case_words",
    "closing_answered",
    "decision_words",
    "glass_broken",
    "hand_over_news",
    "high_risk",
    "powers_due",
    "received_words",
    "risk_review_due",
    "send_contact",
    "share_news",
    "triage_late",
    "update_due",
]
