from cases.tasks.contact import (
    remind_update,
    remind_updates,
    tell_case_closed,
    tell_closing_answered,
)
from cases.tasks.exports import delete_old_exports, write_export
from cases.tasks.hand_overs import tell_hand_over
from cases.tasks.powers import watch_powers
from cases.tasks.records import discard_import_files
from cases.tasks.reports import (
    chase_triage,
    discard_old_drafts,
    run_import,
    send_contact,
    send_waiting_contacts,
)
from cases.tasks.risk import remind_of_risk_reviews, tell_of_high_risk
from cases.tasks.sharing import tell_access_request, tell_glass_broken, tell_share

__all__ = [
    "chase_triage",
    "delete_old_exports",
    "discard_import_files",
    "discard_old_drafts",
    "remind_of_risk_reviews",
    "remind_update",
    "remind_updates",
    "run_import",
    "send_contact",
    "send_waiting_contacts",
    "tell_access_request",
    "tell_case_closed",
    "tell_closing_answered",
    "tell_glass_broken",
    "tell_hand_over",
    "tell_of_high_risk",
    "tell_share",
    "watch_powers",
    "write_export",
]
