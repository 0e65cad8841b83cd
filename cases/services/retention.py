"""When a record's time is over, and what two people decide then. The schedule is data (RetentionRule)."""

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.enums import CaseStatus, DisposalStatus, RecordType, ReportStatus
from cases.models import Case, Disposal, ImportRun, LegalHold, Report, RetentionRule
from cases.rules.records import teams_kept
from cases.services.erasing import CannotErase, erase_case, erase_report
from csp.agencies.models import Partnership, User
from csp.audit.services import record
from csp.core.calendar import add_months, local_day, start_of_day
from csp.core.errors import RuleBroken
from csp.core.text import count
from csp.core.words import date_words

DEFAULT_MONTHS: dict[str, int] = {
    RecordType.CASE: 72,
    RecordType.REPORT: 24,
    RecordType.IMPORT_FILE: 12,
    RecordType.SUBJECT_ACCESS: 36,
}
"""Six years after closure for a case is what most published schedules say; each partnership sets its own."""
DONE_WITH = (
    ReportStatus.REFERRED,
    ReportStatus.ADVICE,
    ReportStatus.NOT_ASB,
    ReportStatus.DUPLICATE,
    ReportStatus.RECORDED,
)

KeptRecord = Case | Report


class CannotDispose(RuleBroken): ...


@transaction.atomic
def install_default_schedule(partnership: Partnership, on: dt.date) -> None:
    if not RetentionRule.objects.filter(partnership=partnership).exists():
        RetentionRule.objects.bulk_create(
            RetentionRule(partnership=partnership, record_type=kind, months=months, starts_on=on)
            for kind, months in DEFAULT_MONTHS.items()
        )


def months_kept(partnership: Partnership, kind: str, on: dt.date) -> int:
    rule = RetentionRule.objects.on(on).filter(partnership=partnership, record_type=kind).first()
    return rule.months if rule else DEFAULT_MONTHS[kind]


def last_day_due(on: dt.date, months: int) -> dt.date:
    """Records that ended on this day or before it have been kept for so many months on day `on`.

    What ended on 31 August and is kept a month is due on 30 September, as `add_months` says.
    """
    day = add_months(on, -months)
    while add_months(day + dt.timedelta(days=1), months) <= on:
        day += dt.timedelta(days=1)
    return day


def due_on(ended_on: dt.date, months: int) -> dt.date:
    return add_months(ended_on, months)


def records_of(kind: str, user: User, partnership: Partnership) -> QuerySet[Any]:
    """Everything of that type that the user's teams lead and that has ended."""
    teams = teams_kept(user, partnership)
    if kind == RecordType.CASE:
        return Case.objects.filter(partnership=partnership, lead__in=teams, merged_into=None).ended()
    return Report.objects.filter(partnership=partnership, lead__in=teams, case=None, status__in=DONE_WITH)


def due(kind: str, user: User, partnership: Partnership, on: dt.date) -> QuerySet[Any]:
    """What waits for a decision: time over, nothing proposed, not put off, no legal hold."""
    before = start_of_day(last_day_due(on, months_kept(partnership, kind, on)) + dt.timedelta(days=1))
    name = "case" if kind == RecordType.CASE else "report"
    ended = "ended_at" if kind == RecordType.CASE else "received_at"
    decided = Disposal.objects.filter(
        Q(status=DisposalStatus.PROPOSED) | Q(status=DisposalStatus.EXTENDED, until__gt=on),
        **{name: OuterRef("pk")},
    )
    held = LegalHold.objects.filter(ended_at=None, **{name: OuterRef("pk")})
    found = records_of(kind, user, partnership).filter(**{f"{ended}__lt": before})
    return found.exclude(Exists(decided)).exclude(Exists(held))


@dataclass(frozen=True)
class Lasting:
    """How long one record is kept: since when, until when, and by which rule."""

    kind: str
    ended_on: dt.date
    months: int

    @property
    def due_on(self) -> dt.date:
        return due_on(self.ended_on, self.months)

    @property
    def words(self) -> str:
        return f"{count(self.months, 'month')} from {date_words(self.ended_on)}"


def lasting(kept: KeptRecord, on: dt.date) -> Lasting:
    """Raises `CannotDispose` while somebody still works on it."""
    if isinstance(kept, Case):
        if kept.ended_at is None:
            raise CannotDispose(f"{kept} is open. Close it first")
        kind, ended = RecordType.CASE, kept.ended_at
    else:
        if kept.case_id is not None or kept.status not in DONE_WITH:
            raise CannotDispose(f"{kept} is still being worked on, or belongs to a case")
        kind, ended = RecordType.REPORT, kept.received_at
    return Lasting(kind, local_day(ended), months_kept(kept.partnership, kind, on))


def pointer(kept: KeptRecord) -> dict[str, KeptRecord]:
    return {"case": kept} if isinstance(kept, Case) else {"report": kept}


@transaction.atomic
def extend(*, kept: KeptRecord, until: dt.date, reason: str, by: User, at: dt.datetime) -> Disposal:
    """Keep it longer: it comes back to the queue on that day."""
    current = _lock(kept)
    lasting(current, local_day(at))
    if until <= local_day(at):
        raise CannotDispose("Enter a day in the future on which this is looked at again")
    made = _make(current, DisposalStatus.EXTENDED, reason, by, at, until=until)
    record("record.kept_longer", by=by, target=current, reason=reason, until=until.isoformat())
    return made


