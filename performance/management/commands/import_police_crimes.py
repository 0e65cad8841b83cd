import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from csp.agencies.models import Partnership, User
from csp.core.errors import RuleBroken
from performance.services.police_import import Loaded, load_police_file


class Command(BaseCommand):
    help = (
        "Load street-level files of the police, CSV or packed with gzip, one month of one force in each. "
        "A file loaded twice changes nothing; a corrected file takes the place of its month."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", type=Path, nargs="+", metavar="file")
        parser.add_argument("--partnership", required=True, help="its short name, such as south-and-vale")
        parser.add_argument("--again", action="store_true", help="place the rows anew, after areas changed")
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.add_argument(
            "--rejected", type=Path, help="folder for files of rejected rows; by default where you are"
        )
        parser.add_argument("--by", default="", help="e-mail address of who loads them, for the record")

    def handle(self, *args: Any, **options: Any) -> None:
        partnership = Partnership.objects.filter(slug=options["partnership"]).first()
        if partnership is None:
            raise CommandError(f"There is no partnership {options['partnership']}")
        user = self.user(options["by"])
        facts = [self.load(path, partnership, user, options) for path in options["files"]]
        if options["json"]:
            self.stdout.write(json.dumps({"files": facts}))

    def load(
        self, path: Path, partnership: Partnership, user: User | None, options: dict[str, Any]
    ) -> dict[str, Any]:
        """Each file by itself: those before one that cannot be loaded stay."""
        try:
            with path.open("rb") as file:
                loaded = load_police_file(
                    partnership=partnership, file=file, name=path.name, by=user, at=timezone.now(),
                    again=options["again"],
                )  # fmt: skip
        except (RuleBroken, OSError) as problem:
            raise CommandError(f"{path}: {problem}") from problem
        facts = loaded.as_dict()
        if loaded.rejected:
            facts["rejected_file"] = str(self.keep_rejected(path, loaded, options["rejected"]))
        if not options["json"]:
            self.stdout.write(loaded.words())
            if loaded.rejected:
                self.stdout.write(f"  The rows that did not come in are in {facts['rejected_file']}")
        return facts

    def keep_rejected(self, path: Path, loaded: Loaded, folder: Path | None) -> Path:
        out = (folder or Path()) / f"{path.name.split('.')[0]}-rejected.csv"
        out.write_bytes(loaded.rejected)
        return out

    def user(self, email: str) -> User | None:
        if not email:
            return None
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {email}")
        return user
