"""Notes on a case: facts, opinions, what an agency knows, decisions. Each for those who may see it."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from cases.enums import Audience, NoteKind
from cases.models import Case, CaseNamed, Note
from cases.services.prints import Prints, prints, refuse_unseen
from cases.services.texts import refuse_unstorable_in
from csp.agencies.access import codename
from csp.agencies.enums import CASEWORK_ROLES, ShareLevel
from csp.agencies.models import Partner, User
from csp.agencies.services.visibility import who_can_see
from csp.audit.services import record
from csp.core.errors import RuleBroken

CHANGEABLE_FOR = dt.timedelta(hours=24)


class CannotWrite(RuleBroken): ...


class TooLateToChange(RuleBroken):
    def __init__(self) -> None:
        super().__init__(
            "A note can be changed for 24 hours after it was added, and that time is over. "
            "Add a correction instead: both will be shown together"
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class NoteDetails:
    kind: str = NoteKind.FACT
    text: str
    source: str = ""
    source_confidential: bool = False
    audience: str = Audience.SHARED
    named: tuple[User, ...] = ()


@dataclasses.dataclass(frozen=True)
class Reader:
    user: User
    partner: Partner


def readers_of(case: Case, at: dt.datetime) -> list[Reader]:
    """The people who may read the case in full now, each once: of the leading team first, then by partner."""
    found: dict[int, Reader] = {}
    for seen in who_can_see(case, at):
        if seen.level >= ShareLevel.FULL:
            for seat in sorted(seen.memberships, key=lambda seat: (seat.user.name, seat.user_id)):
                found.setdefault(seat.user_id, Reader(seat.user, seen.partner))
    if case.restricted:
        named = set(CaseNamed.objects.current().filter(case=case).values_list("user", flat=True))
        return [reader for pk, reader in found.items() if pk in named]
    return list(found.values())


def writes_for(case: Case, user: User) -> Partner:
    """The partner for whom the person adds to the case. Where they sit at the leading team: that."""
    rows = case.permission_rows.filter(
        permission__codename=codename(Case, ShareLevel.CONTRIBUTE), group__in=user.partner_groups
    )
    groups = set(rows.values_list("group", flat=True))
    seats = [seat for seat in user.seats if seat.role in CASEWORK_ROLES and seat.partner.group_id in groups]
    if not seats:
        raise CannotWrite("Your agency may not add to this case. Ask the team that leads it to let you")
    return min(seats, key=lambda seat: seat.partner_id != case.lead_id).partner


def refuse_audience(case: Case, audience: str, named: tuple[User, ...], at: dt.datetime) -> None:
    if case.merged_into is not None:
        raise CannotWrite(f"This case is part of {case.merged_into} now. Add it there")
    if audience != Audience.NAMED:
        return
    if not named:
        raise CannotWrite("Select who may see it, or choose somebody else who may")
    readers = {reader.user.pk for reader in readers_of(case, at)}
    strangers = [str(user) for user in named if user.pk not in readers]
    if strangers:
        who = " and ".join(strangers)
        raise CannotWrite(f"{who} may not read this case. Share the case first, or choose somebody else")


@transaction.atomic
def add_note(
    *,
    case: Case,
    details: NoteDetails,
    by: User,
    at: dt.datetime,
    token: uuid.UUID | None = None,
    corrects: Note | None = None,
) -> Note:
    """Write a note. The same form sent twice makes one."""
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if token is not None and (twin := Note.objects.filter(form_token=token, by=by).first()):
        return twin
    _refuse(case, details, at)
    note = Note.objects.create(
        case=case,
        partner=writes_for(case, by),
        by=by,
        at=at,
        form_token=token,
        corrects=corrects and (corrects.corrects or corrects),
        **_columns(details),
    )
    note.named.set(_named(details))
    linked: dict[str, Any] = {"corrects": note.corrects_id} if note.corrects_id else {}
    record("note.added", by=by, target=case, note=note.pk, kind=note.kind, audience=note.audience, **linked)
    return note


@transaction.atomic
def edit_note(
    *, note: Note, details: NoteDetails, seen: Mapping[str, str], by: User, at: dt.datetime
) -> Note:
    """Change what the writer wrote within a day. `seen` are the prints of what they had before them.

    Raises `TooLateToChange`, and `ChangedMeanwhile` where the note says something else now.
    """
    current = Note.objects.select_related("case").select_for_update(of=("self",)).get(pk=note.pk)
    if current.by_id != by.pk:
        raise CannotWrite("Only who wrote a note can change it. Add a note of your own")
    if not may_still_change(current, at):
        raise TooLateToChange
    _refuse(current.case, details, at)
    before = details_of(current)
    was, becomes = prints_of(before), prints_of(details)
    refuse_unseen(was, seen, before, "note")
    changed = [name for name in was if becomes[name] != was[name]]
    if changed:
        Note.objects.filter(pk=current.pk).update(edited_at=at, **_columns(details))
        current.named.set(_named(details))
        record("note.edited", by=by, target=current.case, note=current.pk, fields=changed)
    return current


def may_still_change(note: Note, at: dt.datetime) -> bool:
    return at <= note.at + CHANGEABLE_FOR


def details_of(note: Note) -> NoteDetails:
    return NoteDetails(
        kind=note.kind,
        text=note.text,
        source=note.source,
        source_confidential=note.source_confidential,
        audience=note.audience,
        named=tuple(note.named.order_by("pk")),
    )


def prints_of(details: NoteDetails) -> Prints:
    said = {name: str(value) for name, value in _columns(details).items()}
    return prints(said | {"named": sorted(user.pk for user in _named(details))})


def _refuse(case: Case, details: NoteDetails, at: dt.datetime) -> None:
    refuse_unstorable_in(details)
    if not details.text.strip():
        raise CannotWrite("Enter what you want to note")
    refuse_audience(case, details.audience, details.named, at)


def _columns(details: NoteDetails) -> dict[str, Any]:
    return {
        field.name: getattr(details, field.name)
        for field in dataclasses.fields(details)
        if field.name != "named"
    }


def _named(details: NoteDetails) -> tuple[User, ...]:
    return details.named if details.audience == Audience.NAMED else ()
