"""Papers of housing for the meeting in session. The team may look at them, and no other agency."""

import io

from django.core.files.base import ContentFile
from pypdf import PdfWriter

from tasking.enums import PackKind
from tasking.models import Meeting, Pack
from tasking.services.pack_content import fingerprint, gather
from tests.access.nouns.meetings import of_meeting

TABLE = """
== Meetings: papers and minutes as a PDF for each agency
meetings:packs                       GET  ok  ok  ok  ok  --  ok  --  --  --  --  --  in
meetings:send_papers                 POST >>  >>  no  no  --  no  --  --  --  --  --  in
meetings:pack_build                  POST >>  >>  --  >>  --  >>  --  --  --  --  --  in
meetings:pack                        GET  ok  ok  --  ok  --  ok  --  --  --  --  --  in
meetings:minutes_pdf                 POST >>  >>  >>  >>  --  >>  --  --  --  --  --  in
"""


def of_pack(world):
    """It says what housing may see now, whatever was put on that meeting's agenda since it was made."""
    pack = world.pack
    pack.fingerprint = print_of(world)
    pack.save(update_fields=["fingerprint"])
    return [world.session_meeting.reference, pack.pk]


def print_of(world):
    meeting = Meeting.objects.select_related("series", "lead", "chair").get(pk=world.session_meeting.pk)
    return fingerprint(gather(meeting, world.partners["housing"], PackKind.PACK))


ARGUMENTS = {
    "meetings:packs": of_meeting,
    "meetings:send_papers": of_meeting,
    "meetings:pack_build": lambda world: [world.session_meeting.reference, world.partners["housing"].pk],
    "meetings:pack": of_pack,
    "meetings:minutes_pdf": lambda world: [world.minutes_meeting.reference],
}


def records(world):
    pack = Pack(
        meeting=world.session_meeting,
        partner=world.partners["housing"],
        kind=PackKind.PACK,
        asked_at=world.now,
        built_at=world.now,
    )
    pack.file.save("pack.pdf", ContentFile(an_empty_page()), save=True)
    return {"pack": pack}


def an_empty_page():
    writer, content = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.write(content)
    return content.getvalue()


PAGES = """
officer meetings:packs
"""
READING = {"meeting.papers_downloaded"}
