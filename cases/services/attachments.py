"""Keeping files with a report."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from cases.models import Attachment, FurtherInformation, Report
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.keeping import all_or_none, keep


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
