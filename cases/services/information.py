import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from cases.models import FurtherInformation, Report
from cases.services.attachments import attach
from cases.services.texts import refuse_unstorable
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.errors import RuleBroken


class NothingToAdd(RuleBroken): ...


@transaction.atomic
def add_information(
    *,
    report: Report,
    text: str,
    by: User | None,
    at: dt.datetime,
    files: Sequence[Any] = (),
) -> FurtherInformation:
    """Add to a report later: by its team, by an agency that follows it, or by the caller (`by` is None).

    What comes from outside the team counts as unseen until the team says that it has read it.
    """
    refuse_unstorable("What you want to add", text)
    if not text.strip() and not files:
        raise NothingToAdd("Enter what you want to add, or choose a file")
    from_the_team = by is not None and report.lead_id in by.partner_ids
    added = FurtherInformation.objects.create(
        report=report, text=text, by=by, at=at, seen_at=at if from_the_team else None
    )
    attach(report=report, files=files, by=by, at=at, information=added)
    record("report.information_added", by=by, target=report, information=added.pk, files=len(files))
    return added


@transaction.atomic
def mark_seen(*, report: Report, by: User, at: dt.datetime) -> int:
    """The team has read what was added. Returns how many pieces were new."""
    pieces = report.further_information.filter(seen_at=None).update(seen_at=at)
    if pieces:
        record("report.information_read", by=by, target=report, pieces=pieces)
    return pieces
