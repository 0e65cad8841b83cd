import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from csp.agencies.models import Partnership
from csp.core.calendar import Period
from performance.services.report_building import bytes_of
from performance.services.report_files import MAKERS
from performance.services.report_periods import is_quarter


class Command(BaseCommand):
    help = (
        "Write the report of a quarter or a year as PDF, JSON, CSV or ODS. One that is signed off comes as "
        "it was frozen, the same bytes each time; else the figures are as they are now."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--partnership", required=True, help="its short name, such as south-and-vale")
        parser.add_argument("--quarter", required=True, help="such as 2021-22-Q4, or 2021-22 for the year")
        parser.add_argument("--output", required=True, type=Path, help="a .pdf, .json, .csv or .ods file")
        parser.add_argument("--json", action="store_true", help="print what was written as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["output"])
        file_format = path.suffix.lower().removeprefix(".")
        if file_format not in MAKERS:
            raise CommandError(f"{path.name} is none of {', '.join(f'.{each}' for each in MAKERS)}")
        partnership = Partnership.objects.filter(slug=options["partnership"]).first()
        if partnership is None:
            raise CommandError(f"There is no partnership {options['partnership']}")
        period = self.period(options["quarter"], partnership)
        made = bytes_of(partnership, period, file_format, timezone.now())
        try:
            path.write_bytes(made.content)
        except OSError as problem:
            raise CommandError(f"{path} cannot be written: {problem.strerror}") from problem
        facts = {"file": str(path), "bytes": len(made.content), "frozen": made.frozen, "period": period.name}
        words = "as signed off" if made.frozen else "as the figures are now"
        self.stdout.write(json.dumps(facts) if options["json"] else f"Wrote {path}: {period.name}, {words}")

    def period(self, name: str, partnership: Partnership) -> Period:
        try:
            period = Period.named(name)
        except ValueError as problem:
            raise CommandError(str(problem)) from problem
        if period.first.month not in {(partnership.year_start + 3 * n - 1) % 12 + 1 for n in range(4)}:
            raise CommandError(f"{period.name} does not fit the years of {partnership}")
        year = Period.year_of(period.first, partnership.year_start)
        own = Period.quarter_of(period.first, partnership.year_start) if is_quarter(period) else year
        if own != period:
            raise CommandError(f"{partnership} counts years such as {year.name}, not {period.name}")
        return period
