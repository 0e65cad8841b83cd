import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from cases.models import Attachment, FurtherInformation, Report
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.storage import sha256_of
from csp.core.uploads import check_upload


@transaction.atomic
def attach(
    *,
    report: Report,
    files: Sequence[Any],
    by: User | None,
    at: dt.datetime,
    information: FurtherInformation | None = None,
) -> list[Attachment]:
    """Keep files with a report. If one of them is refused, none is kept."""
    kept: list[Attachment] = []
    try:
        for file in files:
            kept.append(_keep(report, file, by, at, information))
            record(
                "attachment.added",
                by=by,
                target=report,
                attachment=kept[-1].pk,
                kind=kept[-1].content_type,
                size=kept[-1].size,
            )
    except Exception:
        # The database forgets the rows; the files would lie there for ever.
        for attachment in kept:
            attachment.file.delete(save=False)
        raise
    return kept


def _keep(
    report: Report,
    file: Any,
    by: User | None,
    at: dt.datetime,
    information: FurtherInformation | None,
) -> Attachment:
    checked = check_upload(file)
    attachment = Attachment(
        report=report,
        further_information=information,
        name=checked.name,
        content_type=checked.kind.mime,
        size=checked.size,
        sha256=sha256_of(file),
        added_by=by,
        added_at=at,
    )
    attachment.file.save(f"file.{checked.kind.extension}", file, save=False)
    attachment.save(force_insert=True)
    return attachment
