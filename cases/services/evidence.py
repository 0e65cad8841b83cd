"""Evidence on a case, with its files."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from cases.enums import Audience
from cases.models import Case, Evidence, EvidenceFile
from cases.services.notes import CannotWrite, refuse_audience, writes_for
from cases.services.prints import Prints, prints, refuse_unseen
from cases.services.texts import refuse_unstorable_in
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.keeping import all_or_none, keep


@dataclasses.dataclass(frozen=True, kw_only=True)
class EvidenceDetails:
    kind: str
    description: str
    obtained_on: dt.date
    source: str = ""
    audience: str = Audience.SHARED
    named: tuple[User, ...] = ()


COLUMNS = [field.name for field in dataclasses.fields(EvidenceDetails) if field.name != "named"]


@transaction.atomic
def add_evidence(
    *,
    case: Case,
    details: EvidenceDetails,
    files: Sequence[Any],
    by: User,
    at: dt.datetime,
    token: uuid.UUID | None = None,
) -> Evidence:
    """Keep a piece of evidence. The same form sent twice makes one."""
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if token is not None and (twin := Evidence.objects.filter(form_token=token, by=by).first()):
        return twin
    _refuse(case, details, at)
    with all_or_none() as kept:
        evidence = Evidence.objects.create(
            case=case, partner=writes_for(case, by), by=by, at=at, form_token=token, **_columns(details)
        )
        evidence.named.set(_named(details))
        for file in files:
            kept.append(keep(EvidenceFile(evidence=evidence, added_by=by, added_at=at), file))
        record(
            "evidence.added",
            by=by,
            target=case,
            evidence=evidence.pk,
            kind=evidence.kind,
            audience=evidence.audience,
            files=len(kept),
        )
    return evidence


@transaction.atomic
def correct_evidence(
    *,
    evidence: Evidence,
    details: EvidenceDetails,
    why: str,
    seen: Mapping[str, str],
    by: User,
    at: dt.datetime,
) -> Evidence:
    """Put right what is said of it, never its files. `seen` are the prints of what they had before them.

    Raises `ChangedMeanwhile` where it says something else now. The history keeps what it said before.
    """
    current = Evidence.objects.select_related("case").select_for_update(of=("self",)).get(pk=evidence.pk)
    writes_for(current.case, by)
    if current.partner_id not in by.partner_ids:
        raise CannotWrite("Only the agency that added evidence can put it right. Add a note of your own")
    if not why.strip():
        raise CannotWrite("Enter why it changes")
    if details.audience == Audience.NAMED and by.pk != current.by_id:
        details = dataclasses.replace(details, named=tuple({*details.named, by}))
    _refuse(current.case, details, at)
    before = details_of(current)
    was, becomes = prints_of(before), prints_of(details)
    refuse_unseen(was, seen, before, "evidence")
    changed = [name for name in was if becomes[name] != was[name]]
    if changed:
        Evidence.objects.filter(pk=current.pk).update(**_columns(details))
        current.named.set(_named(details))
        record(
            "evidence.corrected", by=by, target=current.case, reason=why, evidence=current.pk, fields=changed
        )
    return current


def details_of(evidence: Evidence) -> EvidenceDetails:
    named = tuple(evidence.named.order_by("pk"))
    return EvidenceDetails(named=named, **{name: getattr(evidence, name) for name in COLUMNS})


def prints_of(details: EvidenceDetails) -> Prints:
    said = {name: str(value) for name, value in _columns(details).items()}
    return prints(said | {"named": sorted(user.pk for user in _named(details))})


def _columns(details: EvidenceDetails) -> dict[str, Any]:
    return {name: getattr(details, name) for name in COLUMNS}


def _named(details: EvidenceDetails) -> tuple[User, ...]:
    return details.named if details.audience == Audience.NAMED else ()


def _refuse(case: Case, details: EvidenceDetails, at: dt.datetime) -> None:
    refuse_unstorable_in(details)
    if not details.description.strip():
        raise CannotWrite("Enter what the evidence shows")
    if details.obtained_on > local_day(at):
        raise CannotWrite("The day it was obtained must be today or in the past")
    refuse_audience(case, details.audience, details.named, at)


def same_elsewhere(case: Case, user: User, files: Iterable[EvidenceFile]) -> dict[int, Evidence]:
    """For each file that the case had before, as far as the user sees: the evidence that had it first."""
    files = list(files)
    twins = (
        EvidenceFile.objects.visible_to(user)
        .filter(evidence__case__in=case.family, sha256__in={file.sha256 for file in files})
        .select_related("evidence")
        .order_by("pk")
    )
    first: dict[str, EvidenceFile] = {}
    for twin in twins:
        first.setdefault(twin.sha256, twin)
    return {
        file.pk: first[file.sha256].evidence
        for file in files
        if file.sha256 in first and first[file.sha256].pk != file.pk
    }
