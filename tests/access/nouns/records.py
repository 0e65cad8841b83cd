"""What is kept, held and asked for: for managers and the data protection officer."""

import datetime as dt
from typing import Any

from django.utils import timezone

from cases.enums import AccessStatus, CaseStatus, DisposalStatus, ReleaseDecision
from cases.models import Disposal, LegalHold, SubjectAccess, SubjectAccessItem, Tombstone
from tests.factories.cases import CaseFactory, PersonFactory

KEEPERS = frozenset({"manager", "auditor"})
ASKS = "Philippa Underhill"
IDENTITY = "passport seen at the counter"
ITEM = "was heard singing on the roof"
HELD_BECAUSE = "a coroner has asked for the file"
LONG_AGO = dt.datetime(2012, 3, 4, 12, tzinfo=dt.UTC)

TABLE = """
records:retention                    GET  no  ok  no  no  no  no  no  no  ok  no  no  in
records:retention                    POST no  ok  no  no  no  no  no  no  ok  no  no  in
records:hold                         GET  no  ok  no  no  no  no  no  no  ok  no  no  in
records:hold                         POST no  ok  no  no  no  no  no  no  ok  no  no  in
records:lift                         GET  no  ok  no  no  no  no  no  no  ok  no  no  in
records:lift                         POST no  ok  no  no  no  no  no  no  ok  no  no  in
records:access_list                  GET  no  ok  no  no  no  no  no  no  ok  no  no  in
records:access_new                   GET  no  ok  no  no  no  no  no  no  ok  no  no  in
records:access_new                   POST no  ok  no  no  no  no  no  no  ok  no  no  in
records:access                       GET  --  ok  --  --  --  --  --  --  ok  --  --  in
records:access_answer                GET  --  ok  --  --  --  --  --  --  ok  --  --  in
records:access_item                  GET  --  ok  --  --  --  --  --  --  ok  --  --  in
records:access_item                  POST --  ok  --  --  --  --  --  --  ok  --  --  in
records:access_verb                  GET  --  ok  --  --  --  --  --  --  ok  --  --  in
records:access_verb                  POST --  ok  --  --  --  --  --  --  ok  --  --  in
"""
ARGUMENTS = {
    "records:lift": lambda w: [w.legal_hold.pk],
    "records:access": lambda w: [w.subject_access.pk],
    "records:access_answer": lambda w: [w.subject_access.pk],
    "records:access_item": lambda w: [w.subject_access.pk, 1],
    "records:access_verb": lambda w: [w.subject_access.pk, "extend"],
}
MAY_READ = {
    ASKS: KEEPERS,
    IDENTITY: KEEPERS,
    ITEM: KEEPERS,
    HELD_BECAUSE: KEEPERS,
}
READING = {"subjectaccess.viewed", "subject_access.printed"}
LISTS = """
    manager   records:retention
    manager   records:retention  tab=proposed
    auditor   records:retention  tab=holds
    auditor   records:retention  tab=destroyed
    manager   records:access_list
"""
PAGES = """
    manager   records:access
"""


def closed(world: Any) -> Any:
    ended = {"status": CaseStatus.CLOSED, "opened_at": LONG_AGO, "ended_at": LONG_AGO}
    return CaseFactory(lead=world.team, **ended)


def proposed(world: Any) -> Disposal:
    case = closed(world)
    return Disposal.objects.create(
        partnership=case.partnership, case=case, reference=case.reference, status=DisposalStatus.PROPOSED,
        reason=HELD_BECAUSE, by=world.users["manager"], at=timezone.now(),
    )  # fmt: skip


def add_item(access: SubjectAccess, position: int, text: str) -> None:
    SubjectAccessItem.objects.create(
        request=access, position=position, source="Report", text=text, released=text, at=LONG_AGO,
        decision=ReleaseDecision.RELEASE,
    )  # fmt: skip


def asked(world: Any, **more: Any) -> SubjectAccess:
    today = timezone.localdate()
    return SubjectAccess.objects.create(
        partnership=world.team.partnership, partner=world.team, received_on=today, due_on=today,
        opened_by=world.users["manager"], opened_at=timezone.now(), status=AccessStatus.READY,
        person=PersonFactory(lead=world.team, name=ASKS), identity=IDENTITY, **more,
    )  # fmt: skip


def records(world: Any) -> dict[str, Any]:
    access = asked(world)
    add_item(access, 1, ITEM)
    closed(world)
    proposed(world)
    given = {"reason": HELD_BECAUSE, "by": world.users["manager"], "at": timezone.now()}
    return {"subject_access": access, "legal_hold": LegalHold.objects.create(case=closed(world), **given)}


def grow(world: Any, number: int) -> None:
    closed(world)
    disposal = proposed(world)
    LegalHold.objects.create(
        case=closed(world), reason=HELD_BECAUSE, by=world.users["manager"], at=timezone.now()
    )
    asked(world)
    add_item(world.subject_access, number + 1, ITEM)
    Tombstone.objects.create(
        partnership=world.team.partnership, reference=f"SV-C-12-9{number:05}", record_type="case",
        began_on=LONG_AGO, ended_on=LONG_AGO, destroyed_at=timezone.now(), disposal=disposal,
    )  # fmt: skip
