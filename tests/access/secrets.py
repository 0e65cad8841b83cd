"""Words that stand in the records of the access table, each with the roles that may read it anywhere.

Each word is in one field only, so that a page that shows it shows that field.
"""

from tests.access.nouns import merged
from tests.access.roles import ASKED, FULL, OWN, RECORD, TEAM, TEAM_RECORD

CALLER = "Wilhelmina Quarrington"
CALLER_PHONE = "07700 900417"
CALLER_EMAIL = "wilhelmina@quarrington.example"
CALLER_ADDRESS = "17 Hidden Lane, Didcot"
LATITUDE, LONGITUDE = 51.613457, -1.242689
CALLER_WHEN = "weekday mornings before the school run"
CALLER_AVOID = "never leave a voicemail"
CALLER_WARNING = "a large dog lives behind the gate"
SUBJECT = "Barnaby Ottershaw"
SUBJECT_ADDRESS = "4 Visible Street, Didcot"
NARRATIVE = "smashed a greenhouse with a cricket bat"
AFFECTED = "has not slept through a night since"
TOLD = "CRIME-554433"
FILE_NAME = "greenhouse-photo.txt"
FILE_WORDS = "broken panes counted: nineteen"
ADDED_LATER = "they came back on Sunday with fireworks"
REASON = "no lawful power fits, and the witness withdrew"
ADVICE = "keep a diary of each night"
HIDDEN_NARRATIVE = "sells tablets from a blue van"
HIDDEN_TITLE = "Operation Kestrel"
ACTION = "Fit a second lock at the back door"
HIDDEN_ACTION = "Check the vehicle register for the van"
DRAFT = "half a sentence about a moped"
FILTER = "My own quiet filter"
IMPORT = "council-export-spring.csv"
IMPORT_ROW = "line four speaks of a skip fire"
TASK = "Importing council-export-spring"

MAY_READ: dict[str, frozenset[str]] = {
    CALLER: FULL,
    CALLER_PHONE: TEAM,
    CALLER_EMAIL: TEAM,
    CALLER_ADDRESS: TEAM,
    str(LATITUDE): TEAM,
    str(LONGITUDE): TEAM,
    CALLER_WHEN: TEAM,
    CALLER_AVOID: TEAM,
    CALLER_WARNING: FULL,
    SUBJECT: FULL,
    SUBJECT_ADDRESS: FULL,
    NARRATIVE: FULL,
    AFFECTED: FULL,
    TOLD: FULL,
    FILE_NAME: FULL,
    FILE_WORDS: FULL,
    ADDED_LATER: FULL,
    REASON: TEAM_RECORD,
    ADVICE: TEAM,
    HIDDEN_NARRATIVE: TEAM,
    HIDDEN_TITLE: TEAM,
    ACTION: ASKED,
    HIDDEN_ACTION: TEAM,
    DRAFT: OWN,
    FILTER: OWN,
    IMPORT: TEAM_RECORD,
    IMPORT_ROW: TEAM,
    TASK: OWN,
}
"""References come on top of these, since the records get them when they are made: see `secrets_of`."""


def secrets_of(world) -> dict[str, frozenset[str]]:
    return (
        MAY_READ
        | merged("MAY_READ")
        | {
            world.report.reference: RECORD,
            world.decided.reference: RECORD,
            world.case.reference: RECORD,
            world.hidden.reference: TEAM_RECORD,
            world.hidden_case.reference: TEAM_RECORD,
            world.action.reference: ASKED | {"auditor"},
            world.hidden_action.reference: TEAM_RECORD,
        }
    )


def shown_to_others(body: str, role: str, secrets: dict[str, frozenset[str]]) -> set[str]:
    """Which secrets stand on a page of somebody who may not read them."""
    return {secret for secret, readers in secrets.items() if role not in readers and secret in body}
