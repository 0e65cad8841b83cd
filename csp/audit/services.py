from typing import Any

from django.db import models

from csp.audit.models import Event
from csp.core.request import current_request_id


def record(
    verb: str,
    *,
    by: Any = None,
    target: models.Model | None = None,
    partnership: Any = None,
    partner: Any = None,
    reason: str = "",
    **detail: Any,
) -> Event:
    """Write one event, in the transaction of the change it tells of.

    `verb` is `noun.past_tense`. `detail` holds ids, counts and codes, never names or addresses.
    """
    if partnership is None and target is not None:
        partnership = getattr(target, "partnership", None)
    return Event.objects.create(
        verb=verb,
        actor=by,
        partnership=partnership,
        partner=partner,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=target.pk if target is not None else None,
        reference=getattr(target, "reference", "") or "",
        reason=reason,
        detail=detail,
        request_id=current_request_id(),
    )
