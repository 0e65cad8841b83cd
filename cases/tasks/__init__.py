from cases.tasks.hand_overs import tell_hand_over
from cases.tasks.records import discard_import_files
from cases.tasks.reports import (
    chase_triage,
    discard_old_drafts,
    run_import,
    send_contact,
    send_waiting_contacts,
)

__all__ = [
    "chase_triage",
    "discard_import_files",
    "discard_old_drafts",
    "run_import",
    "send_contact",
    "send_waiting_contacts",
    "tell_hand_over",
]
