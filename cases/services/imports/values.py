"""What a row makes of a report, part by part. A part is what a later file, or a person, changes as one."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cases.enums import CallerKind, Precision
from cases.models import Report
from cases.services.imports.rows import Caller, MappedRow
from cases.services.keys import email_key, name_key, phone_key
from csp.agencies.services.geography import Located, Whereabouts

PARTS: dict[str, tuple[str, ...]] = {
    "what_happened": ("what_happened",),
    "occurred": ("occurred_precision", "occurred_on", "occurred_at"),
    "received": ("received_at",),
    "location": ("location",),
    "where": ("postcode", "latitude", "longitude", "ward_id", "local_area_id"),
    "hate": ("hate", "hate_strands"),
    "contact": ("contact_method", "contact_when", "contact_avoid"),
    "subjects": ("subjects_known",),
}
CATEGORIES, CALLER, CALLER_IS = "categories", "caller", "caller_is"
LABELS = {
    "what_happened": "what happened",
    "occurred": "when it happened",
    "received": "when it was reported",
    "location": "the place in words",
    "where": "the place on the map",
    "hate": "hate",
    "contact": "how to contact the caller",
    "subjects": "who is doing it",
    CATEGORIES: "the kind of behaviour",
    CALLER: "the caller",
}


def whereabouts(row: MappedRow) -> Whereabouts:
    return Whereabouts(row.postcode, row.latitude, row.longitude, row.lsoa)


def values_of(row: MappedRow, located: Located, received_at: dt.datetime) -> dict[str, Any]:
    """Fields of the report as the row has them."""
    when = row.occurred
    return {
        "what_happened": row.what_happened,
        "occurred_precision": when.precision if when else Precision.UNKNOWN,
        "occurred_on": when.on if when else None,
        "occurred_at": when.at if when else None,
        "received_at": received_at,
        "location": row.location,
        "postcode": row.postcode,
        "latitude": located.latitude,
        "longitude": located.longitude,
        "ward_id": located.ward.pk if located.ward else None,
        "local_area_id": located.local_area.pk if located.local_area else None,
        "hate": row.hate,
        "hate_strands": list(row.hate_strands),
        "contact_method": row.contact_method,
        "contact_when": row.contact_when,
        "contact_avoid": row.contact_avoid,
        "subjects_known": row.subjects,
    }


def received_at(row: MappedRow, at: dt.datetime) -> dt.datetime:
    """When the partnership got it. Where the file does not say: now for what awaits triage, when it happened
    for what is only recorded, so that old incidents do not count as new ones.
    """
    if row.received:
        return row.received.moment
    if row.occurred and row.status != row.status.NEW:
        return row.occurred.moment
    return at


def caller_kind(row: MappedRow) -> CallerKind:
    return CallerKind.PERSON if row.caller else CallerKind.AGENCY


def prints_of(values: Mapping[str, Any], categories: tuple[str, ...], caller: Caller) -> dict[str, str]:
    """A short print of each part. Nobody can read what was said from it."""
    prints = {part: _print([values[name] for name in names]) for part, names in PARTS.items()}
    prints[CATEGORIES] = _print(sorted(categories))
    prints[CALLER] = _print([name_key(caller.name), phone_key(caller.phone), email_key(caller.email)])
    return prints


def prints_now(report: Report, categories: tuple[str, ...]) -> dict[str, str]:
    """The same of a report as it stands; its caller is compared by who they are."""
    values = {name: getattr(report, name) for names in PARTS.values() for name in names}
    return prints_of(values, categories, Caller())


def _print(values: list[Any]) -> str:
    return hashlib.blake2b(json.dumps(values, default=_plain).encode(), digest_size=6).hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    return str(value)
