"""Keeping files with a record. If one of several is refused, or what follows fails, none stays."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import transaction

from cases.models import Attachment, FurtherInformation, Report
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.models import StoredFile
from csp.core.storage import sha256_of
from csp.core.uploads import check_upload

F = TypeVar("F", bound=StoredFile)


@transaction.atomic
def attach(
    *,
    report: Report,
    files: Sequence[Any],
    by: User | None,
    at: dt.datetime,
    information: FurtherInformation | None = None,
) -> list[Attachment]:
    """Keep files with a report."""
    with all_or_none() as kept:
        for file in files:
            attachment = Attachment(report=report, further_information=information, added_by=by, added_at=at)
            kept.append(keep(attachment, file))
            record(
                "attachment.added",
                by=by,
                target=report,
                attachment=attachment.pk,
                kind=attachment.content_type,
                size=attachment.size,
            )
    return kept


@contextmanager
def all_or_none() -> Iterator[list[Any]]:
    """The database forgets the rows of what failed; the files would lie there for ever."""
    kept: list[Any] = []
    try:
        yield kept
    except Exception:
        for stored in kept:
            stored.file.delete(save=False)
        raise


def keep(stored: F, file: Any) -> F:
    """Check the file, and save it with its row, which knows already what it belongs to."""
    checked = check_upload(file)
    stored.name, stored.content_type, stored.size = checked.name, checked.kind.mime, checked.size
    stored.sha256 = sha256_of(file)
    stored.file.save(f"file.{checked.kind.extension}", file, save=False)
    stored.save(force_insert=True)
    return stored
