"""One kind of event for many records at once, for work that writes thousands of rows."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

from csp.audit.enums import kind_of
from csp.audit.services import acts_for
from csp.core.request import current_request_id

INSERT = """
INSERT INTO audit_event (verb, kind, actor_id, actor_partner_id, partnership_id, partner_id, request_id,
    target_type, target_id, reference, reason, detail)
SELECT %s, %s, %s::bigint, %s::bigint, %s::bigint, %s::bigint, %s,
    %s, told.target_id, told.reference, told.reason, told.detail
FROM ({targets}) AS told (target_id, reference, reason, detail) ORDER BY told.target_id
"""


def record_each(
    verb: str,
    *,
    by: Any,
    model: type[models.Model],
    partnership: Any,
    partner: Any = None,
    targets: str,
    params: Sequence[Any] = (),
) -> int:
    """Write one event for each row of the query `targets`: id, reference, reason and detail."""
    told = [
        verb,
        str(kind_of(verb)),
        by.pk if by else None,
        acts_for(by, partnership.pk),
        partnership.pk,
        partner.pk if partner else None,
        current_request_id(),
        model._meta.label_lower,
    ]
    with connection.cursor() as cursor:
        cursor.execute(INSERT.format(targets=targets), [*told, *params])
        return cursor.rowcount
