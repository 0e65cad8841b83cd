from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from csp.agencies.management.tally import add_output_options, show
from csp.agencies.models import Partnership
from csp.agencies.services.area_tree import load_areas
from csp.core.errors import RuleBroken


class Command(BaseCommand):
    help = "Load LSOAs, wards and districts from a CSV file, and grow a partnership's areas from them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--partnership", required=True, help="its short name, such as south-and-vale")
        parser.add_argument(
            "--districts",
            default="",
            help="names or codes of its districts, with commas between; by default those it has already",
        )
        add_output_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        partnership = Partnership.objects.filter(slug=options["partnership"]).first()
        if partnership is None:
            raise CommandError(f"There is no partnership {options['partnership']}")
        districts = options["districts"].split(",") if options["districts"] else []
        try:
            tally, grown = load_areas(path=options["file"], partnership=partnership, districts=districts)
        except RuleBroken as problem:
            raise CommandError(str(problem)) from problem
        show(self.stdout, tally, options, areas=grown.as_dict())
