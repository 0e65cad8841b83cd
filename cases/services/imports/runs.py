"""An import from upload to result, as the pages and the worker drive it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from cases import tasks
from cases.enums import ImportState
from cases.models import ImportMapping, ImportRun
from cases.services.imports import reading
from cases.services.imports.mapping import ImportSpec, as_dict, read_layout
from cases.services.imports.refusals import CannotImport
from cases.services.imports.running import Counts, run_import
from csp.agencies.models import Partner, Partnership, User
from csp.audit.services import record
from csp.core import progress
from csp.core.storage import sha256_of
from csp.core.text import count
from csp.core.uploads import clean_name

UNDER_WAY = (ImportState.QUEUED, ImportState.RUNNING)
ENDED = (ImportState.CHECKED, ImportState.DONE)


class CannotStart(CannotImport): ...


@transaction.atomic
def receive(
    *, partnership: Partnership, source_partner: Partner, file: Any, by: User, at: dt.datetime
) -> ImportRun:
    """Keep an uploaded file until its columns are chosen. Its form has looked at what it is."""
    if partnership.receiving_partner is None:
        raise CannotImport(f"{partnership} has no team that receives reports yet. Ask your administrator")
    run = ImportRun(
        partnership=partnership,
        lead=partnership.receiving_partner,
        source_partner=source_partner,
        by=by,
        at=at,
        file_name=clean_name(file.name)[:200],
        file_sha256=sha256_of(file),
    )
    run.file.save(run.file_name, file, save=False)
    try:
        run.save(force_insert=True)
        record("import.received", by=by, target=run, partner=source_partner, size=file.size)
    except Exception:
        run.file.delete(save=False)
        raise
    return run


@transaction.atomic
def choose_mapping(*, run: ImportRun, spec: ImportSpec, by: User, at: dt.datetime) -> ImportRun:
    """Say how the columns become reports. What an earlier dry run found holds no more."""
    current = _idle(run)
    current.spec, current.state, current.dry_run, current.problem = (
        as_dict(spec),
        ImportState.MAPPING,
        False,
        "",
    )
    current.save(update_fields=["spec", "state", "dry_run", "problem"])
    if spec.name:
        ImportMapping.objects.update_or_create(
            partnership=current.partnership,
            name=spec.name,
            defaults={"spec": current.spec, "saved_by": by, "saved_at": at},
        )
    record("import.mapped", by=by, target=current, system=spec.system)
    return current


@transaction.atomic
def read_again(*, run: ImportRun, layout: Mapping[str, Any]) -> ImportRun:
    """Read the file in another way. Its columns have to be chosen again. Raises `CannotRead`."""
    current = _idle(run)
    with current.file.open("rb") as file:
        asked = reading.detect(file, max_bytes=settings.IMPORT_MAX_BYTES, asked=read_layout(layout))
        reading.refuse_without_rows(file, asked)
    current.spec, current.state = {"file": dict(layout)}, ImportState.MAPPING
    current.save(update_fields=["spec", "state"])
    return current


@transaction.atomic
def start(*, run: ImportRun, dry: bool, by: User, at: dt.datetime) -> ImportRun:
    """Have a worker bring the file in, or with `dry` only look at it."""
    current = _idle(run)
    if not current.spec.get("columns"):
        raise CannotStart("Choose what the columns hold first")
    verb = "Check" if dry else "Import"
    work = progress.queue(
        tasks.run_import, kind="import", title=f"{verb} {current.file_name}", by=by, run_id=current.pk
    )
    current.dry_run, current.state, current.progress = dry, ImportState.QUEUED, work
    current.by, current.at, current.problem, current.finished_at = by, at, "", None
    current.save(update_fields=["dry_run", "state", "progress", "by", "at", "problem", "finished_at"])
    return current


def _idle(run: ImportRun) -> ImportRun:
    """The run, locked, if nothing is done with it at the moment."""
    current = ImportRun.objects.select_related("partnership").select_for_update(of=("self",)).get(pk=run.pk)
    if current.state in UNDER_WAY:
        raise CannotStart("This import is under way already")
    if current.state == ImportState.DONE:
        raise CannotStart("This file has been imported. To import it again, upload it again")
    return current


def carry_out(*, run_id: int, bar: progress.Bar) -> None:
    """The worker's part: everything or nothing, however often it is tried."""
    ImportRun.objects.filter(pk=run_id).exclude(state__in=ENDED).update(state=ImportState.RUNNING)
    run = None
    try:
        with transaction.atomic():
            # Held to the end, so that a second attempt waits and then finds it done.
            run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run_id)
            if run.state in ENDED:
                return
            with run.file.open("rb") as file:
                counts = run_import(run=run, file=file, bar=bar)
            bar.finish(message=in_words(counts), result_url=page_of(run), result_text="See what came of it")
    except progress.TakenOver:
        raise
    except Exception as problem:
        _fail(run_id, str(problem) if isinstance(problem, CannotImport) else progress.WENT_WRONG)
        raise


@transaction.atomic
def run_at_once(
    *,
    partner: Partner,
    file: IO[bytes],
    file_name: str,
    spec: ImportSpec,
    layout: Mapping[str, Any],
    max_bytes: int,
    dry: bool,
    by: User | None,
    at: dt.datetime,
) -> ImportRun:
    """Without a page: from a file that stays where it is. `layout` goes before what the mapping says."""
    if partner.partnership.receiving_partner is None:
        raise CannotImport(f"{partner.partnership} has no team that receives reports yet")
    spec = replace(spec, layout=replace(spec.layout, **layout))
    with reading.unpacked(file, max_bytes=max_bytes) as table:
        run = ImportRun.objects.create(
            partnership=partner.partnership,
            lead=partner.partnership.receiving_partner,
            source_partner=partner,
            by=by,
            at=at,
            file_name=clean_name(file_name)[:200],
            file_sha256=sha256_of(table),
            spec=as_dict(spec),
            dry_run=dry,
        )
        run_import(run=run, file=table)
    return run


def counts_of(run: ImportRun) -> Counts:
    return Counts(**{name: getattr(run, f"rows_{name}") for name in Counts().as_dict()})


def _fail(run_id: int, problem: str) -> None:
    failed = ImportRun.objects.filter(pk=run_id).exclude(state__in=ENDED)
    failed.update(state=ImportState.FAILED, problem=problem)


def page_of(run: ImportRun) -> str:
    return reverse("imports:detail", args=[run.pk])


def in_words(counts: Counts) -> str:
    told = {name.replace("_", " "): n for name, n in counts.as_dict().items() if name != "read" and n}
    parts = ", ".join(f"{n:,} {name}" for name, n in told.items())
    return f"{count(counts.read, 'row')} read: {parts}"
