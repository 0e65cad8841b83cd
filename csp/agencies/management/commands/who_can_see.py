import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from csp.agencies.access import find_record
from csp.agencies.services.visibility import Seen, is_restricted, who_can_see


class Command(BaseCommand):
    help = "Say who can see a record, how much of it, and why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", help="such as SV-R-26-000123")
        parser.add_argument("--json", action="store_true", help="Print it as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        reference = options["reference"].strip().upper()
        record = find_record(reference)
        if record is None:
            raise CommandError(f"There is no record {reference}")
        seen = who_can_see(record, timezone.now())
        if options["json"]:
            found = {"reference": record.reference, "restricted": is_restricted(record)}
            found |= {"partners": [each.as_dict() for each in seen]}
            self.stdout.write(json.dumps(found, indent=2))
            return
        if is_restricted(record):
            self.stdout.write(f"{record} is restricted: only the people named on it see it")
        for each in seen:
            self.stdout.write(in_words(each))


def in_words(seen: Seen) -> str:
    people = [
        f"  {seat.user.name} <{seat.user.email}>, {seat.get_role_display().lower()}"
        + (", opened it in an emergency" if seat.user_id in seen.emergency else "")
        for seat in seen.memberships
    ]
    return "\n".join([f"{seen.partner}: {seen.level.label}. {seen.why}", *(people or ["  Nobody there now"])])
