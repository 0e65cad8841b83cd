"""Evidence that an action was done. Both sides see it; one event for each file."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from csp.actions.models import Action, ActionFile
from csp.actions.services.updates import lock
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.keeping import all_or_none, keep
from csp.core.storage import sha256_of


@transaction.atomic
def add_files(*, action: Action, files: Sequence[Any], by: User, at: dt.datetime) -> list[ActionFile]:
    """Keep files with the action. The same file twice is kept once. Raises `UploadRefused`."""
    current = lock(action, None)
    had = set(current.files.values_list("sha256", flat=True))
    with all_or_none() as kept:
        for file in files:
            if (print_of := sha256_of(file)) in had:
                continue
            had.add(print_of)
            stored = keep(ActionFile(action=current, added_by=by, added_at=at), file)
            kept.append(stored)
            record(
                "action.evidence_added",
                by=by,
                target=current,
                partner=current.lead,
                file=stored.pk,
                kind=stored.content_type,
                size=stored.size,
            )
    return kept
