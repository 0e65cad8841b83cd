from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from csp.agencies.management.tally import add_output_options, show
from csp.agencies.services import gazetteer
from csp.core.errors import RuleBroken


class Command(BaseCommand):
    help = "Load postcodes with their centres and wards from a CSV file, packed with gzip or not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        add_output_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            tally = gazetteer.load_postcodes(path=options["file"])
        except RuleBroken as problem:
            raise CommandError(str(problem)) from problem
        show(self.stdout, tally, options)
