from csp.actions.services.answers import answer, complete, end_as_not_needed, hand_back, start, transfer
from csp.actions.services.asking import cancel_action, change_action, decide_time
from csp.actions.services.chasing import chase, ids_to_chase, last_stage
from csp.actions.services.evidence import add_files
from csp.actions.services.giving import give_action
from csp.actions.services.restricted import keep_in_step
from csp.actions.services.targets import Target, find_target, show_targets
from csp.actions.services.updates import (
    ActionMoved,
    CannotAnswer,
    CannotGive,
    add_note,
    reassign,
    reopen,
    tell,
)

__all__ = [
    "ActionMoved",
    "CannotAnswer",
    "CannotGive",
    "Target",
    "add_files",
    "add_note",
    "answer",
    "cancel_action",
    "change_action",
    "chase",
    "complete",
    "decide_time",
    "end_as_not_needed",
    "find_target",
    "give_action",
    "hand_back",
    "ids_to_chase",
    "keep_in_step",
    "last_stage",
    "reassign",
    "reopen",
    "show_targets",
    "start",
    "tell",
    "transfer",
]
