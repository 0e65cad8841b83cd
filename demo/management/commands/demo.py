import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from csp.agencies.models import Partnership
from demo import (
    casework,
    closure_orders,
    partner_data,
    partnerships,
    past_casework,
    performance,
    plan,
    reports,
    sign_ins,
    tasking,
    triage,
)


class Command(BaseCommand):
    help = (
        "Loads the demo partnerships into an empty database. Does nothing where a partnership exists already."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true", help="print what was loaded as JSON")
        parser.add_argument("--sign-ins", action="store_true", help="only print who can sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "The demo is loaded only with DEMO=1, so that it never reaches a real partnership"
            )
        if options["sign_ins"]:
            return self.stdout.write(sign_ins.as_text())
        if Partnership.objects.exists():
            return self._say(
                options, {"loaded": False}, "The database holds a partnership already: nothing loaded"
            )
        now = timezone.now()
        with transaction.atomic():
            south, west = partnerships.load(timezone.localdate(now))
            logged = reports.load(south, now)
            triage.load(south, logged, now)
            closure_orders.load(south)
            past_casework.load(south, now)
            casework.load(south, now)
            tasking.load(south, now)
            plan.load(south, now)
            partner_data.load(south, now)
            performance.load(south, now)
        return self._say(
            options,
            {"loaded": True, "partnerships": [south.slug, west.slug], "reports": len(logged)},
            f"Loaded {south} with {len(logged)} reports, and {west}",
        )

    def _say(self, options: dict[str, Any], facts: dict[str, Any], words: str) -> None:
        self.stdout.write(json.dumps(facts) if options["json"] else words)
