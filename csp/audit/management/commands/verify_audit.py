import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from csp.audit.verification import Verification, verify
from csp.core.text import count


class Command(BaseCommand):
    help = "Prove that no sealed event was changed, removed or added, and that the database still refuses to."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print what was found as JSON")
        parser.add_argument(
            "--expect",
            action="append",
            default=[],
            metavar="DAY=DIGEST",
            help="A seal noted down elsewhere, such as 2026-01-31=5f3a…. May be given several times",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify(dict(expectation(text) for text in options["expect"]))
        if options["json"]:
            self.stdout.write(json.dumps(found.as_json(), indent=2))
        if found.problems:
            raise CommandError(failure(found))
        if not options["json"]:
            self.stdout.write(summary(found))


def expectation(text: str) -> tuple[dt.date, str]:
    day, _, digest = text.partition("=")
    try:
        return dt.date.fromisoformat(day.strip()), digest.strip().lower()
    except ValueError as wrong:
        raise CommandError(f"{text!r} is not a seal. Write it like 2026-01-31=5f3a…") from wrong


def failure(found: Verification) -> str:
    first, *others = found.problems
    return f"{first} (and {count(len(others), 'more problem')})" if others else str(first)


def summary(found: Verification) -> str:
    if found.last is None:
        return f"No day is sealed yet. {count(found.unsealed, 'event')} waiting."
    return (
        f"{count(found.events, 'event')} of {count(found.days, 'sealed day')}: "
        "nothing was changed, removed or added. "
        f"{count(found.unsealed, 'event')} of the days since. "
        f"{count(found.unused_numbers, 'number')} never used, which undone inserts explain.\n"
        f"Last seal: {found.last.day}={found.last.digest}"
    )
