"""Notes, evidence, contacts and letters."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from cases.enums.timeline import TimelineKind
from cases.models import CaseContact, Contact, Evidence, Note
from cases.services.timeline.items import Reading, TimelineItem
from csp.core.text import mid_sentence

WITH = ("case", "partner", "by")


def notes(reading: Reading) -> Iterator[TimelineItem]:
    page = reverse("cases:evidence", args=[reading.case.reference])
    for note in reading.newest(
        Note.objects.visible_to(reading.user).filter(case__in=reading.in_full).select_related(*WITH)
    ):
        source = note.source_for(reading.user)
        what = "Correction" if note.corrects_id else "Note"
        yield TimelineItem(
            at=note.at,
            kind=TimelineKind.NOTE,
            title=f"{what}: {mid_sentence(note.kind_words)}",
            text="\n".join(filter(None, [note.text, source and f"Source: {source}"])),
            who=str(note.by or ""),
            partner=note.partner,
            url=f"{page}#note-{note.pk}",
        )


def evidence(reading: Reading) -> Iterator[TimelineItem]:
    page = reverse("cases:evidence", args=[reading.case.reference])
    found = Evidence.objects.visible_to(reading.user).filter(case__in=reading.in_full)
    for piece in reading.newest(found.select_related(*WITH)):
        yield TimelineItem(
            at=piece.at,
            kind=TimelineKind.EVIDENCE,
            title=f"Evidence: {mid_sentence(piece.get_kind_display())}",
            text=piece.description,
            who=str(piece.by or ""),
            partner=piece.partner,
            url=f"{page}#evidence-{piece.pk}",
        )


def contacts(reading: Reading) -> Iterator[TimelineItem]:
    """From the contact log. What was sent has an entry of its own."""
    found = CaseContact.objects.visible_to(reading.user).filter(case__in=reading.in_full, message=None)
    for contact in reading.newest(found.select_related(*WITH, "person")):
        whom = f" with {contact.person}" if contact.person else ""
        yield TimelineItem(
            at=contact.at,
            kind=TimelineKind.CONTACT,
            title=f"{contact.get_way_display()}{whom}: {mid_sentence(contact.get_result_display())}",
            text=contact.text,
            who=str(contact.by or ""),
            partner=contact.partner,
        )


def messages(reading: Reading) -> Iterator[TimelineItem]:
    """Letters, e-mails and calls to make: whom they went to, and never the address or number used."""
    of_case = Q(case__in=reading.in_full) | Q(report__in=reading.reports_in_full)
    found = Contact.objects.visible_to(reading.user).filter(of_case)
    for sent in reading.newest(found.select_related("person", "made_by", "case__lead", "report__lead")):
        whom = sent.person or "the caller"
        record = sent.case or sent.report
        yield TimelineItem(
            at=sent.done_at or sent.made_at,
            kind=TimelineKind.CONTACT,
            title=f"{sent.get_method_display()} to {whom}: {sent.subject}",
            text=". ".join(filter(None, [sent.get_status_display(), sent.problem])),
            who=str(sent.made_by or ""),
            partner=record.lead if record else None,
        )
