import datetime as dt

from django.core.files.base import ContentFile
from django.utils import timezone

from cases.enums import EvidenceKind, NoteKind
from cases.models import Case, Evidence, Note
from cases.services.evidence import EvidenceDetails, add_evidence
from cases.services.notes import NoteDetails, add_note
from csp.agencies.models import User

WHO = {
    "cases:evidence": "officer",
    "cases:evidence_add": "officer",
    "cases:evidence_correct": "officer",
    "cases:note_add": "officer",
    "cases:note_edit": "officer",
    "cases:note_correct": "officer",
    "cases:timeline": "officer",
}
NO_PAGE = {"cases:evidence_file", "cases:timeline_pdf"}


def _case() -> Case:
    """A case of the officer's own team, with a note and evidence on it."""
    officer = User.objects.get(email="officer@demo.example")
    case: Case = Case.objects.filter(lead__in=officer.partner_ids, merged_into=None).order_by("pk")[0]
    now = timezone.now()
    if not Note.objects.filter(case=case, by=officer, at__gte=now - dt.timedelta(hours=1)).exists():
        details = NoteDetails(text="Heard the music from the street", kind=NoteKind.FACT)
        add_note(case=case, details=details, by=officer, at=now)
    if not Evidence.objects.filter(case=case, by=officer).exists():
        shown = EvidenceDetails(
            kind=EvidenceKind.DIARY, description="Diary of a week", obtained_on=timezone.localdate()
        )
        file = ContentFile(b"Monday: loud until two", name="diary.txt")
        add_evidence(case=case, details=shown, files=[file], by=officer, at=now)
    return case


def _reference() -> str:
    return _case().reference


def _note() -> int:
    return Note.objects.filter(case=_case(), by__email="officer@demo.example").latest("at").pk


def _evidence() -> int:
    return Evidence.objects.filter(case=_case(), by__email="officer@demo.example").latest("at").pk


ARGUMENTS = {
    "cases:evidence": [_reference],
    "cases:evidence_add": [_reference],
    "cases:evidence_correct": [_reference, _evidence],
    "cases:note_add": [_reference],
    "cases:note_edit": [_reference, _note],
    "cases:note_correct": [_reference, _note],
    "cases:timeline": [_reference],
}
