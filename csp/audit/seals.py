"""Sealing each day's events, so that a later change cannot hide (docs/audit.md)."""

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Iterator
from typing import Any

from django.db import OperationalError, connection, transaction

from csp.audit.models import Event, Seal
from csp.core.calendar import local_day, start_of_day
from csp.core.errors import RuleBroken

logger = logging.getLogger(__name__)

SEALED_FIELDS = (
    "id",
    "at",
    "verb",
    "kind",
    "actor_id",
    "actor_partner_id",
    "partnership_id",
    "partner_id",
    "target_type",
    "target_id",
    "reference",
    "reason",
    "detail",
    "request_id",
)
ONE_DAY = dt.timedelta(days=1)
MARK_BYTES = 8
LOCK_WAIT = "2s"

Leaf = tuple[int, bytes]


class CannotSeal(RuleBroken): ...


def seal_up_to_yesterday() -> list[Seal]:
    """Seal every day that has none yet, the first event's day onwards, days without events included."""
    wait_for_open_events()
    made: list[Seal] = []
    while (day := next_day_to_seal()) is not None and day < database_day():
        made.append(seal_day(day=day))
    return made


def seal_day(*, day: dt.date) -> Seal:
    """Seal one past day, the next in line. Whoever seals at the same time waits."""
    if day >= database_day():
        raise CannotSeal(f"{day} is not over yet")
    wait_for_open_events()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE audit_seal IN SHARE ROW EXCLUSIVE MODE")
        previous = Seal.objects.order_by("-day").first()
        if previous and day != previous.day + ONE_DAY:
            raise CannotSeal(f"{previous.day + ONE_DAY} is the next day to seal, not {day}")
        before = previous.digest if previous else ""
        leaves = list(leaves_of(day))
        seal = Seal.objects.create(
            day=day,
            count=len(leaves),
            marks=marks_of(leaves),
            digest=digest_of(day, before, leaves),
            previous_digest=before,
        )
    # Kept by whoever collects the log, outside the reach of who can change this database.
    logger.info("Sealed %s: %s events, %s", day, seal.count, seal.digest)
    return seal


def wait_for_open_events() -> None:
    """Return once every event dated before now is committed, or was undone.

    An event takes its moment while it holds the table's lock, which its transaction keeps to the end. So
    whoever gets a conflicting lock knows that nothing older can still come in, and need not keep it. Others
    queue behind us meanwhile, so a transaction that takes long is not waited for: better to seal later.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout')")
            (usual,) = cursor.fetchone()
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_WAIT])
            cursor.execute("LOCK TABLE audit_event IN SHARE MODE")
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [usual])
    except OperationalError as waited:
        raise CannotSeal("Events are still being written. Seal again in some minutes") from waited


def next_day_to_seal() -> dt.date | None:
    if last := Seal.objects.order_by("-day").first():
        return last.day + ONE_DAY
    first = Event.objects.order_by("at").values_list("at", flat=True).first()
    return local_day(first) if first else None


def database_day() -> dt.date:
    """Today in London by the clock that dates the events."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return local_day(cursor.fetchone()[0])


def leaves_of(day: dt.date) -> Iterator[Leaf]:
    """Number and hash of each event of the day, in the order of their numbers."""
    events = Event.objects.filter(at__gte=start_of_day(day), at__lt=start_of_day(day + ONE_DAY))
    for row in events.order_by("pk").values(*SEALED_FIELDS).iterator(chunk_size=5000):
        yield row["id"], hashlib.sha256(canonical(row)).digest()


def canonical(row: dict[str, Any]) -> bytes:
    """The one way to write an event down: JSON, sorted keys, no blanks, UTC to the microsecond."""
    plain = row | {"at": row["at"].astimezone(dt.UTC).isoformat(timespec="microseconds")}
    return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()


def digest_of(day: dt.date, previous_digest: str, leaves: list[Leaf]) -> str:
    whole = hashlib.sha256(f"{previous_digest}\n{day.isoformat()}\n".encode())
    for _, leaf in leaves:
        whole.update(leaf)
    return whole.hexdigest()


def marks_of(leaves: list[Leaf]) -> bytes:
    return b"".join(number.to_bytes(8, "big") + leaf[:MARK_BYTES] for number, leaf in leaves)


def read_marks(marks: bytes) -> dict[int, bytes]:
    step = 8 + MARK_BYTES
    each = (bytes(marks[at : at + step]) for at in range(0, len(marks), step))
    return {int.from_bytes(mark[:8], "big"): mark[8:] for mark in each}
