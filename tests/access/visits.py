"""Opening addresses as somebody, with what that wrote into the database. Nothing of it stays."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.urls import reverse
from pypdf import PdfReader

from csp.audit.models import Event
from tests.access.addresses import address, body
from tests.access.world import World, make_world

OK, MOVED, SIGN_IN, FORBIDDEN, MISSING = "ok", ">>", "in", "no", "--"
WRITTEN = """
SELECT relname, rows FROM pg_class, LATERAL (
    SELECT pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
        + pg_stat_get_xact_tuples_deleted(oid) AS rows
) AS counted
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND rows > 0
"""
"""What `pg_stat_xact_user_tables` counts, ten times as fast: it is asked twice at each visit."""


@dataclass(frozen=True)
class Visit:
    status: int
    location: str
    content: bytes
    kind: str
    written: frozenset[str]
    """Tables with a row that was inserted, changed or deleted, by triggers too."""
    verbs: frozenset[str]

    @property
    def code(self) -> str:
        if self.status == 302:
            return SIGN_IN if self.location.startswith(reverse("account_login")) else MOVED
        return {200: OK, 204: OK, 403: FORBIDDEN, 404: MISSING}.get(self.status, str(self.status))

    @cached_property
    def text(self) -> str:
        if self.kind == "application/pdf":
            return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(self.content)).pages)
        return self.content.decode("utf-8", errors="replace").replace("&#x27;", "'")


@dataclass
class Visits:
    """Remembers each, since several tests ask about the same one."""

    world: World
    made: dict[tuple[str, str, str], Visit] = field(default_factory=dict)

    def __call__(self, name: str, method: str, role: str) -> Visit:
        key = (name, method, role)
        if key not in self.made:
            data = body(name, self.world) if method == "POST" else {}
            self.made[key] = self.visit(method, address(name, self.world), role, data)
        return self.made[key]

    def visit(self, method: str, path: str, role: str, data: dict | None = None) -> Visit:
        """Always as if it were the first: neither the database nor the cache remembers the one before."""
        cache.clear()
        client = self.world.client(role)
        send = getattr(client, method.lower())
        with undone():
            before, newest = written(), newest_event()
            response = send(path, data or {})
            content = content_of(response)
            after = written()
            verbs = Event.objects.filter(pk__gt=newest).values_list("verb", flat=True)
            return Visit(
                status=response.status_code,
                location=response.headers.get("Location", ""),
                content=content,
                kind=response.headers.get("Content-Type", "").partition(";")[0],
                written=frozenset(name for name in after if after[name] != before.get(name)),
                verbs=frozenset(verbs),
            )


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def a_world() -> Iterator[World]:
    with undone():
        yield make_world()


def content_of(response: HttpResponseBase) -> bytes:
    """Reading a file to its end closes it, as the server would."""
    return b"".join(response) if response.streaming else response.content


def written() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return dict(cursor.fetchall())


def newest_event() -> int:
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
