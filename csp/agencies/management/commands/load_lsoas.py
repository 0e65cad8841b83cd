from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from csp.agencies.management.tally import add_output_options, show
from csp.agencies.services import gazetteer
from csp.core.errors import RuleBroken


class Command(BaseCommand):
    help = (
        "Load LSOAs with their wards and districts from a CSV file. Areas of partnerships stay as they are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        add_output_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            tally = gazetteer.load_lsoas(path=options["file"])
        except RuleBroken as problem:
            raise CommandError(str(problem)) from problem
        show(self.stdout, tally, options)
