"""A list of cases as a file: asked for on a page, written by a worker, kept for a week."""

import datetime as dt
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain, islice
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.urls import reverse

from cases import tasks
from cases.enums import ExportFormat
from cases.models import ExportFile
from cases.models.cases import CaseQuerySet
from cases.services.case_list import Wanted, find_cases
from cases.services.case_rows import rows_of
from csp.agencies.models import Partner, User
from csp.audit.services import exported
from csp.core import progress
from csp.core.errors import RuleBroken
from csp.core.spreadsheet import write_csv, write_ods
from csp.core.text import count
from csp.core.words import moment_words

KEPT = dt.timedelta(days=7)
AT_A_TIME = 500
HANDLING = (
    "Cut to what the person named here may see. Keep it where only your team can open it, "
    "do not pass it on, and delete it when you have used it."
)


class CannotExport(RuleBroken): ...


@transaction.atomic
def request_export(
    *,
    wanted: Wanted,
    words: str,
    columns: dict[str, str],
    file_format: str,
    partner: Partner,
    by: User,
    at: dt.datetime,
) -> ExportFile:
    """Have a worker write the list. What comes into the file is decided then, not now."""
    export = ExportFile.objects.create(
        owner=by,
        partnership=partner.partnership,
        partner=partner,
        format=file_format,
        wanted=asdict(wanted),
        words=words,
        columns=list(columns.items()),
        asked_at=at,
        expires_at=at + KEPT,
    )
    export.progress = progress.queue(
        tasks.write_export, kind="export", title="Export of cases", by=by, export_id=export.pk
    )
    export.save(update_fields=["progress"])
    return export


def carry_out(*, export_id: int, bar: progress.Bar, at: dt.datetime) -> None:
    """The worker's part. The file, the record of it and the end of the work are in together, or none is."""
    with transaction.atomic(), tempfile.TemporaryFile() as body:
        export = ExportFile.objects.select_for_update(of=("self",)).filter(pk=export_id).first()
        if export is None:
            raise CannotExport("This export is gone. Make it again from the list")
        if export.file:
            return
        if not ExportFile.objects.visible_to(export.owner).filter(pk=export.pk).exists():
            raise CannotExport("You no longer work where you asked for this. Ask for it where you work now")
        rows = _write(export, body, bar, at)
        body.seek(0)
        export.file.save(f"cases.{export.format}", File(body), save=False)
        try:
            export.rows = rows
            export.save(update_fields=["file", "rows"])
            exported(export.owner, "case", rows=rows, partnership=export.partnership, export=export.pk)
            bar.finish(
                message=count(rows, "case"),
                result_url=reverse("cases:export_file", args=[export.pk]),
                result_text="Download the file",
            )
        except Exception:
            export.file.delete(save=False)
            raise


def _write(export: ExportFile, body: IO[bytes], bar: progress.Bar, at: dt.datetime) -> int:
    cases = found(export, at)
    rows = cases.count()
    bar.expect(rows)
    head = [[line] for line in about(export, rows, at)]
    table = chain([[label for _, label in export.columns]], table_rows(export, at, bar))
    if export.format == ExportFormat.CSV:
        write_csv(body, chain([[line for (line,) in head]], table))
    else:
        write_ods(body, [("About this file", head), ("Cases", table)])
    return rows


def found(export: ExportFile, at: dt.datetime) -> CaseQuerySet:
    wanted = Wanted(**export.wanted)
    cases = find_cases(wanted, user=export.owner, partnership=export.partnership, at=at)
    return cases.order_by(*wanted.order)


def table_rows(export: ExportFile, at: dt.datetime, bar: progress.Bar) -> Iterator[list[str]]:
    """A few hundred cases at a time, read from a cursor that stays on the server."""
    cursor = found(export, at).iterator(chunk_size=AT_A_TIME)
    while some := list(islice(cursor, AT_A_TIME)):
        for row in rows_of(some, export.owner, at):
            yield [row.cell(name) for name, _ in export.columns]
        bar.advance(len(some))


def about(export: ExportFile, rows: int, at: dt.datetime) -> list[str]:
    """What stands at the head of the file: marking, who, when, of what, how many, how to handle it."""
    return [
        settings.MARKING,
        f"Made for {export.owner}, {export.partner}",
        moment_words(at),
        export.words,
        count(rows, "case"),
        HANDLING,
    ]


def delete_old_exports(*, at: dt.datetime) -> int:
    """Files whose week is over, and the note of them. The audit keeps that they were made."""
    old = list(ExportFile.objects.filter(expires_at__lte=at))
    for export in old:
        name, storage = export.file.name, export.file.storage
        export.delete()
        if name:
            storage.delete(name)
    return len(old)
