import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from csp.agencies.enums import AgencyKind
from csp.agencies.services.founding import found_partnership
from csp.core.errors import RuleBroken


class Command(BaseCommand):
    help = "Add a partnership with its community safety team, and invite its first administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--name", required=True, help='such as "South and Vale Community Safety Partnership"'
        )
        parser.add_argument("--slug", required=True, help="its short name, such as south-and-vale")
        parser.add_argument("--code", required=True, help="opens every reference, such as SV")
        parser.add_argument("--agency", required=True, help="full name of the agency that runs the team")
        parser.add_argument(
            "--kind",
            choices=AgencyKind.values,
            default=AgencyKind.DISTRICT_COUNCIL,
            help="kind of that agency",
        )
        parser.add_argument("--team", default="Community Safety", help="what people call the team")
        parser.add_argument("--email", required=True, help="of the first administrator")
        parser.add_argument("--person", required=True, help="the name of the first administrator")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = ("name", "slug", "code", "agency", "kind", "team", "email", "person")
        try:
            partnership = found_partnership(**{key: options[key] for key in wanted}, at=timezone.now())
        except RuleBroken as problem:
            raise CommandError(str(problem)) from problem
        if options["json"]:
            said = {"partnership": partnership.name, "code": partnership.code, "invited": options["email"]}
            self.stdout.write(json.dumps(said))
            return
        self.stdout.write(f"{partnership} is there. An invitation is on its way to {options['email']}.")
