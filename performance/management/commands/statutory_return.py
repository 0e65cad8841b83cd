import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from csp.agencies.models import Partnership
from csp.core.calendar import Period
from performance.services.report_periods import is_quarter
from performance.services.statutory import case_reviews

RETURNS = {"case-reviews": case_reviews}
MISSING = "not recorded"


class Command(BaseCommand):
    help = "Print the figures that the law makes a partnership publish of a year."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=RETURNS, metavar="case-reviews", help="which return")
        parser.add_argument("--partnership", required=True, help="its short name, such as south-and-vale")
        parser.add_argument("--year", required=True, help="such as 2021-22, or 2021 where years are calendar")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        partnership = Partnership.objects.filter(slug=options["partnership"]).first()
        if partnership is None:
            raise CommandError(f"There is no partnership {options['partnership']}")
        found = RETURNS[options["name"]](partnership, self.year(options["year"], partnership))
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        self.stdout.write(f"Case reviews, {found['partnership']}, {found['year']}")
        for row in found["figures"]:
            self.stdout.write(f"{row['label']}: {MISSING if row['number'] is None else row['number']}")
        if found["note"]:
            self.stdout.write(found["note"])

    def year(self, name: str, partnership: Partnership) -> Period:
        try:
            year = Period.named(name)
        except ValueError as problem:
            raise CommandError(str(problem)) from problem
        if is_quarter(year):
            raise CommandError(f"{name} is a quarter. The return is of a year, such as {name[:7]}")
        if year.first.month != partnership.year_start:
            its = Period.year_of(year.first, partnership.year_start)
            raise CommandError(f"{partnership} counts years such as {its.name}, not {year.name}")
        return year
