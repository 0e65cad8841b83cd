"""Proving that sealed events are what they were: nothing changed, removed or added."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pgtrigger
from django.db import connection
from django.db.models import Max, Min

from csp.audit.models import Event, Seal
from csp.audit.seals import (
    MARK_BYTES,
    ONE_DAY,
    database_day,
    digest_of,
    leaves_of,
    marks_of,
    next_day_to_seal,
    read_marks,
)
from csp.core.calendar import start_of_day


@dataclass(frozen=True)
class Problem:
    what: str
    day: dt.date | None = None
    event: int | None = None

    def __str__(self) -> str:
        return f"{self.day}: {self.what}" if self.day else self.what

    def as_json(self) -> dict[str, Any]:
        return {"day": self.day and self.day.isoformat(), "event": self.event, "what": self.what}


@dataclass
class Verification:
    days: int = 0
    events: int = 0
    unsealed: int = 0
    unused_numbers: int = 0
    """Gaps between event numbers. An insert undone takes its number with it, so gaps prove nothing."""
    last: Seal | None = None
    problems: list[Problem] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "ok": not self.problems,
            "days": self.days,
            "events": self.events,
            "unsealed": self.unsealed,
            "unused_numbers": self.unused_numbers,
            "sealed_to": self.last and self.last.day.isoformat(),
            "digest": self.last and self.last.digest,
            "problems": [problem.as_json() for problem in self.problems],
        }


def verify(expected: dict[dt.date, str] | None = None) -> Verification:
    """Recompute every seal. `expected` are digests noted down elsewhere, day by day.

    Somebody who may change everything could also make all seals from one day on anew. Only a digest kept
    outside this database, in the log or on paper, shows that.
    """
    found = Verification(problems=[*trigger_problems()])
    previous: Seal | None = None
    wanted = dict(expected or {})
    for seal in Seal.objects.order_by("day").iterator(chunk_size=50):
        found.problems += seal_problems(seal, previous)
        if wanted.pop(seal.day, seal.digest) != seal.digest:
            found.problems.append(Problem("this is not the seal that was noted down elsewhere", seal.day))
        found.days, found.events, previous = found.days + 1, found.events + seal.count, seal
    found.last = previous
    found.problems += [Problem("the seal that was noted down elsewhere is gone", day) for day in wanted]
    found.problems += unsealed_problems()
    count_the_rest(found)
    return found


def seal_problems(seal: Seal, previous: Seal | None) -> Iterator[Problem]:
    if previous and seal.day != previous.day + ONE_DAY:
        yield Problem("this day has no seal", previous.day + ONE_DAY)
    if seal.previous_digest != (previous.digest if previous else ""):
        yield Problem("this seal does not follow from the one before it", seal.day)
    leaves = list(leaves_of(seal.day))
    touched = list(event_problems(seal, leaves))
    yield from touched
    stated = (seal.digest, bytes(seal.marks), seal.count)
    proper = (digest_of(seal.day, seal.previous_digest, leaves), marks_of(leaves), len(leaves))
    if stated != proper and not touched:
        yield Problem("the seal itself was changed", seal.day)


def event_problems(seal: Seal, leaves: list[tuple[int, bytes]]) -> Iterator[Problem]:
    """Which events differ from the seal's marks. The events alone say whether they match its digest."""
    if digest_of(seal.day, seal.previous_digest, leaves) == seal.digest:
        return
    sealed = read_marks(bytes(seal.marks))
    present = {number: leaf[:MARK_BYTES] for number, leaf in leaves}
    for number in sorted(sealed.keys() | present.keys()):
        if sealed.get(number) == present.get(number):
            continue
        done = "removed" if number not in present else "changed" if number in sealed else "added"
        yield Problem(f"event {number} was {done} after the day was sealed", seal.day, number)


def unsealed_problems() -> Iterator[Problem]:
    """Yesterday may still wait for its seal; older days may not, and nothing may lie before the first."""
    first = Seal.objects.order_by("day").first()
    if first:
        before = Event.objects.filter(at__lt=start_of_day(first.day)).order_by("at", "pk")
        for number in before.values_list("pk", flat=True)[:10]:
            yield Problem(f"event {number} was added before the first sealed day", first.day, number)
    due = next_day_to_seal()
    if due and due < database_day() - ONE_DAY:
        yield Problem("this day has no seal", due)


def trigger_problems() -> Iterator[Problem]:
    """The database must still refuse to change, remove or date events, and must still write row history."""
    bodies = function_bodies()
    for model, trigger in pgtrigger.registered():
        status, enabled = trigger.get_installation_status(model)
        # Between dollar signs: how the library decides to pass a trigger by, and what the trigger does.
        _, passes_by, _, does, *_ = trigger.compile(model).install_sql.split("$$")
        ours = (
            bodies.get("_pgtrigger_should_ignore") == passes_by
            and bodies.get(trigger.get_pgid(model)) == does
        )
        if status == "INSTALLED" and enabled and ours:
            continue
        off = "is switched off" if enabled is False else "is missing or not the one we ship"
        yield Problem(f"the trigger {trigger.name} of {model._meta.label} {off}")


def function_bodies() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, prosrc FROM pg_proc WHERE proname LIKE '%pgtrigger%'")
        return dict(cursor.fetchall())


def count_the_rest(found: Verification) -> None:
    after = Event.objects.all()
    if found.last:
        after = after.filter(at__gte=start_of_day(found.last.day + ONE_DAY))
    found.unsealed = after.count()
    span = Event.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if span["first"] is not None:
        found.unused_numbers = span["last"] - span["first"] + 1 - Event.objects.count()
