import json
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from cases.models import ImportRun
from cases.services.imports import runs
from cases.services.imports.mapping import from_toml
from csp.agencies.models import Partner, Partnership, User
from csp.core.errors import RuleBroken


class Command(BaseCommand):
    help = (
        "Import reports from a CSV or Excel file, packed with gzip or not. All of it comes in, or nothing. "
        "docs/imports.md describes mappings."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--partnership", required=True, help="its short name, such as south-and-vale")
        parser.add_argument("--agency", required=True, help="the agency the file comes from, by name")
        parser.add_argument("--mapping", required=True, type=Path, help="how columns become reports, in TOML")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.add_argument("--delimiter", default="", help="found out from the file unless given")
        parser.add_argument("--encoding", default="", help="found out from the file unless given")
        parser.add_argument("--sheet", default="", help="of a workbook; its first unless given")
        parser.add_argument("--rejected", type=Path, help="where to write rejected rows")
        parser.add_argument("--by", default="", help="e-mail address of who imports, for the record")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            facts = self.bring_in(options)
        except (RuleBroken, OSError) as problem:
            raise CommandError(str(problem)) from problem
        if options["json"]:
            self.stdout.write(json.dumps(facts))
            return
        for name, value in facts.items():
            self.stdout.write(f"{name.replace('_', ' ').capitalize()}: {value}")

    def bring_in(self, options: dict[str, Any]) -> dict[str, Any]:
        spec = from_toml(options["mapping"].read_text(encoding="utf-8-sig"))
        layout = {name: options[name] for name in ("delimiter", "encoding", "sheet") if options[name]}
        with transaction.atomic(), options["file"].open("rb") as file:
            run = runs.run_at_once(
                partner=self.partner(options),
                file=file,
                file_name=options["file"].name,
                spec=spec,
                layout=layout,
                max_bytes=settings.IMPORT_MAX_BYTES,
                dry=options["dry_run"],
                by=self.user(options["by"]),
                at=timezone.now(),
            )
            facts: dict[str, Any] = runs.counts_of(run).as_dict()
            if run.rejected_file:
                facts["rejected_file"] = str(self.keep_rejected(run, options))
            transaction.set_rollback(options["dry_run"])
        return facts

    def partner(self, options: dict[str, Any]) -> Partner:
        partnership = Partnership.objects.filter(slug=options["partnership"]).first()
        if partnership is None:
            raise CommandError(f"There is no partnership {options['partnership']}")
        partners = partnership.partners.select_related("agency", "partnership__receiving_partner")
        wanted = options["agency"].casefold()
        for partner in partners:
            if wanted in (partner.name.casefold(), partner.agency.name.casefold()):
                return partner
        there = ", ".join(sorted(partner.agency.name for partner in partners))
        raise CommandError(f"{options['agency']} is not in this partnership. Its agencies are: {there}")

    def user(self, email: str) -> User | None:
        if not email:
            return None
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {email}")
        return user

    def keep_rejected(self, run: ImportRun, options: dict[str, Any]) -> Path:
        path: Path = options["rejected"] or Path(f"{options['file'].name.split('.')[0]}-rejected.csv")
        with run.rejected_file.open("rb") as file, path.open("wb") as out:
            shutil.copyfileobj(file, out)
        if options["dry_run"]:
            run.rejected_file.delete(save=False)
        return path
