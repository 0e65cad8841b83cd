"""One file, from its first row to its last, in one transaction: all of it comes in, or nothing does."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from typing import IO, Protocol

import pghistory
from django.conf import settings
from django.core.files import File
from django.db import connection, transaction
from django.utils import timezone

from cases.enums import ImportState
from cases.models import Category, ImportRun
from cases.services.imports import reading
from cases.services.imports.identity import RowIdentity
from cases.services.imports.mapping import (
    ImportSpec,
    MappingInvalid,
    problems_with_categories,
    problems_with_header,
    read_spec,
)
from cases.services.imports.matching import KnownRow, Matcher
from cases.services.imports.refusals import CannotImport, RowRejected
from cases.services.imports.rejecting import RejectedRows
from cases.services.imports.rows import MappedRow, RowMapper
from cases.services.imports.staging import Staging
from cases.services.imports.tables import Row
from cases.services.imports.updating import Updater
from csp.agencies.services.geography import Locator
from csp.audit.services import record

AT_ONCE = 1000
CLASHES = "Line {line} has the same reference and says something else"
WAITS = "Waiting for another import from the same system to finish"
READS, WRITES = "Reading", "Writing"


class Bar(Protocol):
    """How far the work is. `csp.core.progress.Bar` is one; a command needs none."""

    def advance(self, n: int = 1, *, message: str | None = None) -> None: ...

    def expect(self, total: int) -> None: ...


class NoBar:
    def advance(self, n: int = 1, *, message: str | None = None) -> None:
        pass

    def expect(self, total: int) -> None:
        pass


@dataclass
class Counts:
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    left_out: int = 0

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


@dataclass
class Parts:
    """What works together on one file."""

    mapper: RowMapper
    matcher: Matcher
    updater: Updater
    staging: Staging | None
    """None where nothing is to be written."""
    rejected: RejectedRows


def run_import(*, run: ImportRun, file: IO[bytes], bar: Bar | None = None) -> Counts:
    """Bring the file in, or only look at it where the run is dry. Call it inside a transaction.

    The run gets its counts, its rejected rows and its state. Raises `CannotImport`.
    """
    bar = bar or NoBar()
    spec = read_spec(run.spec)
    layout = reading.detect(file, max_bytes=settings.IMPORT_MAX_BYTES, asked=spec.layout)
    estimate = reading.estimate_rows(file, layout)
    if estimate:
        bar.expect(estimate)
    with pghistory.context(user=run.by_id, import_run=run.pk):
        _quicken_triggers()
        _take_turns(run, spec.system, bar)
        with reading.opened(file, layout) as table, RejectedRows(table.header) as rejected:
            parts = _parts(run, spec, table, rejected)
            counts = _read(table.rows, parts, bar)
            if parts.staging:
                bar.expect(counts.read + parts.staging.count)
                for written in parts.staging.write():
                    bar.advance(written, message=WRITES)
            _finish(run, spec, counts, rejected)
    return counts


def _quicken_triggers() -> None:
    """Every trigger asks whether it is to be skipped. Said once that none is, it need not find that out by an
    error for each row, which would take longer than writing the row.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")


def _take_turns(run: ImportRun, system: str, bar: Bar) -> None:
    """Two imports of one system at once would each miss what the other brings in."""
    key = f"import {run.partnership_id} {system}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        if cursor.fetchone()[0]:
            return
        bar.advance(0, message=WAITS)
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _parts(run: ImportRun, spec: ImportSpec, table: reading.Table, rejected: RejectedRows) -> Parts:
    categories = list(Category.objects.filter(partnership=run.partnership_id))
    problems = problems_with_header(spec, table.header)
    problems += problems_with_categories(spec, [category.code for category in categories])
    if problems:
        raise MappingInvalid(problems)
    locator = Locator(run.partnership)
    return Parts(
        mapper=RowMapper(spec, table, categories=categories, today=timezone.localdate(run.at)),
        matcher=Matcher(run, spec.system, RowIdentity(table.header, spec.changing)),
        updater=Updater(run, locator=locator, categories=categories, dry=run.dry_run),
        staging=None
        if run.dry_run
        else Staging(run, system=spec.system, locator=locator, categories=categories),
        rejected=rejected,
    )


def _read(rows: Iterator[Row], parts: Parts, bar: Bar) -> Counts:
    counts = Counts()
    while batch := list(islice(rows, AT_ONCE)):
        counts.read += len(batch)
        _put(parts.matcher.match(_mapped(batch, parts, counts)), parts, counts)
        bar.advance(len(batch), message=READS)
    counts.rejected = parts.rejected.count
    if not counts.read:
        raise CannotImport(reading.NO_ROWS)
    return counts


def _mapped(batch: Sequence[Row], parts: Parts, counts: Counts) -> list[MappedRow]:
    wanted = []
    for row in batch:
        try:
            mapped = parts.mapper.map(row)
        except RowRejected as problem:
            parts.rejected.add(row.line, str(problem), row.cells)
        else:
            if mapped is None:
                counts.left_out += 1
            else:
                wanted.append(mapped)
    return wanted


def _put(known: Sequence[KnownRow], parts: Parts, counts: Counts) -> None:
    """Each row into the one of four places where it belongs."""
    new, changed = [], []
    for each in known:
        if each.clashes_with is not None:
            words = CLASHES.format(line=each.clashes_with)
            parts.rejected.add(each.row.line, words, each.row.cells)
        elif each.same:
            counts.unchanged += 1
        elif each.report_id is None:
            new.append(each)
        else:
            changed.append(each)
    if parts.staging:
        parts.staging.add(new)
    updated = parts.updater.apply(changed)
    counts.created += len(new)
    counts.updated += updated.count(True)
    counts.unchanged += updated.count(False)


def _finish(run: ImportRun, spec: ImportSpec, counts: Counts, rejected: RejectedRows) -> None:
    for name, count in counts.as_dict().items():
        setattr(run, f"rows_{name}", count)
    run.state = ImportState.CHECKED if run.dry_run else ImportState.DONE
    run.problem, run.finished_at = "", timezone.now()
    if old := run.rejected_file.name:  # of the dry run before
        transaction.on_commit(partial(run.rejected_file.storage.delete, old))
    run.rejected_file = ""
    if rejected.count:
        run.rejected_file.save("rejected.csv", File(rejected.finished()), save=False)
    try:
        run.save()
        record(
            "import.checked" if run.dry_run else "import.ran",
            by=run.by, target=run, partner=run.source_partner, system=spec.system, counts=counts.as_dict(),
        )  # fmt: skip
    except Exception:
        # The database forgets the run; its file would lie there for ever.
        run.rejected_file.delete(save=False)
        raise
