"""Writing down what happened, and who looked. Nothing else writes events."""

import datetime as dt
import re
import unicodedata
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from csp.audit.enums import kind_of
from csp.audit.models import Event
from csp.core.request import current_request_id

VERB = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z_]*")
ONCE_IN = dt.timedelta(minutes=10)
"""A page opened again, a list paged through: one event for as long as a person stays at it."""


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

    `verb` is `noun.past_tense`; its last word decides the kind of event. `partner` is the other partner
    concerned, if there is one. `detail` holds ids, counts and codes, never names or addresses.
    """
    if not VERB.fullmatch(verb):
        raise ValueError(f"{verb!r} is not a verb such as report.logged")
    by = by if getattr(by, "pk", None) else None
    partnership_id = partnership.pk if partnership else getattr(target, "partnership_id", None)
    partnership_id = partnership_id or _only_partnership(by)
    return Event.objects.create(
        verb=verb,
        kind=kind_of(verb),
        actor=by,
        actor_partner_id=acts_for(by, partnership_id),
        partnership_id=partnership_id,
        partner=partner,
        reference=getattr(target, "reference", "") or "",
        reason=reason,
        detail=detail,
        request_id=current_request_id(),
        **_pointer(target),
    )


def record_once(verb: str, *, by: Any, target: models.Model | None = None, **event: Any) -> Event | None:
    """Write the event unless the same person did exactly the same a few minutes ago."""
    detail = {
        name: value for name, value in event.items() if name not in {"partnership", "partner", "reason"}
    }
    lately = Event.objects.filter(
        actor=by,
        verb=verb,
        reason=event.get("reason", ""),
        detail=detail,
        at__gt=Now() - ONCE_IN,
        **_pointer(target),
    )
    if partnership := event.get("partnership"):
        lately = lately.filter(partnership=partnership)
    return None if lately.exists() else record(verb, by=by, target=target, **event)


def looked_at(user: Any, target: models.Model, reason: str = "", **detail: Any) -> Event | None:
    """The person opened the record. A new reason or detail, such as the level seen, is a new event."""
    return record_once(f"{target._meta.model_name}.viewed", by=user, target=target, reason=reason, **detail)


def searched(user: Any, what: str, text: str, *, hits: int, partnership: Any = None) -> Event | None:
    """The person searched for `text` among `what`, such as person or place.

    The words may be the name of somebody who is in no record at all, so they are not kept: only a keyed
    fingerprint, by which the auditor can ask whether a name was searched for, but nobody can list names.
    """
    return record_once(
        f"{what}.searched", by=user, partnership=partnership, words=fingerprint(text), hits=hits
    )


def printed(user: Any, target: models.Model, reason: str = "", **detail: Any) -> Event:
    return record(f"{target._meta.model_name}.printed", by=user, target=target, reason=reason, **detail)


def exported(user: Any, what: str, *, rows: int | None, partnership: Any, **detail: Any) -> Event:
    return record(f"{what}.exported", by=user, partnership=partnership, rows=rows, **detail)


def disclosed(user: Any, target: models.Model, *, to: Any, reason: str, **detail: Any) -> Event:
    """Something of the record went to the partner `to`, other than by a share, which records itself."""
    if not reason.strip():
        raise ValueError("A disclosure needs its reason")
    return record(
        f"{target._meta.model_name}.disclosed", by=user, target=target, partner=to, reason=reason, **detail
    )


def fingerprint(text: str, key: str = "") -> str:
    """Of the letters and figures alone, so that case, accents, blanks and hyphens make no difference."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if each.isalnum())
    made = salted_hmac("csp.audit.searched", bare, secret=key or settings.SECRET_KEY, algorithm="sha256")
    return made.hexdigest()[:24]


def fingerprints(text: str) -> list[str]:
    """Under today's key and those before it that are still kept."""
    return [fingerprint(text, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _pointer(target: models.Model | None) -> dict[str, Any]:
    if target is None:
        return {"target_type": "", "target_id": None}
    return {"target_type": target._meta.label_lower, "target_id": target.pk}


def _partners(by: Any) -> list[Any]:
    """Where the person sits. This room knows users only by what they can answer."""
    return [seat.partner for seat in getattr(by, "seats", ())]


def _only_partnership(by: Any) -> int | None:
    here = {partner.partnership_id for partner in _partners(by)}
    return here.pop() if len(here) == 1 else None


def acts_for(by: Any, partnership_id: int | None) -> int | None:
    """The partner for whom the person acts in this partnership; empty where they sit at two of them."""
    here = {partner.pk for partner in _partners(by) if partner.partnership_id == partnership_id}
    return here.pop() if len(here) == 1 else None
