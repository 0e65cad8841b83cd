import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from csp.agencies.models import Partnership
from csp.core.errors import RuleBroken
from performance.services.plan_import import Imported, import_plan
from performance.services.plan_reading import read_plan


class Command(BaseCommand):
    help = (
        "Import a partnership's plan from YAML. What the plan of that name has already stays as it is. "
        "docs/plan-format.md describes the file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--partnership", required=True, help="its short name, such as south-and-vale")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        partnership = Partnership.objects.filter(slug=options["partnership"]).first()
        if partnership is None:
            raise CommandError(f"There is no partnership {options['partnership']}")
        try:
            read = read_plan(options["file"].read_text(encoding="utf-8-sig"))
            done = import_plan(partnership=partnership, read=read, by=None, at=timezone.now())
        except UnicodeDecodeError as problem:
            raise CommandError("The file is not text in UTF-8. Save it again as that") from problem
        except (RuleBroken, OSError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(json.dumps(done.as_dict()) if options["json"] else "\n".join(words(done)))


def words(done: Imported) -> list[str]:
    news = {
        name: getattr(done, name) for name in ("priorities", "actions", "measures", "indicators", "links")
    }
    lines = [f"{'Made' if done.made else 'Was there already'}: {done.plan}"]
    lines.append("New: " + ", ".join(f"{number} {name}" for name, number in news.items()))
    if done.already:
        lines.append(f"Left as they are: {done.already} actions")
    lines += [
        f"Action {each['action']} refers to {each['ref']}, which is no other action of the plan"
        for each in done.refs_of_no_action
    ]
    lines += [f"Left as words, as it names no agency here clearly: {each}" for each in done.leads_as_words]
    return lines
