"""Notes, evidence and the timeline of the case."""

from typing import Any

from django.core.files.base import ContentFile

from cases.enums import EvidenceKind
from cases.services.evidence import EvidenceDetails, add_evidence
from tests.access.roles import FULL, TEAM
from tests.factories.casework import EvidenceFactory, NoteFactory

NOTE = "the shed door was forced with a crowbar"
TEAM_NOTE = "we think the cousin keeps the keys"
SOURCE = "the lady at the corner shop"
EVIDENCE = "stills of the shed at quarter past two"
EVIDENCE_FILE = "shed-stills.txt"
EVIDENCE_WORDS = "four stills, all blurred"

TABLE = """
== Notes, evidence and timeline
cases:evidence                       GET  ok  ok  no  ok  --  ok  --  --  --  --  --  in
cases:evidence_add                   GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:evidence_add                   POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:evidence_correct               GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:evidence_correct               POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:evidence_file                  GET  ok  ok  --  ok  --  ok  --  --  --  --  --  in
cases:note_add                       GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:note_add                       POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:note_edit                      GET  ok  no  no  no  --  no  --  --  --  --  --  in
cases:note_edit                      POST ok  no  no  no  --  no  --  --  --  --  --  in
cases:note_correct                   GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:note_correct                   POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:timeline                       GET  ok  ok  ok  ok  --  ok  --  --  --  --  --  in
cases:timeline_pdf                   GET  ok  ok  ok  ok  --  ok  --  --  --  --  --  in
"""

MAY_READ = {
    NOTE: FULL,
    TEAM_NOTE: TEAM,
    SOURCE: TEAM,
    EVIDENCE: FULL,
    EVIDENCE_FILE: FULL,
    EVIDENCE_WORDS: FULL,
}
READING = {"evidence.downloaded", "case.printed"}

ARGUMENTS = {
    "cases:evidence_correct": lambda w: [w.case.reference, w.evidence.pk],
    "cases:evidence_file": lambda w: [w.case.reference, w.evidence_file.pk],
    "cases:note_edit": lambda w: [w.case.reference, w.note.pk],
    "cases:note_correct": lambda w: [w.case.reference, w.note.pk],
}

PAGES = """
    officer   cases:evidence
    housing   cases:evidence
    officer   cases:note_add
    officer   cases:timeline
    housing   cases:timeline
"""


def records(world: Any) -> dict[str, Any]:
    officer = world.users["officer"]
    given = {"case": world.case, "by": officer, "at": world.now}
    note = NoteFactory(**given, text=NOTE, source=SOURCE, source_confidential=True)
    NoteFactory(**given, text=TEAM_NOTE, audience="team")
    details = EvidenceDetails(
        kind=EvidenceKind.CCTV, description=EVIDENCE, obtained_on=world.now.date(), audience="shared"
    )
    file = ContentFile(EVIDENCE_WORDS.encode(), name=EVIDENCE_FILE)
    evidence = add_evidence(case=world.case, details=details, files=[file], by=officer, at=world.now)
    return {"note": note, "evidence": evidence, "evidence_file": evidence.files.get()}


def grow(world: Any, number: int) -> None:
    given = {"case": world.case, "by": world.users["officer"], "at": world.now}
    NoteFactory(**given, text=f"Note {number}", corrects=world.note)
    NoteFactory(**given, text=f"Another note {number}")
    EvidenceFactory(**given, description=f"Evidence {number}")
