"""Letters and contact of a case, and its closing."""

from typing import Any

from cases.enums import Audience, ContactKind, ContactMethod, ContactStatus
from cases.models import Contact
from tests.access.roles import FULL, TEAM
from tests.factories.cases import PersonFactory
from tests.factories.casework import CaseContactFactory, CasePersonFactory

LETTER = "we spoke to the landlord about the gate"
OWN_ENTRY = "she cried and wants a transfer"
SHARED_ENTRY = "he saw the warden on the stairs"

TABLE = """
#                                         off man pol hou hea lea pro boa aud adm wes anonymous
cases:letters                        GET  ok  ok  no  ok  --  ok  --  --  --  --  --  in
cases:contact_log                    GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:contact_log                    POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:letter_write                   GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:letter_write                   POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:letter                         GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:contact_done                   POST >>  >>  no  no  --  no  --  --  --  --  --  in
cases:contact_no_answer              POST >>  >>  no  no  --  no  --  --  --  --  --  in
cases:contact_write                  POST >>  >>  no  no  --  no  --  --  --  --  --  in
cases:contact_again                  POST >>  >>  no  no  --  no  --  --  --  --  --  in
cases:contact_withdraw               POST >>  >>  no  no  --  no  --  --  --  --  --  in
cases:close                          GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:close                          POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:close_approve                  POST no  >>  no  no  --  no  --  --  --  --  --  in
cases:close_refuse                   POST no  ok  no  no  --  no  --  --  --  --  --  in
cases:reopen                         GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:reopen                         POST ok  ok  no  no  --  no  --  --  --  --  --  in
"""


def _message(world: Any) -> list[Any]:
    return [world.case.reference, world.case_letter.pk]


ARGUMENTS = {
    "cases:letter_write": lambda w: [w.case.reference, w.letter_reader.pk, "update"],
    "cases:letter": _message,
    "cases:contact_done": _message,
    "cases:contact_no_answer": _message,
    "cases:contact_write": _message,
    "cases:contact_again": _message,
    "cases:contact_withdraw": _message,
}

MAY_READ = {LETTER: TEAM, OWN_ENTRY: TEAM, SHARED_ENTRY: FULL}

PAGES = """
    officer   cases:letters
    housing   cases:letters
    officer   cases:contact_log
    officer   cases:close
"""


def records(world: Any) -> dict[str, Any]:
    reader = PersonFactory(lead=world.team, name="Rita Reader", email="rita@reader.example")
    CasePersonFactory(case=world.case, person=reader)
    given = {"case": world.case, "person": reader, "by": world.users["officer"], "at": world.now}
    CaseContactFactory(**given, audience=Audience.TEAM, text=OWN_ENTRY)
    CaseContactFactory(**given, audience=Audience.SHARED, text=SHARED_ENTRY)
    return {"letter_reader": reader, "case_letter": _letter(world, reader)}


def grow(world: Any, number: int) -> None:
    reader = PersonFactory(
        lead=world.team, name=f"Rita Reader {number}", email=f"rita{number}@reader.example"
    )
    CasePersonFactory(case=world.case, person=reader)
    given = {"case": world.case, "person": reader, "by": world.users["officer"], "at": world.now}
    CaseContactFactory(**given, audience=Audience.SHARED, way="phone", result="no_answer")
    _letter(world, reader)


def _letter(world: Any, reader: Any) -> Contact:
    return Contact.objects.create(
        partnership=world.team.partnership,
        case=world.case,
        person=reader,
        kind=ContactKind.UPDATE,
        method=ContactMethod.LETTER,
        subject="What is being done",
        body=f"Dear Rita Reader\n\nThis week {LETTER}.\n",
        address="Rita Reader\n1 High Street",
        status=ContactStatus.TO_DO,
        made_by=world.users["officer"],
        made_at=world.now,
    )
