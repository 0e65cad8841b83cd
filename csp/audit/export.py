"""The record as a CSV file, written while it is read."""

import csv
import json
from collections.abc import Iterator

from csp.audit.models import EventQuerySet
from csp.audit.words import Line
from csp.core.calendar import LONDON
from csp.core.spreadsheet import safe_cell

MOST_ROWS = 50_000
"""More than a spreadsheet is read for. Narrower filters give the rest."""
HEAD = (
    "Number",
    "When",
    "Who",
    "Email",
    "For agency",
    "What happened",
    "Kind",
    "Reference",
    "Other agency",
    "Reason",
    "Detail",
    "Request",
)


class Echo:
    """A file that hands each line on instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def lines(events: EventQuerySet) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(HEAD)  # so that spreadsheets read it as UTF-8
    rows = events.select_related("actor", "actor_partner", "partner").newest_first()
    for event in rows.iterator(chunk_size=2000):
        line = Line.of(event)
        cells = (
            str(event.pk),
            event.at.astimezone(LONDON).isoformat(sep=" ", timespec="seconds"),
            str(event.actor or ""),
            event.actor.email if event.actor else "",
            str(event.actor_partner or ""),
            str(line),
            event.get_kind_display(),
            event.reference,
            str(event.partner or ""),
            event.reason,
            json.dumps(event.detail, ensure_ascii=False, sort_keys=True) if event.detail else "",
            event.request_id,
        )
        yield writer.writerow([safe_cell(cell) for cell in cells])