@transaction.atomic
def propose(*, kept: KeptRecord, reason: str, by: User, at: dt.datetime) -> Disposal:
    """Ask a second person to agree that the record is destroyed."""
    current = _lock(kept)
    _refuse_early(current, local_day(at))
    made = _make(current, DisposalStatus.PROPOSED, reason, by, at)
    record("record.destruction_proposed", by=by, target=current, reason=reason, disposal=made.pk)
    return made


@transaction.atomic
def agree(*, disposal: Disposal, by: User, at: dt.datetime) -> Disposal:
    """The second person destroys the record. What stays is its tombstone and the audit record."""
    current, kept = _proposed(disposal, by)
    _refuse_early(kept, local_day(at))
    current.status, current.second, current.second_at = DisposalStatus.DESTROYED, by, at
    current.save(update_fields=["status", "second", "second_at"])
    record("record.erased", by=by, target=kept, reason=current.reason, disposal=current.pk)
    try:
        if isinstance(kept, Case):
            erase_case(case=kept, disposal=current, at=at)
        else:
            erase_report(report=kept, disposal=current, at=at)
    except CannotErase as problem:
        raise CannotDispose(str(problem)) from problem
    current.refresh_from_db()
    return current


@transaction.atomic
def refuse(*, disposal: Disposal, reason: str, by: User, at: dt.datetime) -> Disposal:
    current, kept = _proposed(disposal, by)
    current.status, current.second, current.second_at = DisposalStatus.REFUSED, by, at
    current.second_reason = reason
    current.save(update_fields=["status", "second", "second_at", "second_reason"])
    record("record.destruction_refused", by=by, target=kept, reason=reason, disposal=current.pk)
    return current


@transaction.atomic
def place_hold(*, kept: KeptRecord, reason: str, by: User, at: dt.datetime) -> LegalHold:
    current = _lock(kept)
    try:
        with transaction.atomic():
            hold = LegalHold.objects.create(**pointer(current), reason=reason, by=by, at=at)
    except IntegrityError as clash:
        raise CannotDispose(f"{current} is under a legal hold already") from clash
    record("record.hold_placed", by=by, target=current, reason=reason)
    return hold


@transaction.atomic
def lift_hold(*, hold: LegalHold, reason: str, by: User, at: dt.datetime) -> LegalHold:
    current = LegalHold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if current.ended_at is not None:
        raise CannotDispose("This legal hold has been lifted already")
    current.ended_by, current.ended_at, current.end_reason = by, at, reason
    current.save(update_fields=["ended_by", "ended_at", "end_reason"])
    record("record.hold_lifted", by=by, target=current.case or current.report, reason=reason)
    return current


def discard_import_files(*, at: dt.datetime) -> int:
    """Uploaded files whose time is over: the reports they made have their own. Returns how many went."""
    gone = 0
    on = local_day(at)
    for partnership in Partnership.objects.order_by("pk"):
        months = months_kept(partnership, RecordType.IMPORT_FILE, on)
        before = start_of_day(last_day_due(on, months) + dt.timedelta(days=1))
        old = ImportRun.objects.filter(partnership=partnership, at__lt=before).exclude(file="")
        for run in old.order_by("pk"):
            _discard_file(run)
            gone += 1
    return gone


@transaction.atomic
def _discard_file(run: ImportRun) -> None:
    stored = [file for file in (run.file, run.rejected_file) if file]
    names = [(file.storage, str(file.name)) for file in stored]
    run.file, run.rejected_file = "", ""
    run.save(update_fields=["file", "rejected_file"])
    record("import_file.erased", target=run, files=len(names))
    for storage, name in names:
        transaction.on_commit(partial(storage.delete, name))


def _lock(kept: KeptRecord) -> KeptRecord:
    model: Any = type(kept)
    current: KeptRecord | None = (
        model.objects.select_related("partnership").select_for_update(of=("self",)).filter(pk=kept.pk).first()
    )
    if current is None:
        raise CannotDispose("This record has been destroyed")
    return current


def _proposed(disposal: Disposal, by: User) -> tuple[Disposal, KeptRecord]:
    current = Disposal.objects.select_for_update(of=("self",)).get(pk=disposal.pk)
    if current.status != DisposalStatus.PROPOSED:
        raise CannotDispose(f"Somebody decided this already: {current.get_status_display().lower()}")
    if current.by_id == by.pk:
        raise CannotDispose("Another person than the one who proposed it must agree or refuse")
    kept = current.case or current.report
    if kept is None:
        raise CannotDispose("This record has been destroyed")
    return current, _lock(kept)


def _make(
    kept: KeptRecord, status: DisposalStatus, reason: str, by: User, at: dt.datetime, **more: Any
) -> Disposal:
    if Disposal.objects.filter(reference=kept.reference, status=DisposalStatus.PROPOSED).exists():
        raise CannotDispose(f"{kept} waits for a second person already")
    return Disposal.objects.create(
        partnership=kept.partnership,
        reference=kept.reference,
        **pointer(kept),
        status=status,
        reason=reason,
        by=by,
        at=at,
        **more,
    )


def _refuse_early(kept: KeptRecord, on: dt.date) -> None:
    time = lasting(kept, on)
    if time.due_on > on:
        raise CannotDispose(f"{kept} is kept until {date_words(time.due_on)}: {time.words}")
    if LegalHold.objects.filter(**pointer(kept), ended_at=None).exists():
        raise CannotDispose(f"{kept} is under a legal hold. Lift it first")
    if isinstance(kept, Case) and kept.status == CaseStatus.CANCELLED and kept.merged_into_id:
        raise CannotDispose(f"{kept} is part of another case and goes with it")
