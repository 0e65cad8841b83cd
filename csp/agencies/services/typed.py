"""What somebody typed and sent after their session had ended: kept for an hour, sealed, for them alone."""

import datetime as dt
import json
import secrets
from collections.abc import Iterable, MutableMapping
from dataclasses import asdict, dataclass
from typing import Any

from django.core.cache import cache

from csp.agencies.services.sealed import seal, unseal

SESSION_KEY = "typed"
KEPT_SECONDS = 60 * 60
LONGEST = 500_000  # characters: more than any form asks for
MOST = 5  # forms open in as many tabs when the session ended
NEVER_KEPT = {"csrfmiddlewaretoken", "submit"}


@dataclass(frozen=True)
class Typed:
    """One form as it was sent. Files and passwords are never in it."""

    user: int
    path: str
    fields: list[tuple[str, str]]
    at: str
    token: str = ""

    @property
    def words(self) -> list[tuple[str, str]]:
        """What a person would know again: the names of fields as words, and nothing that is empty."""
        named = [
            (name.replace("_", " ").replace("-", " ").capitalize(), value) for name, value in self.fields
        ]
        return [(name, value) for name, value in named if value.strip()]

    @property
    def moment(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.at)


def keep(
    session: MutableMapping[str, Any],
    *,
    user: int,
    path: str,
    fields: Iterable[tuple[str, str]],
    at: dt.datetime,
) -> bool:
    """Put it aside, where it holds any words. The session holds the key alone."""
    wanted = [
        (name, value) for name, value in fields if name not in NEVER_KEPT and "password" not in name.lower()
    ]
    text = json.dumps(asdict(Typed(user, path, wanted, at.isoformat())))
    if not any(value.strip() for _, value in wanted) or len(text) > LONGEST:
        return False
    token = secrets.token_urlsafe(16)
    cache.set(_cache_key(token), seal(text), KEPT_SECONDS)
    session[SESSION_KEY] = [*session.get(SESSION_KEY, []), [user, token]][-MOST:]
    return True


def kept_for(session: MutableMapping[str, Any], user: int) -> list[Typed]:
    """What this person sent, newest first. Nobody else's, even in the same browser."""
    tokens = [token for owner, token in session.get(SESSION_KEY, []) if owner == user]
    found = [(token, _read(token)) for token in reversed(tokens)]
    return [Typed(**{**facts, "token": token}) for token, facts in found if facts and facts["user"] == user]


def forget(session: MutableMapping[str, Any], token: str) -> None:
    cache.delete(_cache_key(token))
    session[SESSION_KEY] = [kept for kept in session.get(SESSION_KEY, []) if kept[1] != token]


def _read(token: str) -> dict[str, Any] | None:
    sealed = cache.get(_cache_key(token))
    text = unseal(sealed) if sealed else None
    return json.loads(text) if text else None


def _cache_key(token: str) -> str:
    return f"typed:{token}"
