"""New reports: made ready row by row beside the table, then written all together.

The numbers in references go without gaps, so whoever logs a report waits while ours are taken. That is why
they are taken last, when nothing is left but to write.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from django.contrib.auth.models import Permission
from django.db import connection
from django.utils import timezone

from cases.enums import CallerKind, Channel
from cases.models import Category, ImportRun, Report
from cases.services.imports import copying, values
from cases.services.imports.callers import CallerBook
from cases.services.imports.matching import KnownRow
from cases.services.imports.triage import Triage
from csp.agencies.access import LEVEL_VERBS, codename
from csp.agencies.services.geography import Located, Locator
from csp.audit.bulk import record_each
from csp.core.references import REPORT, next_references

LONGEST_REFERENCE = 60
STAGE = """
DROP TABLE IF EXISTS staged_report, staged_category, staged_row;
CREATE TEMP TABLE staged_report (LIKE cases_report) ON COMMIT DROP;
CREATE TEMP TABLE staged_category (report_id bigint, category_id bigint) ON COMMIT DROP;
CREATE TEMP TABLE staged_row (report_id bigint, line int, written jsonb, notes text, person_id bigint)
    ON COMMIT DROP;
"""
COLUMNS = [str(field.column) for field in Report._meta.concrete_fields if field.column != "reference"]
WRITE_REPORTS = """
INSERT INTO cases_report (reference, {columns})
SELECT (%s::text[])[row_number() OVER (ORDER BY id)], {columns}
FROM staged_report WHERE id BETWEEN %s AND %s ORDER BY id
""".format(columns=", ".join(COLUMNS))
WRITE_CATEGORIES = """
INSERT INTO cases_report_categories (report_id, category_id)
SELECT report_id, category_id FROM staged_category WHERE report_id BETWEEN %s AND %s
"""
WRITE_PERMISSIONS = """
INSERT INTO cases_reportgrouppermission (content_object_id, group_id, permission_id)
SELECT id, %s, permission FROM staged_report CROSS JOIN unnest(%s::int[]) AS permission
WHERE id BETWEEN %s AND %s ORDER BY permission, id
"""
WRITE_ROWS = """
INSERT INTO cases_importedrow (report_id, run_id, line, written, notes)
SELECT report_id, %s, line, written, notes FROM staged_row WHERE report_id BETWEEN %s AND %s
"""
WRITE_CALLERS = """
INSERT INTO cases_reportperson (report_id, person_id, role, is_caller)
SELECT report_id, person_id, 'complainant', true FROM staged_row
WHERE person_id IS NOT NULL AND report_id BETWEEN %s AND %s
"""
CHECK_NOW = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"
"""Foreign keys are looked at with each batch: kept for the end, millions of checks would fill the memory."""
IMPORTED = """
SELECT report_id, reference, '', jsonb_build_object('run', %s, 'line', line)
FROM staged_row JOIN cases_report ON cases_report.id = report_id WHERE report_id BETWEEN %s AND %s
"""
ROUTED = """
SELECT id, reference, routed_because, '{}'::jsonb
FROM cases_report
WHERE id IN (SELECT id FROM staged_report WHERE routed_because <> '' AND id BETWEEN %s AND %s)
"""


class Staging:
    """The new reports of one run, inside its transaction."""

    def __init__(
        self, run: ImportRun, *, system: str, locator: Locator, categories: Iterable[Category]
    ) -> None:
        self.run, self.locator = run, locator
        self.categories = {category.code: category for category in categories}
        self.triage = Triage(run, self.categories)
        self.callers = CallerBook(run)
        self.batches: list[tuple[int, int, int]] = []
        self.blank = copying.bare_values(
            Report(
                partnership=run.partnership,
                lead=run.lead,
                source_partner=run.source_partner,
                channel=Channel.IMPORT,
                caller_kind=CallerKind.AGENCY,
                received_at=run.at,
                logged_by=run.by,
                logged_at=run.at,
                source_system=system,
                imported_by_run=run,
            )
        )
        with connection.cursor() as cursor:
            cursor.execute(STAGE)

    def add(self, known: Sequence[KnownRow]) -> None:
        if not known:
            return
        rows = [each.row for each in known]
        ids = copying.take_ids(Report, len(rows))
        places = self.locator.locate_many([values.whereabouts(row) for row in rows])
        people = self.callers.people_for([row.caller for row in rows])
        reports, kinds, imported = [], [], []
        for pk, each, place, person in zip(ids, known, places, people, strict=True):
            said = values.values_of(each.row, place, values.received_at(each.row, self.run.at))
            reports.append(self._report(pk, each, said, place))
            kinds += [(pk, self.categories[code].pk) for code in each.row.categories]
            written = values.prints_of(said, each.row.categories, each.row.caller)
            notes = "\n".join([*each.row.notes, *place.notes])
            imported.append(
                (pk, each.row.line, json.dumps(written | {values.CALLER_IS: person}), notes, person)
            )
        copying.copy("staged_report", list(self.blank), reports)
        copying.copy("staged_category", ("report_id", "category_id"), kinds)
        copying.copy("staged_row", ("report_id", "line", "written", "notes", "person_id"), imported)
        self.batches.append((ids[0], ids[-1], len(ids)))

    def _report(self, pk: int, each: KnownRow, said: dict[str, Any], place: Located) -> list[Any]:
        row = each.row
        own = {
            "id": pk,
            "status": row.status,
            "caller_kind": values.caller_kind(row),
            "source_key": each.key,
            "source_digest": each.digest,
            "source_reference": row.reference if len(row.reference) <= LONGEST_REFERENCE else "",
        }
        return list((self.blank | said | own | self.triage.of(pk, row, said, place)).values())

    @property
    def count(self) -> int:
        return sum(count for _, _, count in self.batches)

    def write(self) -> Iterator[int]:
        """Write them, batch by batch. Gives how many each time."""
        with connection.cursor() as cursor:
            for table, column in (("report", "id"), ("category", "report_id"), ("row", "report_id")):
                cursor.execute(f"CREATE INDEX ON staged_{table} ({column})")
                cursor.execute(f"ANALYZE staged_{table}")
            for first, last, count in self.batches:
                self._write(cursor, first, last, count)
                yield count
        self.triage.finish()

    def _write(self, cursor: Any, first: int, last: int, count: int) -> None:
        run = self.run
        year = timezone.localtime(run.at).year
        cursor.execute(
            WRITE_REPORTS, [next_references(run.partnership.code, REPORT, year, count), first, last]
        )
        cursor.execute(WRITE_PERMISSIONS, [run.lead.group_id, self.permissions, first, last])
        cursor.execute(WRITE_CATEGORIES, [first, last])
        cursor.execute(WRITE_CALLERS, [first, last])
        cursor.execute(WRITE_ROWS, [run.pk, first, last])
        record_each(
            "report.imported", by=run.by, model=Report, partnership=run.partnership,
            partner=run.source_partner, targets=IMPORTED, params=[run.pk, first, last],
        )  # fmt: skip
        record_each(
            "report.routed", by=None, model=Report, partnership=run.partnership,
            targets=ROUTED, params=[first, last],
        )  # fmt: skip
        cursor.execute(CHECK_NOW)

    @cached_property
    def permissions(self) -> list[int]:
        """The lead partner may do everything with them."""
        wanted = [codename(Report, level) for level in LEVEL_VERBS]
        rows = Permission.objects.filter(content_type__app_label="cases", codename__in=wanted)
        return list(rows.order_by("pk").values_list("pk", flat=True))
