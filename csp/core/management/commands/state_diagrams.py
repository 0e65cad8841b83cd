from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from csp.core.diagrams import state_machines


class Command(BaseCommand):
    help = "Draw docs/state-machines.md from the tables of allowed moves, or --check that it is not stale."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail where the file is stale"
        )

    def handle(self, *_args: Any, check: bool, **_options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "state-machines.md"
        drawn = state_machines()
        if not check:
            path.write_text(drawn, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != drawn:
            raise CommandError("docs/state-machines.md is stale: run `python manage.py state_diagrams`")
